//! The client's side of the compact form.

use std::collections::HashMap;

use serde::Deserialize;

use super::place::{Place, Values, write_with};
use super::reader::{Malformed, Reader, Token};
use super::{MESSAGES, holds_messages, write_message, written};
use crate::client::ClientMessage;
use crate::codec::peer::{PeerDecodeError, one};
use crate::ids::{DocumentId, SessionId, UserId};
use crate::position::DocumentType;
use crate::server::{CursorMoved, ServerMessage};

/// One client message as one binary frame.
pub fn encode(message: &ClientMessage) -> Vec<u8> {
    let mut frame = vec![MESSAGES];
    if let ClientMessage::CursorUpdate(update) = message {
        let document = |out: &mut Vec<u8>| {
            written(rmp::encode::write_str(out, update.position.document_type().as_str()));
            written(rmp::encode::write_str(out, update.document_id.as_str()));
        };
        let selected = update.selected_node_id.as_ref();
        write_with(&mut frame, 2, document, &update.position, selected, update.timestamp);
    } else {
        write_message(&mut frame, message);
    }
    frame
}

/// What the numbers in one connection's moves stand for.
#[derive(Debug, Clone, Default)]
pub struct Introductions {
    own: Option<SessionId>,
    sessions: HashMap<u64, (UserId, SessionId)>,
    documents: HashMap<u64, (DocumentId, DocumentType)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Introduction {
    user_id: UserId,
    session_id: SessionId,
    document_id: DocumentId,
    document_type: DocumentType,
}

impl Introductions {
    /// The messages in one frame, in order. A move whose numbers are unknown is left out: the cursor comes again.
    ///
    /// # Errors
    /// [`PeerDecodeError`] when the frame is none of the compact form.
    pub fn decode(&mut self, frame: &[u8]) -> Result<Vec<ServerMessage>, PeerDecodeError> {
        if !holds_messages(frame) {
            return Err(PeerDecodeError::NoMessages);
        }
        let mut reader = Reader::new(&frame[1..]);
        let Token::Array(count) = reader.token()? else {
            return Err(PeerDecodeError::NoMessages);
        };
        let mut messages = Vec::new();
        for _ in 0..count {
            messages.extend(self.message(&mut reader)?);
        }
        reader.end()?;
        Ok(messages)
    }

    fn message(&mut self, reader: &mut Reader<'_>) -> Result<Option<ServerMessage>, PeerDecodeError> {
        let Token::Array(count) = reader.peek()? else {
            let message: ServerMessage = one(reader.json()?.as_bytes())?;
            self.heed(&message);
            return Ok(Some(message));
        };
        reader.token()?;
        let (session, document) = (number(reader)?, number(reader)?);
        let left = count.checked_sub(2).ok_or(PeerDecodeError::NoMessages)?;
        if let Token::Map(_) = reader.peek()? {
            let introduced: Introduction = one(reader.json()?.as_bytes())?;
            self.sessions.insert(session, (introduced.user_id, introduced.session_id));
            self.documents.insert(document, (introduced.document_id, introduced.document_type));
            return Ok(None);
        }
        let (Some((user_id, session_id)), Some((document_id, document_type))) =
            (self.sessions.get(&session), self.documents.get(&document))
        else {
            (0..left).try_for_each(|_| reader.json().map(drop))?;
            return Ok(None);
        };
        let Place { position, selected_node_id, timestamp } =
            Values { reader, left }.place(*document_type)?;
        Ok(Some(ServerMessage::CursorUpdate {
            data: CursorMoved {
                user_id: user_id.clone(),
                session_id: *session_id,
                document_id: document_id.clone(),
                document_type: *document_type,
                position,
                selected_node_id,
                timestamp,
            },
        }))
    }

    /// Forgets whoever is gone: numbers are not used again, and a client may stay for long.
    fn heed(&mut self, message: &ServerMessage) {
        match message {
            ServerMessage::UserLeft { user_id, .. } => {
                self.sessions.retain(|_, (user, _)| user != user_id);
            }
            // Another session's numbers are those of another run of the project, perhaps.
            ServerMessage::BulkPresence { session_id, .. } if self.own != Some(*session_id) => {
                *self = Self { own: Some(*session_id), ..Self::default() };
            }
            _ => {}
        }
    }
}

fn number(reader: &mut Reader<'_>) -> Result<u64, PeerDecodeError> {
    reader.token()?.unsigned().ok_or(PeerDecodeError::NoMessages)
}

impl From<Malformed> for PeerDecodeError {
    fn from(malformed: Malformed) -> Self {
        Self::Compact(malformed.to_string())
    }
}

impl From<super::place::PlaceError> for PeerDecodeError {
    fn from(error: super::place::PlaceError) -> Self {
        Self::Compact(error.to_string())
    }
}
