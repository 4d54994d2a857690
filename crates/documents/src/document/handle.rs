//! The way into a document: cheap to clone, bounded in waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use collabd_core::ask::{AskError, ask};
use collabd_core::progress::{Progress, Pulse};
use collabd_core::roster::Listed;
use collabd_protocol::LimitHit;
use collabd_protocol::ids::Incarnation;
use tokio::sync::{mpsc, watch};

use super::command::{Command, End};
use super::subscription::{SubscribeRequest, Subscription};
use crate::DocumentKey;
use crate::store::Sequence;
use crate::wire::WireError;

/// Why a document did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The document has ended; open it again.
    #[error("the document has been closed")]
    Closed,
    /// It did not answer within the patience.
    #[error("the document did not answer in time")]
    Overloaded,
    /// It cannot be read from the store now.
    #[error("the document cannot be read now")]
    Unavailable,
    /// As many documents are open, or as many clients in this one, as may be.
    #[error("the limit of {} is reached", .0.max)]
    Full(LimitHit),
    /// It broke down again and again and is closed for a while.
    #[error("the document broke down again and again and is closed for a while")]
    Quarantined {
        /// How long it is still closed.
        retry_after: Duration,
    },
}

/// Why an update of the server's own making is not in the document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It breaks a bound.
    #[error(transparent)]
    Refused(#[from] WireError),
    /// It builds on content that the document does not have.
    #[error("the update builds on content that the document does not have")]
    Missing,
    /// The document did not take it.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

/// A document's state at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// All of it as one Yjs update (v1).
    pub state: Bytes,
    /// The newest record of its log; what is not stored yet comes after it.
    pub through: Sequence,
}

/// Sends commands to one run of one document's actor.
#[derive(Debug, Clone)]
pub struct DocumentHandle {
    pub(super) key: DocumentKey,
    pub(super) incarnation: Incarnation,
    pub(super) patience: Duration,
    pub(super) open_patience: Duration,
    pub(super) inbox: mpsc::Sender<Command>,
    pub(super) end: watch::Sender<Option<End>>,
    /// Has this run ended because the document could not be read?
    pub(super) is_unreadable: Arc<AtomicBool>,
    pub(super) progress: Arc<Progress>,
}

impl DocumentHandle {
    /// Subscribes. What everybody announces and the question for the client's content are in the outbox when this
    /// returns. Waits until the document is loaded. Cancel-safe: a subscription whose caller went away is undone.
    ///
    /// # Errors
    /// [`DocumentError`]; nothing has happened then.
    pub async fn subscribe(&self, request: SubscribeRequest) -> Result<Subscription, DocumentError> {
        let request = Box::new(request);
        let asked = ask(&self.inbox, self.open_patience, |reply| Command::Subscribe { request, reply });
        asked.await.unwrap_or_else(|error| Err(self.error(error)))
    }

    /// The whole state.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub async fn export(&self) -> Result<Exported, DocumentError> {
        let asked = ask(&self.inbox, self.open_patience, |reply| Command::Export { reply });
        asked.await.unwrap_or_else(|error| Err(self.error(error)))
    }

    /// Takes an update, tells every subscriber, and returns once it is on disk.
    ///
    /// # Errors
    /// [`ImportError`]. After `Document(Overloaded)` it may be there nonetheless.
    pub async fn import(&self, update: Bytes) -> Result<(), ImportError> {
        let asked = ask(&self.inbox, self.open_patience, |reply| Command::Import { update, reply });
        asked.await.unwrap_or_else(|error| Err(self.error(error).into()))
    }

    fn error(&self, error: AskError) -> DocumentError {
        match error {
            AskError::Closed if self.is_unreadable.load(Ordering::Acquire) => DocumentError::Unavailable,
            error => error.into(),
        }
    }

    /// The document's pulse, if it has something to do.
    pub(crate) fn pulse(&self) -> Option<Pulse> {
        let waiting = self.inbox.max_capacity() - self.inbox.capacity();
        let pulse = self.progress.pulse("document", waiting, || self.key.to_string());
        pulse.map(|pulse| pulse.in_project(self.key.project))
    }

    /// Breaks the actor down, as only a bug would.
    #[cfg(test)]
    pub(crate) async fn panic(&self) {
        self.inbox.reserve().await.unwrap().send(Command::Panic);
    }

    /// Asks the actor to end, without waiting.
    pub(crate) fn end(&self, end: End) {
        self.end.send_replace(Some(end));
    }
}

impl Listed for DocumentHandle {
    type Key = DocumentKey;

    fn key(&self) -> DocumentKey {
        self.key.clone()
    }

    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    fn is_closed(&self) -> bool {
        self.inbox.is_closed()
    }
}

impl From<AskError> for DocumentError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Closed => Self::Closed,
            AskError::Overloaded => Self::Overloaded,
        }
    }
}
