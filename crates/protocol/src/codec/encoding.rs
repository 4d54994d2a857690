//! Dialects and encodings, and how a client chooses among them.

/// Which set of messages a client understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `/ws/collaboration`: the messages of [`V1Message`](crate::v1::V1Message).
    V1,
    /// `/ws/collaboration/v2`: the messages of [`ServerMessage`](crate::ServerMessage).
    V2,
}

/// How messages are put into frames for one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// The v1 dialect, one JSON object per text frame.
    V1,
    /// The v2 dialect, one JSON object per text frame.
    Json,
    /// The v2 dialect; a text frame holds one JSON object or an array of them, in order.
    JsonBatch,
    /// The v2 dialect; a binary frame holds MessagePack, in which moves are short.
    Compact,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 4] = [Self::V1, Self::Json, Self::JsonBatch, Self::Compact];

    /// A small number for tables with one entry per encoding.
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The encoding whose frames look the same when they hold one message.
    #[must_use]
    pub const fn of_one_message(self) -> Self {
        match self {
            Self::JsonBatch => Self::Json,
            other => other,
        }
    }

    /// Which messages this encoding carries.
    pub const fn dialect(self) -> Dialect {
        match self {
            Self::V1 => Dialect::V1,
            Self::Json | Self::JsonBatch | Self::Compact => Dialect::V2,
        }
    }

    /// The name in `Sec-WebSocket-Protocol`; v1 clients offer none.
    pub const fn subprotocol(self) -> Option<&'static str> {
        match self {
            Self::V1 => None,
            Self::Json => Some("collab.v2"),
            Self::JsonBatch => Some("collab.v2.batch"),
            Self::Compact => Some("collab.v2.msgpack"),
        }
    }

    /// The v2 encoding with this subprotocol name.
    pub fn from_subprotocol(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.subprotocol() == Some(name))
    }
}
