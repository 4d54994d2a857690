//! What goes into one WebSocket message.

use bytes::Bytes;

/// The payload of one message on the socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Of a text frame; always UTF-8.
    Text(Bytes),
    /// Of a binary frame.
    Binary(Bytes),
}

impl Frame {
    /// What it holds.
    pub fn payload(&self) -> &Bytes {
        match self {
            Self::Text(payload) | Self::Binary(payload) => payload,
        }
    }

    /// Bytes of payload.
    pub fn len(&self) -> usize {
        self.payload().len()
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.payload().is_empty()
    }
}
