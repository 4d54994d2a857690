//! The two collaboration endpoints: which project is meant, and in which encoding.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use collabd_protocol::client::Token;
use collabd_protocol::codec::Dialect;
use collabd_protocol::{Encoding, ProjectId};
use serde::Deserialize;

use super::Connection;
use crate::app::App;
use crate::auth::{AuthError, bearer};
use crate::documents;
use crate::live::{Kind, Refused, Rights};
use crate::socket::{Terms, Upgrade, UpgradeError, count_refusal, offers};

/// The query of both collaboration endpoints.
#[derive(Debug, Deserialize)]
pub(crate) struct ProjectQuery {
    project_id: Option<String>,
}

/// The token beside it, which is read on the v1 path only, and only where a setting allows it.
#[derive(Debug, Deserialize)]
struct TokenQuery {
    token: Option<Token>,
}

type Project = Result<Query<ProjectQuery>, QueryRejection>;

/// `GET /ws/collaboration?project_id=N`: the v1 dialect.
pub(crate) async fn v1(
    State(app): State<App>,
    project: Project,
    request: Request,
) -> Result<Response, UpgradeError> {
    open(&app, project, request, Offer::of(Encoding::V1)).await
}

/// `GET /ws/collaboration/v2?project_id=N`: the v2 dialect, in the encoding that the subprotocol names.
pub(crate) async fn v2(
    State(app): State<App>,
    project: Project,
    request: Request,
) -> Result<Response, UpgradeError> {
    let offer = negotiate(request.headers()).inspect_err(|error| count_refusal(&app, *error))?;
    open(&app, project, request, offer).await
}

/// Every other method on these paths.
pub(crate) async fn wrong_method(State(app): State<App>) -> UpgradeError {
    count_refusal(&app, UpgradeError::Method);
    UpgradeError::Method
}

/// What goes over the socket.
#[derive(Debug, Clone, Copy)]
struct Offer {
    encoding: Encoding,
    /// Documents in binary frames.
    carries_documents: bool,
}

impl Offer {
    /// Batches of JSON in text frames and documents in binary ones.
    const DOCUMENTS: &str = "collab.v2.documents";
    /// Messages in the compact form and documents, both in binary frames.
    const COMPACT_DOCUMENTS: &str = "collab.v2.msgpack.documents";

    fn of(encoding: Encoding) -> Self {
        Self { encoding, carries_documents: false }
    }

    fn from_subprotocol(name: &str) -> Option<Self> {
        match name {
            Self::DOCUMENTS => Some(Self { encoding: Encoding::JsonBatch, carries_documents: true }),
            Self::COMPACT_DOCUMENTS => Some(Self { encoding: Encoding::Compact, carries_documents: true }),
            _ => Encoding::from_subprotocol(name).map(Self::of),
        }
    }

    fn subprotocol(self) -> Option<&'static str> {
        match self {
            Self { carries_documents: true, encoding: Encoding::Compact } => Some(Self::COMPACT_DOCUMENTS),
            Self { carries_documents: true, .. } => Some(Self::DOCUMENTS),
            Self { encoding, .. } => encoding.subprotocol(),
        }
    }
}

/// The first offer that the server takes; plain JSON when there is none.
fn negotiate(headers: &HeaderMap) -> Result<Offer, UpgradeError> {
    let mut offers = offers(headers).peekable();
    if offers.peek().is_none() {
        return Ok(Offer::of(Encoding::Json));
    }
    offers.find_map(Offer::from_subprotocol).ok_or(UpgradeError::Subprotocol(
        "collab.v2, collab.v2.batch, collab.v2.msgpack, collab.v2.documents and collab.v2.msgpack.documents",
    ))
}

/// The socket has one bound for texts and documents.
fn terms(app: &App, may_carry_documents: bool) -> Terms {
    let text = app.config().limits.max_message_bytes;
    if may_carry_documents {
        Terms::of_texts_and_documents(app, text.max(documents::largest_frame(app)))
    } else {
        Terms::of_texts(app, text)
    }
}

async fn open(app: &App, project: Project, request: Request, offer: Offer) -> Result<Response, UpgradeError> {
    let Offer { encoding, carries_documents } = offer;
    let project = project_of(project).inspect_err(|error| count_refusal(app, *error))?;
    let proof = proof(app, &request, encoding).map_err(UpgradeError::Auth);
    let proof = proof.inspect_err(|error| count_refusal(app, *error))?;
    let kind = match encoding.dialect() {
        Dialect::V1 => Kind::CollaborationV1,
        Dialect::V2 => Kind::CollaborationV2,
    };
    let rights = Arc::new(Rights::new(app, project, kind));
    if let Some(proof) = proof {
        let shown = rights.show(&proof).await.map_err(refused);
        shown.inspect_err(|error| count_refusal(app, *error))?;
    }
    let user = rights.profile().map(|profile| profile.user_id);
    let upgrade = Upgrade::of(app, request, offer.subprotocol(), user.as_ref())?;
    let terms = terms(app, carries_documents);
    let served = app.clone();
    Ok(upgrade.serve(app, terms, move |socket, permit| {
        Connection { app: served, project, encoding, carries_documents, rights, permit }.serve(socket)
    }))
}

/// The token or ticket that comes with the request. A client that has none here may show one when it joins.
fn proof(app: &App, request: &Request, encoding: Encoding) -> Result<Option<String>, AuthError> {
    if app.authority().is_open() {
        return Ok(None);
    }
    if let Some(token) = bearer(request.headers())? {
        return Ok(Some(token.to_owned()));
    }
    // In a query it is seen by whatever logs addresses on the way, so v2 clients say it in the join.
    if encoding != Encoding::V1 || !app.config().auth.query_token {
        return Ok(None);
    }
    let query = Query::<TokenQuery>::try_from_uri(request.uri()).map_err(|_| AuthError::Unauthenticated)?;
    Ok(query.0.token.map(|token| token.0))
}

fn refused(refused: Refused) -> UpgradeError {
    match refused {
        Refused::Auth(error) => UpgradeError::Auth(error),
        // Not reached: nobody has shown anything before.
        Refused::Stranger => UpgradeError::Auth(AuthError::Forbidden),
    }
}

fn project_of(query: Project) -> Result<ProjectId, UpgradeError> {
    let Query(ProjectQuery { project_id }) = query.map_err(|_| UpgradeError::Query)?;
    Ok(project_id.ok_or(UpgradeError::NoProject)?.parse()?)
}

/// The project that an address names.
#[cfg(any(test, fuzzing))]
pub(crate) fn project_in(address: &axum::http::Uri) -> Option<ProjectId> {
    let _ = Query::<TokenQuery>::try_from_uri(address);
    project_of(Query::try_from_uri(address)).ok()
}

/// Is there anything in what a client offers that the server speaks?
#[cfg(any(test, fuzzing))]
pub(crate) fn is_offer_taken(headers: &HeaderMap) -> bool {
    negotiate(headers).is_ok()
}
