//! What can go wrong for a client.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use collabd_protocol::codec::peer::PeerDecodeError;
use collabd_protocol::text::TextError;
use collabd_protocol::{Encoding, WireError};
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::http::{HeaderMap, StatusCode};

use super::{Closed, Event};

/// Why a client did not get what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TCP failed.
    #[error("cannot connect: {0}")]
    Connect(#[source] io::Error),
    /// The endpoint's options make no valid HTTP request.
    #[error("the endpoint makes no request: {0}")]
    Request(#[source] Box<WsError>),
    /// The server answered the upgrade with plain HTTP.
    #[error("upgrade refused: {0}")]
    Refused(Box<Refusal>),
    /// The WebSocket broke, on either side.
    #[error("websocket: {0}")]
    WebSocket(#[source] Box<WsError>),
    /// A frame that the encoding does not allow.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The server answered a join with an error.
    #[error("join refused: {}: {}", .0.code.name(), .0.message)]
    JoinRefused(Box<WireError>),
    /// A user id or name that the protocol does not allow.
    #[error("not a valid text: {0}")]
    Text(#[from] TextError),
    /// What was waited for did not come in time.
    #[error("nothing of what was waited for in {waited:?}; received {received}")]
    TimedOut {
        /// How long.
        waited: Duration,
        /// What came instead.
        received: Received,
    },
    /// The connection ended before what was waited for came.
    #[error("closed ({closed}) before what was waited for; received {received}")]
    Closed {
        /// How it ended.
        closed: Closed,
        /// What came instead.
        received: Received,
    },
}

impl ClientError {
    pub(super) fn timed_out(waited: Duration) -> Self {
        Self::TimedOut { waited, received: Received::default() }
    }
}

impl From<WsError> for ClientError {
    fn from(error: WsError) -> Self {
        Self::WebSocket(Box::new(error))
    }
}

/// A frame that must not come on a connection with this encoding.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// Not what the codec knows.
    #[error("{source}, in frame {frame:?}")]
    Undecodable {
        /// The codec's word.
        source: PeerDecodeError,
        /// The frame's beginning.
        frame: String,
    },
    /// Several messages in one frame, where the encoding allows one.
    #[error("{count} messages in one {encoding:?} frame")]
    NotOneMessage {
        /// The connection's encoding.
        encoding: Encoding,
        /// How many there were.
        count: usize,
    },
    /// A text frame on a binary encoding.
    #[error("a text frame of {length} bytes")]
    Text {
        /// Bytes of payload.
        length: usize,
    },
    /// A binary frame on a text encoding.
    #[error("a binary frame of {length} bytes")]
    Binary {
        /// Bytes of payload.
        length: usize,
    },
}

/// An HTTP answer where an upgrade was asked for.
#[derive(Debug)]
pub struct Refusal {
    /// The status, never 101.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// As much of the body as came with the headers.
    pub body: Bytes,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, String::from_utf8_lossy(&self.body))
    }
}

/// The last events that came while something else was waited for, for the reader of a failed test.
#[derive(Debug, Clone, Default)]
pub struct Received {
    total: usize,
    last: VecDeque<String>,
}

impl Received {
    /// Enough to see what happened; a room's cursor traffic would fill pages.
    const KEPT: usize = 16;
    /// Characters per event: a snapshot of a full room is of no use to a reader.
    const WIDTH: usize = 240;

    pub(super) fn note(&mut self, event: &Event) {
        self.total += 1;
        if self.last.len() == Self::KEPT {
            self.last.pop_front();
        }
        self.last.push_back(beginning(&format!("{event:?}"), Self::WIDTH));
    }

    /// How many events came.
    pub fn total(&self) -> usize {
        self.total
    }
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.total {
            0 => return f.write_str("nothing"),
            total if total > self.last.len() => {
                write!(f, "{total} events, the last {}:", self.last.len())?;
            }
            total => write!(f, "{total} events:")?,
        }
        self.last.iter().try_for_each(|event| write!(f, "\n  {event}"))
    }
}

/// At most `limit` bytes of `text`, cut at a character.
pub(super) fn beginning(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    format!("{}...", &text[..text.floor_char_boundary(limit)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use collabd_protocol::ServerMessage;

    #[test]
    fn only_the_last_events_are_kept_and_all_are_counted() {
        let mut received = Received::default();
        assert_eq!(received.to_string(), "nothing");
        for _ in 0..Received::KEPT + 5 {
            received.note(&Event::Message(ServerMessage::Pong));
        }
        assert_eq!(received.total(), 21);
        let shown = received.to_string();
        assert!(shown.starts_with("21 events, the last 16:"), "{shown}");
        assert_eq!(shown.matches("Pong").count(), Received::KEPT);
    }

    #[test]
    fn a_long_event_is_cut_at_a_character() {
        assert_eq!(beginning("aäb", 2), "a...");
        assert_eq!(beginning("aäb", 4), "aäb");
    }
}
