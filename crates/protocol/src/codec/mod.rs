//! How messages become bytes and back: the only place that knows what is inside a frame.
//!
//! Server side: [`decode`] turns a client's frame into a [`ClientMessage`](crate::ClientMessage) or names what is
//! wrong with it; [`encode`] and [`encode_v1`] make one frame from one message; [`Batch`] holds several messages
//! encoded once, from which every receiver takes all but its own. [`peer`] is the other direction, for clients.

mod batch;
mod decode;
mod encoding;
pub mod peer;

use bytes::Bytes;
use serde::Serialize;

pub use batch::{Batch, BatchBuilder};
pub use decode::{DecodeError, decode};
pub use encoding::{Dialect, Encoding};

use crate::server::ServerMessage;
use crate::v1::V1Message;

/// One v2 message as one frame's payload.
pub fn encode(message: &ServerMessage) -> Bytes {
    to_json(message).into()
}

/// One v1 message as one frame's payload.
pub fn encode_v1(message: &V1Message) -> Bytes {
    to_json(message).into()
}

#[expect(clippy::expect_used, reason = "fails only on map keys that are no strings, and the wire has none")]
fn to_json(message: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(message).expect("wire types have string keys and serialisers that cannot fail")
}
