//! What the server sends.

use bytes::Bytes;
use collabd_protocol::CloseCode;

use super::message::{kind, sync};
use super::{AwarenessEntry, awareness as entries, writer};

/// Enough for the numbers in front of a payload.
const HEAD: usize = 16;

/// What the server has; it wants the rest.
pub fn sync_step1(state_vector: &[u8]) -> Bytes {
    sync_message(sync::STEP1, state_vector)
}

/// All that the server has and the client did not.
pub fn sync_step2(update: &[u8]) -> Bytes {
    sync_message(sync::STEP2, update)
}

/// What another client has changed.
pub fn update(update: &[u8]) -> Bytes {
    sync_message(sync::UPDATE, update)
}

fn sync_message(number: u64, payload: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(payload.len() + HEAD);
    writer::uint(&mut out, kind::SYNC);
    writer::uint(&mut out, number);
    writer::buffer(&mut out, payload);
    out.into()
}

/// What clients say of themselves.
pub fn awareness(states: &[AwarenessEntry]) -> Bytes {
    let size: usize = states.iter().map(|entry| HEAD + entry.state.as_ref().map_or(4, Bytes::len)).sum();
    let mut update = Vec::with_capacity(size + HEAD);
    entries::encode(&mut update, states);
    let mut out = Vec::with_capacity(update.len() + HEAD);
    writer::uint(&mut out, kind::AWARENESS);
    writer::buffer(&mut out, &update);
    out.into()
}

/// A write was refused for want of the right to it; the socket stays.
pub fn permission_denied(reason: &str) -> Bytes {
    let mut out = Vec::with_capacity(reason.len() + HEAD);
    writer::uint(&mut out, kind::AUTH);
    writer::uint(&mut out, 0);
    writer::buffer(&mut out, reason.as_bytes());
    out.into()
}

/// The first `count` sync messages of this client are on disk; `advanced` are the clocks that this commit advanced.
pub fn saved(count: u64, advanced: &[u8]) -> Bytes {
    let mut out = Vec::with_capacity(advanced.len() + 2 * HEAD);
    writer::uint(&mut out, kind::SAVED);
    writer::uint(&mut out, count);
    writer::buffer(&mut out, advanced);
    out.into()
}

/// The document was closed on this socket; the socket stays.
pub fn closed(code: CloseCode, reason: &str) -> Bytes {
    let mut out = Vec::with_capacity(reason.len() + HEAD);
    writer::uint(&mut out, kind::CLOSE);
    writer::uint(&mut out, u64::from(code.number()));
    writer::buffer(&mut out, reason.as_bytes());
    out.into()
}
