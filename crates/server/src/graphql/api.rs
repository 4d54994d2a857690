//! The only way to the schema: documents are checked before, panics are caught and errors get their codes after.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, ServerError};
use collabd_core::Panics;
use collabd_protocol::LimitHit;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use tracing::error;

use super::document;
use super::error::{Code, limited, response, with_codes};
use super::schema::{self, Schema};
use crate::admission::LimitHits;
use crate::app::App;
use crate::socket::origins_are_checked;

/// Queries and mutations executed at a time. Each may ask the store for hundreds of lists, and whoever else needs
/// the store, the readiness probe included, waits behind them.
const MAX_AT_ONCE: usize = 8;

/// How long a client waits for an answer at most, its turn included. A store that takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Executes requests. Clones share the schema and the turns.
#[derive(Clone)]
pub(super) struct Api {
    schema: Schema,
    turns: Arc<Semaphore>,
    /// Are mutations executed over a socket, too?
    changes_over_sockets: bool,
    /// Counts the limits that queries meet; the schema alone has nothing to count with.
    hits: Option<LimitHits>,
    panics: Panics,
}

impl Api {
    /// The API of `app`, open about itself when the server runs for development.
    pub(super) fn of(app: &App) -> Self {
        let schema = schema::builder(app.config().listen.is_development()).data(app.clone());
        let changes_over_sockets = origins_are_checked(app.config());
        let hits = Some(app.admission().hits().clone());
        let panics = app.metrics().panics().clone();
        Self { changes_over_sockets, hits, panics, ..Self::new(schema.finish()) }
    }

    pub(super) fn new(schema: Schema) -> Self {
        let turns = Arc::new(Semaphore::new(MAX_AT_ONCE));
        Self { schema, turns, changes_over_sockets: false, hits: None, panics: Panics::default() }
    }

    /// Executes a query or mutation.
    pub(super) async fn execute(&self, request: Request) -> Response {
        let executing = async {
            match self.checked(request) {
                Ok((request, _)) => self.in_turn(request).await,
                Err(error) => Response::from_errors(vec![error]),
            }
        };
        let response = AssertUnwindSafe(executing).catch_unwind().await;
        response.map_or_else(|_| panicked(&self.panics), |response| self.finished(response))
    }

    /// The response with a code in every error, once the limits that resolvers have met are counted.
    fn finished(&self, response: Response) -> Response {
        if let Some(hits) = &self.hits {
            let met = response.errors.iter().filter_map(|error| error.source::<LimitHit>());
            met.for_each(|hit| hits.count(*hit));
        }
        with_codes(response)
    }

    /// The request with its document checked, and what kind of operation it is.
    fn checked(&self, mut request: Request) -> Result<(Request, Option<OperationType>), ServerError> {
        let document = document::parse(&request.query).inspect_err(|error| {
            if let (Some(hits), Some(hit)) = (&self.hits, error.limit()) {
                hits.count(hit);
            }
        })?;
        let kind = document::operation_type(&document, request.operation_name.as_deref());
        request.set_parsed_query(document);
        Ok((request, kind))
    }

    /// The answer to an operation that is one too many on its socket.
    pub(super) fn too_many(&self, hit: LimitHit) -> BoxStream<'static, Response> {
        if let Some(hits) = &self.hits {
            hits.count(hit);
        }
        let message = format!("this socket has {} operations, which is the limit", hit.max);
        alone(limited(Code::Overloaded, message, hit))
    }

    async fn in_turn(&self, request: Request) -> Response {
        let deadline = Instant::now() + PATIENCE;
        let Ok(Ok(_turn)) = timeout_at(deadline, self.turns.acquire()).await else {
            return response(Code::Overloaded, "too many requests at a time");
        };
        let executed = timeout_at(deadline, self.schema.execute(request)).await;
        executed.unwrap_or_else(|_| response(Code::Unavailable, "the store did not answer in time"))
    }

    /// Executes an operation that came over a socket. Mutations are refused there unless origins are checked: else a
    /// page of any origin may open a WebSocket, while its POST with JSON needs a permission that this server does not
    /// give.
    pub(super) fn execute_stream(&self, request: Request) -> BoxStream<'static, Response> {
        let (api, finishing) = (self.clone(), self.clone());
        let executing = async move {
            match api.checked(request) {
                // It takes no turn: it lasts, and asks nothing of the store.
                Ok((request, Some(OperationType::Subscription))) => api.schema.execute_stream(request),
                Ok((_, Some(OperationType::Mutation))) if !api.changes_over_sockets => {
                    alone(response(Code::BadRequest, "mutations are sent by POST /graphql"))
                }
                Ok((request, _)) => alone(api.in_turn(request).await),
                Err(error) => alone(Response::from_errors(vec![error])),
            }
        };
        AssertUnwindSafe(stream::once(executing).flatten())
            .catch_unwind()
            .map(move |response| {
                let panicked = |_| panicked(&finishing.panics);
                response.map_or_else(panicked, |response| finishing.finished(response))
            })
            .boxed()
    }
}

/// A stream of one response.
pub(super) fn alone(response: Response) -> BoxStream<'static, Response> {
    stream::once(async { response }).boxed()
}

/// The panic hook has told where it was; the request that met it is the only one that fails.
fn panicked(panics: &Panics) -> Response {
    panics.count("graphql");
    error!("graphql request panicked");
    response(Code::Internal, "internal error")
}

#[cfg(test)]
mod tests {
    use async_graphql::Value;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_waits_for_its_turn_but_not_for_ever() {
        let api = Api::new(schema::builder(false).finish());
        let turns = u32::try_from(MAX_AT_ONCE).unwrap();
        let taken = Arc::clone(&api.turns).acquire_many_owned(turns).await.unwrap();
        let started = Instant::now();
        let answer = api.execute(Request::new("{ __typename }")).await;
        let code = answer.errors[0].extensions.as_ref().and_then(|values| values.get("code"));
        assert_eq!((code, started.elapsed()), (Some(&Value::from("OVERLOADED")), PATIENCE));
        drop(taken);
        assert!(api.execute(Request::new("{ __typename }")).await.is_ok());
    }
}
