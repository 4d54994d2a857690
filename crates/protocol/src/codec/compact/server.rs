//! What the server says in the compact form.

use rmp::encode;
use rmp_serde::Serializer;
use serde::Serialize;

use super::place::write_with;
use super::written;
use crate::ids::{DocumentId, SessionId, UserId};
use crate::position::DocumentType;
use crate::server::CursorMoved;

/// What the numbers of a session and of a document stand for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Introduction<'a> {
    user_id: &'a UserId,
    session_id: SessionId,
    document_id: &'a DocumentId,
    document_type: DocumentType,
}

/// Appends a message as a map.
pub(in crate::codec) fn write_message(out: &mut Vec<u8>, message: &impl Serialize) {
    // Ids and times are texts, as in JSON.
    written(message.serialize(&mut Serializer::new(out).with_struct_map().with_human_readable()));
}

/// Appends what the numbers of a move stand for; `document` is the document's.
pub(in crate::codec) fn write_introduction(out: &mut Vec<u8>, moved: &CursorMoved, document: u64) {
    written(encode::write_array_len(out, 3));
    written(encode::write_uint(out, moved.session_id.number));
    written(encode::write_uint(out, document));
    let introduction = Introduction {
        user_id: &moved.user_id,
        session_id: moved.session_id,
        document_id: &moved.document_id,
        document_type: moved.document_type,
    };
    write_message(out, &introduction);
}

/// Appends a move; `document` is the document's number.
pub(in crate::codec) fn write_move(out: &mut Vec<u8>, moved: &CursorMoved, document: u64) {
    let numbers = |out: &mut Vec<u8>| {
        written(encode::write_uint(out, moved.session_id.number));
        written(encode::write_uint(out, document));
    };
    write_with(out, 2, numbers, &moved.position, moved.selected_node_id.as_ref(), moved.timestamp);
}
