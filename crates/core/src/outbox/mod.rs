//! What waits for one connection: a bounded queue that its producers never wait on (B1, B2).
//!
//! Two lanes share one order. Messages of the *reliable* lane are never dropped one by one, unless a newer one says
//! all that they say: when they overflow, the session is evicted. The *latest* lane holds cursor batches: when they
//! overflow, those of one document are dropped and the reader is told that it must catch up on it, so a slow reader
//! skips positions but ends with the newest. One order, because a cursor that overtook its user's leave would leave
//! a ghost.

mod lanes;
mod table;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use collabd_protocol::codec::Frame;
use collabd_protocol::{Batch, CloseCode, DocumentId, LimitHit, SessionId};
use tokio::sync::Notify;

use crate::limits::OutboxLimits;
use lanes::Lanes;
pub use lanes::{Drained, Entry};
use table::Listing;
pub use table::Outboxes;

/// Why and how a connection is to be closed by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goodbye {
    /// The close code.
    pub code: CloseCode,
    /// Tells the client not to come back sooner.
    pub retry_after: Option<Duration>,
    /// The limit that was reached, if that is why.
    pub limit: Option<LimitHit>,
}

impl From<CloseCode> for Goodbye {
    fn from(code: CloseCode) -> Self {
        Self { code, retry_after: None, limit: None }
    }
}

/// The outbox had no room; its session is to be closed with `slow_consumer`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overflow;

/// What became of a cursor batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflation {
    /// It waits its turn.
    Queued,
    /// The reader is behind: the document's waiting batches were dropped, it will catch up from a snapshot.
    FellBehind,
    /// The reader was behind already.
    Skipped,
}

/// The producers' end. Clones feed the same queue; no method waits.
#[derive(Debug, Clone)]
pub struct Outbox {
    shared: Arc<Shared>,
}

/// The connection's end.
#[derive(Debug)]
pub struct OutboxReader {
    shared: Arc<Shared>,
    /// Its place among all outboxes of the server, if it has one.
    _listing: Option<Listing>,
}

#[derive(Debug)]
struct Shared {
    lanes: Mutex<Lanes>,
    wake: Notify,
}

impl Shared {
    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        // The critical sections below cannot panic half-way, so a poisoned lock still guards whole lanes.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An empty outbox.
pub fn outbox(limits: OutboxLimits) -> (Outbox, OutboxReader) {
    outbox_with(limits, None)
}

fn outbox_with(limits: OutboxLimits, listing: Option<Listing>) -> (Outbox, OutboxReader) {
    let shared = Arc::new(Shared { lanes: Mutex::new(Lanes::new(limits)), wake: Notify::new() });
    (Outbox { shared: Arc::clone(&shared) }, OutboxReader { shared, _listing: listing })
}

impl Outbox {
    /// Queues one frame of the reliable lane.
    ///
    /// # Errors
    /// [`Overflow`] when there is no room: everything that waited is discarded and the reader is told to close
    /// with `slow_consumer`. After a close of any kind frames are accepted and discarded.
    pub fn push(&self, frame: Frame) -> Result<(), Overflow> {
        let pushed = self.shared.lanes().push(frame);
        self.shared.wake.notify_one();
        pushed
    }

    /// Queues one frame of the reliable lane that says everything about `document`: an older one that still waits is
    /// dropped for it, so that a crowd that comes in one by one does not evict those who are there already.
    ///
    /// # Errors
    /// As [`Outbox::push`].
    pub fn push_list(&self, document: &DocumentId, frame: Frame) -> Result<(), Overflow> {
        let pushed = self.shared.lanes().push_list(document, frame);
        self.shared.wake.notify_one();
        pushed
    }

    /// Queues one frame of the reliable lane that says everything about `client` of `document`: an older one
    /// that still waits is dropped for it.
    ///
    /// # Errors
    /// As [`Outbox::push`].
    pub fn push_awareness(&self, document: &DocumentId, client: u64, frame: Frame) -> Result<(), Overflow> {
        let pushed = self.shared.lanes().push_awareness(document, client, frame);
        self.shared.wake.notify_one();
        pushed
    }

    /// Bytes that wait, whichever lane they are in.
    fn waiting_bytes(&self) -> usize {
        self.shared.lanes().waiting_bytes()
    }

    /// Does so little wait that something large may be asked for, which would evict a reader that has not yet read
    /// the last?
    pub fn has_slack(&self) -> bool {
        self.shared.lanes().has_slack()
    }

    /// Queues a cursor batch of `document` for `receiver`, or drops those of it that wait.
    pub fn push_cursors(&self, document: &DocumentId, receiver: SessionId, batch: Arc<Batch>) -> Conflation {
        let conflation = self.shared.lanes().push_cursors(document, receiver, batch);
        self.shared.wake.notify_one();
        conflation
    }

    /// Asks the connection to flush what waits and close. The first goodbye wins; returns it.
    pub fn close(&self, goodbye: Goodbye) -> Goodbye {
        let first = self.shared.lanes().close(goodbye);
        self.shared.wake.notify_one();
        first
    }

    /// Asks the connection to close without sending what waits. The first goodbye wins.
    pub fn evict(&self, goodbye: Goodbye) {
        self.shared.lanes().evict(goodbye);
        self.shared.wake.notify_one();
    }
}

impl OutboxReader {
    /// Waits until there is something to write or a reason to close, and takes all of it. Cancel-safe.
    pub async fn next(&mut self) -> Drained {
        loop {
            // Registered before the look, so that a push between look and wait is not missed.
            let woken = self.shared.wake.notified();
            if let Some(drained) = self.shared.lanes().drain() {
                return drained;
            }
            woken.await;
        }
    }

    /// Waits until the connection is asked to close. Cancel-safe; takes nothing.
    pub async fn closing(&self) -> Goodbye {
        loop {
            let woken = self.shared.wake.notified();
            if let Some(goodbye) = self.shared.lanes().goodbye() {
                return goodbye;
            }
            woken.await;
        }
    }
}

#[cfg(test)]
mod tests;
