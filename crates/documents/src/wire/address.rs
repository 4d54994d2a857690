//! Which document a message is about, on sockets that carry several.

use bytes::Bytes;
use collabd_protocol::DocumentId;

use super::reader::Reader;
use super::{WireError, writer};

const FIELD: &str = "document id";

/// `message` with the name of its document in front.
pub fn addressed(document: &DocumentId, message: &Bytes) -> Bytes {
    let name = document.as_str().as_bytes();
    let mut out = Vec::with_capacity(name.len() + message.len() + 2);
    writer::buffer(&mut out, name);
    out.extend_from_slice(message);
    out.into()
}

/// The name in front of a message, and the message.
///
/// # Errors
/// When there is no name or it names no document.
pub fn split_address(bytes: &Bytes) -> Result<(DocumentId, Bytes), WireError> {
    let mut reader = Reader::new(bytes);
    let name = reader.string(FIELD)?;
    if name.len() > DocumentId::MAX_BYTES {
        return Err(WireError::TooBig { field: FIELD, size: name.len(), limit: DocumentId::MAX_BYTES });
    }
    let id = DocumentId::new(name).map_err(|_| WireError::Invalid {
        field: FIELD,
        problem: "must not be empty nor contain control characters",
    })?;
    Ok((id, bytes.slice(reader.position()..)))
}
