//! How messages become bytes and back: the only place that knows what is inside a frame.
//!
//! Server side: [`decode`] and [`decode_compact`] turn a client's frame into a [`ClientMessage`] or name what is
//! wrong with it; [`encode`] and [`encode_v1`] make one frame from one message; [`Batch`] holds several messages
//! encoded once, from which every receiver takes all but its own. [`peer`] is the other direction, for clients.

mod batch;
mod compact;
mod decode;
mod encoding;
mod frame;
pub mod peer;

use serde::Serialize;

pub use batch::{Batch, BatchBuilder};
pub use compact::holds_messages;
pub use decode::{DecodeError, decode};
pub use encoding::{Dialect, Encoding};
pub use frame::Frame;

use crate::client::ClientMessage;
use crate::server::ServerMessage;
use crate::v1::V1Message;

/// Decodes one binary frame of the compact form.
///
/// # Errors
/// [`DecodeError`] as for a text frame, and when it is not MessagePack as the protocol uses it.
pub fn decode_compact(frame: &[u8]) -> Result<ClientMessage, DecodeError> {
    compact::decode(frame)
}

/// One v2 message as one frame of `encoding`.
pub fn encode(message: &ServerMessage, encoding: Encoding) -> Frame {
    if encoding != Encoding::Compact {
        return Frame::Text(to_json(message).into());
    }
    let mut frame = compact::head(1);
    compact::write_message(&mut frame, message);
    Frame::Binary(frame.into())
}

/// One v1 message as one frame.
pub fn encode_v1(message: &V1Message) -> Frame {
    Frame::Text(to_json(message).into())
}

#[expect(clippy::expect_used, reason = "fails only on map keys that are no strings, and the wire has none")]
fn to_json(message: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(message).expect("wire types have string keys and serialisers that cannot fail")
}
