//! What a client reads.

use std::fmt;

use collabd_protocol::v1::V1Message;
use collabd_protocol::{Presence, ProjectId, ServerMessage, SessionId};
use jiff::Timestamp;

/// One thing that happened on the connection, in the order it was read.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A message of the v2 dialect.
    Message(ServerMessage),
    /// A message of the v1 dialect.
    V1(V1Message),
    /// The end; every later read gives it again.
    Closed {
        /// The peer's close code; `None` when it said none, or when TCP ended without a close frame.
        code: Option<u16>,
        /// The peer's reason, or how TCP ended.
        reason: String,
    },
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The peer's close code; `None` when it said none, or when TCP ended without a close frame.
    pub code: Option<u16>,
    /// The peer's reason, or how TCP ended.
    pub reason: String,
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code} {}", self.reason),
            None => write!(f, "no code, {}", self.reason),
        }
    }
}

impl From<Closed> for Event {
    fn from(Closed { code, reason }: Closed) -> Self {
        Self::Closed { code, reason }
    }
}

/// The first `bulk_presence` after a join (J3).
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The client's own session.
    pub session_id: SessionId,
    /// Everybody in the project, the client included.
    pub users: Vec<Presence>,
    /// The project as the server names it.
    pub project_id: ProjectId,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// Frames read from one connection, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FrameCounts {
    /// Text frames (whole messages, however fragmented).
    pub text: u64,
    /// Pings by the server; the WebSocket layer has answered them.
    pub pings: u64,
    /// Answers to [`Client::ping_frame`](super::Client::ping_frame).
    pub pongs: u64,
    /// Bytes of payload in the text frames.
    pub text_bytes: u64,
    /// Binary frames, likewise.
    pub binary: u64,
    /// Bytes of payload in the binary frames.
    pub binary_bytes: u64,
}
