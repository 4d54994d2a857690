//! What can go wrong for a client of documents.

use std::io;
use std::time::Duration;

use collabd_documents::wire::WireError;
use tokio_tungstenite::tungstenite::Error as WsError;

/// Why a client of a document ended.
#[derive(Debug, thiserror::Error)]
pub enum EditingError {
    /// TCP failed.
    #[error("cannot connect: {0}")]
    Connect(#[source] io::Error),
    /// The upgrade was refused or the WebSocket broke.
    #[error("websocket: {0}")]
    WebSocket(#[source] Box<WsError>),
    /// A message that the dialect does not have.
    #[error("message: {0}")]
    Message(#[from] WireError),
    /// An update that Yjs cannot read or apply.
    #[error("update: {0}")]
    Update(String),
    /// The server does not let this client in.
    #[error("the server refuses the client")]
    Refused,
    /// The server closed the connection.
    #[error("closed with {code:?} {reason}")]
    Closed {
        /// The close code, if there was a close frame.
        code: Option<u16>,
        /// The server's word.
        reason: String,
    },
    /// What was waited for did not come in time.
    #[error("no {what} within {waited:?}")]
    TimedOut {
        /// What was waited for.
        what: &'static str,
        /// How long.
        waited: Duration,
    },
}

impl From<WsError> for EditingError {
    fn from(error: WsError) -> Self {
        Self::WebSocket(Box::new(error))
    }
}
