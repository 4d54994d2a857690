//! What clients send.

use bytes::Bytes;

use super::reader::Reader;
use super::{AwarenessEntry, StateVector, WireError, awareness};
use crate::limits::{AwarenessLimits, ContentLimits};

/// The numbers in front of messages.
pub(crate) mod kind {
    pub(crate) const SYNC: u64 = 0;
    pub(crate) const AWARENESS: u64 = 1;
    pub(crate) const AUTH: u64 = 2;
    pub(crate) const QUERY_AWARENESS: u64 = 3;
    pub(crate) const AUTHENTICATE: u64 = 100;
    pub(crate) const SAVED: u64 = 101;
    pub(crate) const CLOSE: u64 = 102;
}

/// The numbers in front of sync messages.
pub(crate) mod sync {
    pub(crate) const STEP1: u64 = 0;
    pub(crate) const STEP2: u64 = 1;
    pub(crate) const UPDATE: u64 = 2;
}

/// The most bytes of a token or ticket.
const TOKEN_BYTES: usize = 8 * 1024;

/// What a client says about one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientMessage {
    /// What it has; it wants the rest.
    SyncStep1(StateVector),
    /// All that it has and the server did not. Only the size has been checked; the content checks the rest.
    SyncStep2(Bytes),
    /// What it has just changed. Only the size has been checked; the content checks the rest.
    Update(Bytes),
    /// What it says of itself, and what it has heard of others.
    Awareness(Vec<AwarenessEntry>),
    /// It wants everybody's awareness.
    QueryAwareness,
    /// A token or ticket.
    Authenticate(String),
    /// It is done with this document. Of multiplexed sockets only.
    Close,
}

/// Reads one message.
///
/// # Errors
/// When it is malformed or breaks a bound.
pub fn decode(
    bytes: &Bytes,
    limits: &ContentLimits,
    awareness_limits: &AwarenessLimits,
) -> Result<ClientMessage, WireError> {
    const FIELD: &str = "message type";
    let mut reader = Reader::new(bytes);
    let message = match reader.uint(FIELD)? {
        kind::SYNC => sync_message(&mut reader, bytes, limits)?,
        kind::AWARENESS => {
            let update = payload(&mut reader, bytes, limits.update_bytes, "awareness")?;
            ClientMessage::Awareness(awareness::decode(&update, awareness_limits)?)
        }
        kind::QUERY_AWARENESS => ClientMessage::QueryAwareness,
        kind::AUTHENTICATE => ClientMessage::Authenticate(token(&mut reader)?),
        kind::CLOSE => ClientMessage::Close,
        number => return Err(WireError::Unknown { field: FIELD, number }),
    };
    reader.end("message")?;
    Ok(message)
}

fn sync_message(
    reader: &mut Reader<'_>,
    bytes: &Bytes,
    limits: &ContentLimits,
) -> Result<ClientMessage, WireError> {
    const FIELD: &str = "sync message type";
    Ok(match reader.uint(FIELD)? {
        sync::STEP1 => {
            let vector = payload(reader, bytes, limits.update_bytes, "state vector")?;
            ClientMessage::SyncStep1(StateVector::new(vector, limits)?)
        }
        sync::STEP2 => ClientMessage::SyncStep2(payload(reader, bytes, limits.reply_bytes, "update")?),
        sync::UPDATE => ClientMessage::Update(payload(reader, bytes, limits.update_bytes, "update")?),
        number => return Err(WireError::Unknown { field: FIELD, number }),
    })
}

/// A varUint8Array of at most `limit` bytes, sharing the frame's memory.
fn payload(
    reader: &mut Reader<'_>,
    bytes: &Bytes,
    limit: usize,
    field: &'static str,
) -> Result<Bytes, WireError> {
    let payload = reader.buffer(field)?;
    if payload.len() > limit {
        return Err(WireError::TooBig { field, size: payload.len(), limit });
    }
    Ok(bytes.slice_ref(payload))
}

fn token(reader: &mut Reader<'_>) -> Result<String, WireError> {
    const FIELD: &str = "token";
    let token = reader.string(FIELD)?;
    if token.len() > TOKEN_BYTES {
        return Err(WireError::TooBig { field: FIELD, size: token.len(), limit: TOKEN_BYTES });
    }
    Ok(token.to_owned())
}
