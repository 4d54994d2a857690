//! The client's side of the codec, for clients written in Rust.

use serde::Deserialize;
use serde::de::Error as _;
use serde_json::value::RawValue;

use super::to_json;
use crate::client::ClientMessage;
use crate::server::ServerMessage;
use crate::v1::V1Message;

pub use super::compact::{Introductions, encode as encode_compact};

/// A frame that is none of the protocol's server messages.
#[derive(Debug, thiserror::Error)]
pub enum PeerDecodeError {
    /// No message, as JSON or as what a map of MessagePack says.
    #[error("not a server message: {0}")]
    Json(#[from] serde_json::Error),
    /// Not MessagePack, or a move that is none.
    #[error("not a server message: {0}")]
    Compact(String),
    /// A binary frame that holds no messages.
    #[error("not a frame of server messages")]
    NoMessages,
}

/// One client message as the text of one frame.
pub fn encode(message: &ClientMessage) -> String {
    String::from_utf8_lossy(&to_json(message)).into_owned()
}

/// The v2 messages in one frame, in order, whether it holds one or an array.
///
/// # Errors
/// [`PeerDecodeError`] when the frame is no message of the v2 dialect.
pub fn decode(frame: &[u8]) -> Result<Vec<ServerMessage>, PeerDecodeError> {
    one_or_many(frame)
}

/// The v1 message in one frame.
///
/// # Errors
/// [`PeerDecodeError`] when the frame is no message of the v1 dialect.
pub fn decode_v1(frame: &[u8]) -> Result<V1Message, PeerDecodeError> {
    one(frame)
}

pub(super) fn one<T: for<'de> Deserialize<'de>>(frame: &[u8]) -> Result<T, PeerDecodeError> {
    // Derived enums would take `["pong"]` for `{"type": "pong"}`, too; the protocol does not.
    if !frame.trim_ascii_start().starts_with(b"{") {
        return Err(serde_json::Error::custom("must be a JSON object").into());
    }
    Ok(serde_json::from_slice(frame)?)
}

fn one_or_many<T: for<'de> Deserialize<'de>>(frame: &[u8]) -> Result<Vec<T>, PeerDecodeError> {
    if !frame.trim_ascii_start().starts_with(b"[") {
        return Ok(vec![one(frame)?]);
    }
    let parts: Vec<&RawValue> = serde_json::from_slice(frame)?;
    parts.into_iter().map(|part| one(part.get().as_bytes())).collect()
}
