//! What a client says in the compact form.

use super::place::{PlaceError, Values};
use super::reader::{Malformed, Reader, Token};
use super::{MESSAGES, holds_messages};
use crate::client::{ClientMessage, CursorUpdate};
use crate::codec::decode::{DecodeError, decode as decode_json};
use crate::codes::ErrorCode;
use crate::ids::DocumentId;
use crate::position::DocumentType;

/// Decodes one binary frame: one message as a map, under the rules of its JSON form, or a move as an array.
///
/// # Errors
/// As for a text frame, and when it is not MessagePack as the protocol uses it.
pub(in crate::codec) fn decode(frame: &[u8]) -> Result<ClientMessage, DecodeError> {
    if !holds_messages(frame) {
        return Err(DecodeError::bad_request(format!("must begin with the byte {MESSAGES}")));
    }
    let mut reader = Reader::new(&frame[1..]);
    match reader.peek()? {
        Token::Map(_) => {
            let json = reader.json()?;
            reader.end()?;
            decode_json(&json)
        }
        Token::Array(count) => {
            reader.token()?;
            let update = cursor_update(Values { reader: &mut reader, left: count })?;
            reader.end()?;
            Ok(ClientMessage::CursorUpdate(update))
        }
        _ => Err(DecodeError::bad_request("must be a map or a move")),
    }
}

/// The document's type, its id, and the place in it.
fn cursor_update(mut values: Values<'_, '_>) -> Result<CursorUpdate, DecodeError> {
    let document_type: DocumentType = text(&mut values, "data.documentType")?
        .parse()
        .map_err(|error| DecodeError::bad_request(format!("data.documentType: {error}")))?;
    let document_id = DocumentId::new(text(&mut values, "data.documentId")?)
        .map_err(|error| DecodeError::bad_request(format!("data.documentId: {error}")))?;
    let place = values.place(document_type)?;
    Ok(CursorUpdate {
        document_id,
        document_type: Some(document_type),
        position: place.position,
        selected_node_id: place.selected_node_id,
        timestamp: place.timestamp,
    })
}

fn text<'a>(values: &mut Values<'_, 'a>, field: &'static str) -> Result<&'a str, DecodeError> {
    if values.left == 0 {
        return Err(DecodeError::bad_request(format!("{field}: missing")));
    }
    values.left -= 1;
    match values.reader.token()? {
        Token::Text(text) => Ok(text),
        _ => Err(DecodeError::bad_request(format!("{field}: must be a text"))),
    }
}

impl From<Malformed> for DecodeError {
    fn from(malformed: Malformed) -> Self {
        Self::new(ErrorCode::BadRequest, malformed.to_string())
    }
}

impl From<PlaceError> for DecodeError {
    fn from(error: PlaceError) -> Self {
        Self::new(error.code(), error.to_string())
    }
}
