//! What to play.

use std::num::NonZeroU32;
use std::time::Duration;

use hdrhistogram::CreationError;
use tokio::task::JoinError;

use crate::editing::EditingError;
use crate::process::{ProcessError, descriptor_limit};

/// Descriptors that the process needs besides the clients' sockets: standard streams, runtime, servers, report.
const OTHER_DESCRIPTORS: u64 = 64;

/// One run of the scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many documents.
    pub documents: NonZeroU32,
    /// Clients in each document, all of whom type.
    pub clients: NonZeroU32,
    /// How many of a document's clients take in everything.
    pub applying: NonZeroU32,
    /// Keys that each client presses in a second.
    pub rate: NonZeroU32,
    /// Typing that is not measured: caches fill, code is compiled.
    pub warm_up: Duration,
    /// Typing that is measured.
    pub duration: Duration,
    /// How long the server has to unload the documents before its memory is looked at for the last time.
    pub unload: Duration,
}

/// Why a run could not begin or end.
#[derive(Debug, thiserror::Error)]
pub enum DocumentsError {
    /// The process may not open enough sockets.
    #[error("needs {needed} file descriptors, the limit is {limit}: raise it with ulimit -n")]
    TooFewDescriptors {
        /// What the plan needs.
        needed: u64,
        /// What the process may open.
        limit: u64,
    },
    /// A document's name that is none.
    #[error("document name: {0}")]
    Name(#[from] collabd_protocol::text::TextError),
    /// A process could not be looked at.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A document could not be opened to look at it.
    #[error(transparent)]
    Editing(#[from] EditingError),
    /// The histogram's bounds make none.
    #[error("histogram: {0:?}")]
    Histogram(CreationError),
    /// Not one client could open its document.
    #[error("nobody could open a document: {reason}")]
    NobodyCame {
        /// Why the first one could not.
        reason: String,
    },
    /// A client's task panicked.
    #[error("a client failed: {0}")]
    Client(#[from] JoinError),
}

impl Plan {
    /// Clients of all documents together.
    pub fn total_clients(&self) -> u32 {
        self.documents.get().saturating_mul(self.clients.get())
    }

    /// The time between two keys of one client.
    pub(super) fn period(&self) -> Duration {
        Duration::from_secs(1) / self.rate.get()
    }

    /// Keys that one client presses at most.
    pub(super) fn keys(&self) -> usize {
        let seconds = (self.warm_up + self.duration).as_secs() + 1;
        usize::try_from(seconds.saturating_mul(self.rate.get().into())).unwrap_or(usize::MAX)
    }

    /// Checks what can be known before the first connection.
    ///
    /// # Errors
    /// [`DocumentsError`] names what forbids the run.
    pub fn check(&self) -> Result<(), DocumentsError> {
        let needed = u64::from(self.total_clients()) + OTHER_DESCRIPTORS;
        match descriptor_limit()? {
            Some(limit) if limit < needed => Err(DocumentsError::TooFewDescriptors { needed, limit }),
            _ => Ok(()),
        }
    }
}
