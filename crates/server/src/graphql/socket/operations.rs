//! The operations that run on one socket: each id once, and not too many.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use async_graphql::{Data, Executor, Request, Response};
use collabd_protocol::{LimitHit, LimitName};
use futures_util::stream::BoxStream;

use super::ending::Violation;
use crate::admission::Purse;
use crate::auth::AuthError;
use crate::graphql::access::Caller;
use crate::graphql::api::{Api, alone};
use crate::graphql::error::{Code, response};

/// Operations on one socket at a time; more are answered with an error.
pub(crate) const MAX_OPERATIONS: usize = 10;

/// Executes the operations of one socket. Clones share the same set.
#[derive(Clone)]
pub(super) struct Operations {
    api: Api,
    /// Set once: with the upgrade, or with `connection_init`.
    caller: Arc<OnceLock<Caller>>,
    running: Arc<Running>,
    /// Who pays for them.
    purse: Option<Purse>,
}

/// Which operations have a place, each under its id with the number of its place.
#[derive(Default)]
struct Running {
    places: Mutex<Places>,
}

#[derive(Default)]
struct Places {
    by_id: HashMap<String, u64>,
    last: u64,
}

impl Running {
    fn places(&self) -> MutexGuard<'_, Places> {
        // Nothing that happens under the lock can panic half-way, so a poisoned one still guards whole places.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one operation, in the data of its request: given back when the library drops those.
struct Place {
    id: String,
    number: u64,
    running: Arc<Running>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let places = &mut self.running.places().by_id;
        // The client may have given the operation up and its id to another one.
        if places.get(&self.id) == Some(&self.number) {
            places.remove(&self.id);
        }
    }
}

impl Operations {
    pub(super) fn new(api: Api, caller: Option<Caller>, purse: Option<Purse>) -> Self {
        let caller = Arc::new(caller.map(OnceLock::from).unwrap_or_default());
        Self { api, caller, running: Arc::default(), purse }
    }

    /// Who uses the socket, as soon as that is known.
    pub(super) fn caller(&self) -> Option<&Caller> {
        self.caller.get()
    }

    /// From now on `caller` uses the socket, unless that was known before.
    pub(super) fn is_used_by(&self, caller: Caller) {
        self.caller.get_or_init(|| caller);
    }

    /// Gives the operation `id` a place, unless all are taken.
    ///
    /// # Errors
    /// [`Violation::Duplicate`] when an operation of this id runs.
    pub(super) fn admit(&self, id: &str, request: &mut Request) -> Result<(), Violation> {
        let mut places = self.running.places();
        if places.by_id.contains_key(id) {
            return Err(Violation::Duplicate(id.to_owned()));
        }
        if places.by_id.len() < MAX_OPERATIONS {
            places.last += 1;
            let number = places.last;
            places.by_id.insert(id.to_owned(), number);
            request.data.insert(Place { id: id.to_owned(), number, running: Arc::clone(&self.running) });
        }
        Ok(())
    }

    /// Takes the place of an operation that its client gives up: the next message may want it.
    pub(super) fn give_up(&self, id: &str) {
        self.running.places().by_id.remove(id);
    }
}

impl Executor for Operations {
    async fn execute(&self, request: Request) -> Response {
        self.api.execute(request).await
    }

    fn execute_stream(&self, mut request: Request, _: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        if let Some(purse) = &self.purse {
            request = request.data(purse.clone());
        }
        if request.data.contains_key(&TypeId::of::<Place>()) {
            match self.caller() {
                Some(caller) => self.api.execute_stream(request.data(caller.clone())),
                // Not reached: without a caller no connection is acknowledged.
                None => alone(response(Code::Unauthenticated, AuthError::Unauthenticated.to_string())),
            }
        } else {
            self.api.too_many(LimitHit::full(LimitName::GraphqlOperations, MAX_OPERATIONS))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::schema;

    fn operations() -> Operations {
        Operations::new(Api::new(schema::builder(false).finish()), None, None)
    }

    fn admitted(operations: &Operations, id: &str) -> Option<Request> {
        let mut request = Request::new("");
        operations.admit(id, &mut request).unwrap();
        request.data.contains_key(&TypeId::of::<Place>()).then_some(request)
    }

    #[test]
    fn a_place_is_free_again_when_its_operation_is_dropped() {
        let operations = operations();
        let mut running: Vec<_> =
            (0..MAX_OPERATIONS).map(|n| admitted(&operations, &n.to_string()).unwrap()).collect();
        assert!(admitted(&operations, "more").is_none());
        running.pop();
        assert!(admitted(&operations, "more").is_some());
    }

    #[test]
    fn an_id_is_free_again_at_once_when_its_client_gives_it_up() {
        let operations = operations();
        let first = admitted(&operations, "1").unwrap();
        let refused = operations.admit("1", &mut Request::new("")).unwrap_err();
        assert_eq!(refused, Violation::Duplicate("1".to_owned()));
        operations.give_up("1");
        let _second = admitted(&operations, "1").unwrap();
        // The library drops the first only now, which must not free the second's id.
        drop(first);
        operations.admit("1", &mut Request::new("")).unwrap_err();
    }
}
