//! Awareness updates: what clients say of themselves.

use bytes::Bytes;

use super::reader::Reader;
use super::{WireError, json, writer};
use crate::limits::AwarenessLimits;

/// How deep a state's JSON may be nested: what reads it here and in browsers may do so by recursion.
const STATE_DEPTH: usize = 32;

/// The most entries in one message. A client repeats everything that it hears, so one message may speak of all
/// clients of a document; whose they are is checked by the document.
const ENTRIES: u64 = 16_384;

/// What one client says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwarenessEntry {
    /// Its Yjs client id.
    pub client: u64,
    /// Which saying of this id it is; the highest counts.
    pub clock: u64,
    /// The state as JSON, or that it left.
    pub state: Option<Bytes>,
}

/// Reads an awareness update.
pub(crate) fn decode(bytes: &Bytes, limits: &AwarenessLimits) -> Result<Vec<AwarenessEntry>, WireError> {
    const FIELD: &str = "awareness";
    let mut reader = Reader::new(bytes);
    // A client id, a clock and a length, and nothing shorter than `{}` or `1` for a state.
    let count = reader.count(4, FIELD)?;
    if count as u64 > ENTRIES {
        return Err(WireError::TooMany { field: FIELD, count: count as u64, limit: ENTRIES });
    }
    let mut entries = Vec::with_capacity(count);
    for _ in 0..count {
        entries.push(entry(&mut reader, bytes, limits)?);
    }
    reader.end(FIELD)?;
    Ok(entries)
}

fn entry(
    reader: &mut Reader<'_>,
    bytes: &Bytes,
    limits: &AwarenessLimits,
) -> Result<AwarenessEntry, WireError> {
    const FIELD: &str = "awareness state";
    let client = reader.uint("awareness client id")?;
    let clock = reader.uint("awareness clock")?;
    let text = reader.string(FIELD)?;
    if text.len() > limits.state_bytes {
        return Err(WireError::TooBig { field: FIELD, size: text.len(), limit: limits.state_bytes });
    }
    json::check(text, STATE_DEPTH, FIELD)?;
    let state = (text.trim() != "null").then(|| bytes.slice_ref(text.as_bytes()));
    Ok(AwarenessEntry { client, clock, state })
}

/// Appends an awareness update.
pub(crate) fn encode(out: &mut Vec<u8>, entries: &[AwarenessEntry]) {
    writer::uint(out, entries.len() as u64);
    for entry in entries {
        writer::uint(out, entry.client);
        writer::uint(out, entry.clock);
        writer::buffer(out, entry.state.as_deref().unwrap_or(b"null"));
    }
}
