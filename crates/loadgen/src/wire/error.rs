//! What can go wrong on a wire.

use std::io;
use std::time::Duration;

/// Why a member is not, or no longer, on its wire.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// TCP failed.
    #[error("cannot connect: {0}")]
    Connect(#[source] io::Error),
    /// TCP ended or failed later.
    #[error("connection lost: {0}")]
    Lost(#[source] io::Error),
    /// The server answered the upgrade with plain HTTP.
    #[error("upgrade refused: {status}")]
    Refused {
        /// The status line, without the version.
        status: String,
        /// What `Retry-After` says.
        retry_after: Option<Duration>,
    },
    /// The server closed the WebSocket.
    #[error("closed with {code:?} {reason}")]
    Closed {
        /// The close code, if it said one.
        code: Option<u16>,
        /// The reason, if it said one.
        reason: String,
    },
    /// The server does not let the member in.
    #[error("join refused: {0}")]
    JoinRefused(String),
    /// A frame that no server may send.
    #[error("not a frame: {0}")]
    Frame(&'static str),
    /// A message that is none of the wire's.
    #[error("not a message: {0}")]
    Message(String),
    /// The server did not let the member in within this time.
    #[error("not in within {0:?}")]
    TimedOut(Duration),
}

impl WireError {
    #[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
    pub(super) fn message(error: impl ToString) -> Self {
        Self::Message(error.to_string())
    }
}
