//! The client's side: reads what the server sends and writes what clients send.

use bytes::Bytes;

use super::message::{kind, sync};
use super::reader::Reader;
use super::{AwarenessEntry, WireError, awareness, writer};
use crate::limits::AwarenessLimits;

/// What a server says about one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServerMessage {
    /// Its state vector.
    SyncStep1(Bytes),
    /// All that it has and the client did not.
    SyncStep2(Bytes),
    /// What somebody changed.
    Update(Bytes),
    /// What clients say of themselves.
    Awareness(Vec<AwarenessEntry>),
    /// A write was refused.
    PermissionDenied(String),
    /// Sync messages of this client that are on disk, and the clocks that advanced with the last of them.
    Saved(u64, Bytes),
    /// The document was closed on this socket.
    Closed(u64, String),
}

/// Reads one message of the server.
///
/// # Errors
/// When it is malformed.
pub fn decode(bytes: &Bytes) -> Result<ServerMessage, WireError> {
    const FIELD: &str = "message type";
    let mut reader = Reader::new(bytes);
    let message = match reader.uint(FIELD)? {
        kind::SYNC => sync_message(&mut reader, bytes)?,
        kind::AWARENESS => {
            let update = bytes.slice_ref(reader.buffer("awareness")?);
            ServerMessage::Awareness(awareness::decode(&update, &AwarenessLimits::default())?)
        }
        kind::AUTH => match reader.uint("auth message type")? {
            0 => ServerMessage::PermissionDenied(reader.string("reason")?.to_owned()),
            number => return Err(WireError::Unknown { field: "auth message type", number }),
        },
        kind::SAVED => {
            let count = reader.uint("saved count")?;
            ServerMessage::Saved(count, bytes.slice_ref(reader.buffer("saved state vector")?))
        }
        kind::CLOSE => ServerMessage::Closed(reader.uint("code")?, reader.string("reason")?.to_owned()),
        number => return Err(WireError::Unknown { field: FIELD, number }),
    };
    reader.end("message")?;
    Ok(message)
}

fn sync_message(reader: &mut Reader<'_>, bytes: &Bytes) -> Result<ServerMessage, WireError> {
    const FIELD: &str = "sync message type";
    let number = reader.uint(FIELD)?;
    let payload = bytes.slice_ref(reader.buffer("sync payload")?);
    Ok(match number {
        sync::STEP1 => ServerMessage::SyncStep1(payload),
        sync::STEP2 => ServerMessage::SyncStep2(payload),
        sync::UPDATE => ServerMessage::Update(payload),
        number => return Err(WireError::Unknown { field: FIELD, number }),
    })
}

/// A token or ticket.
pub fn authenticate(token: &str) -> Bytes {
    let mut out = Vec::with_capacity(token.len() + 4);
    writer::uint(&mut out, kind::AUTHENTICATE);
    writer::buffer(&mut out, token.as_bytes());
    out.into()
}

/// A question for everybody's awareness.
pub fn query_awareness() -> Bytes {
    Bytes::from_static(&[3])
}

/// The end of interest in a document on a multiplexed socket.
pub fn close() -> Bytes {
    Bytes::from_static(&[102])
}
