//! Why a scenario could not be played.

use hdrhistogram::CreationError;
use tokio::task::JoinError;

use crate::chaos::{DaemonError, DatabaseError};
use crate::editing::EditingError;
use crate::fanout::FanoutError;
use crate::http::HttpError;
use crate::process::ProcessError;
use crate::server::ServerError;
use crate::wire::WireError;

/// Why a run could not begin or end. What the server does wrong in it is no error: the report tells.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The part about moving members failed.
    #[error(transparent)]
    Fanout(#[from] FanoutError),
    /// Somebody whom the scenario cannot do without did not get in.
    #[error("{who} did not get in: {source}")]
    Entry {
        /// Who.
        who: String,
        /// Why not.
        source: WireError,
    },
    /// A process could not be looked at.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A page could not be read.
    #[error("{page}: {source}")]
    Page {
        /// Its path.
        page: &'static str,
        /// Why not.
        source: HttpError,
    },
    /// The server did not start or end.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// The server that is to be broken did not start or end.
    #[error(transparent)]
    Daemon(#[from] DaemonError),
    /// Its database could not be looked at.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A document could not be opened.
    #[error(transparent)]
    Editing(#[from] EditingError),
    /// The histogram's bounds make none.
    #[error("histogram: {0:?}")]
    Histogram(CreationError),
    /// A task panicked.
    #[error("a task failed: {0}")]
    Task(#[from] JoinError),
    /// The server cannot play this.
    #[error("{0} cannot play this scenario")]
    Unplayable(String),
}
