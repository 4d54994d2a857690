//! How many WebSockets may be open, and the guard that gives a place back whichever way a connection ends.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places for WebSockets of one server.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionPermits {
    places: Arc<Semaphore>,
    limit: usize,
}

/// One place. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct ConnectionPermit {
    _place: OwnedSemaphorePermit,
}

impl ConnectionPermits {
    pub(crate) fn new(limit: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(limit)), limit }
    }

    /// A place, if there is one.
    pub(crate) fn take(&self) -> Option<ConnectionPermit> {
        Arc::clone(&self.places).try_acquire_owned().ok().map(|place| ConnectionPermit { _place: place })
    }

    /// Places there are in all.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Places taken now.
    pub(crate) fn taken(&self) -> usize {
        self.limit - self.places.available_permits()
    }
}
