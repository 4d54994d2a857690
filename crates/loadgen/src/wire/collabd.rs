//! collabd's own wire: the one place of the scenarios where its messages about cursors are written and read.

use std::time::Duration;

use collabd_protocol::client::{CursorUpdate, JoinSession};
use collabd_protocol::codec::peer::{self, Introductions, encode_compact};
use collabd_protocol::{
    ClientMessage, CursorPosition, DocumentId, Encoding, Presence, ServerMessage, UserId, UserName,
};

use super::connect::Door;
use super::heard::{Heard, Move, Refusal, Sight};
use super::place::DOCUMENT;
use super::socket::Message;
use super::{Place, WireError, step};

/// Bytes of the largest thing that is said; a frame may have 65536.
const MUCH: u16 = 60_000;
/// The same in MessagePack, up to the 16 bits of its length: `{type: "ping", data: ...}`.
const MUCH_HEAD: &[u8] = b"\x00\x82\xa4type\xa4ping\xa4data\xda";

/// One member's part of the wire.
#[derive(Debug, Clone)]
pub(super) struct Collabd {
    place: Place,
    encoding: Encoding,
    user: UserId,
    document: DocumentId,
    /// What the numbers in moves stand for, where they are numbers.
    introductions: Introductions,
    is_ready: bool,
    /// Does it look at nothing but whether it is in? To decode a snapshot costs more than all else that a visitor does.
    is_blind: bool,
}

/// The type of the snapshot that answers a join, and of a refusal.
const SNAPSHOT: &[u8] = b"bulk_presence";
const REFUSAL: &[u8] = b"error";
/// A message's type is among its first bytes, whatever its form.
const HEAD: usize = 32;

impl Collabd {
    pub(super) fn new(place: Place, encoding: Encoding) -> Result<Self, WireError> {
        Ok(Self {
            place,
            encoding,
            user: UserId::new(place.user()).map_err(WireError::message)?,
            document: DocumentId::new(DOCUMENT).map_err(WireError::message)?,
            introductions: Introductions::default(),
            is_ready: false,
            is_blind: false,
        })
    }

    /// The same member, who looks at nothing but whether it is in.
    pub(super) fn blind(self) -> Self {
        Self { is_blind: true, ..self }
    }

    pub(super) fn door(&self) -> Door {
        Door {
            path: format!("/ws/collaboration/v2?project_id={}", self.place.project),
            subprotocol: self.encoding.subprotocol(),
        }
    }

    /// Enters the project and its document at once.
    pub(super) fn greeting(&self) -> Result<Message, WireError> {
        let join = JoinSession {
            user_id: self.user.clone(),
            user_name: UserName::new(self.user.as_str()).map_err(WireError::message)?,
            avatar_color: None,
            is_agent: None,
            document_id: Some(self.document.clone()),
            document_type: Some(self.place.kind()),
            token: None,
        };
        Ok(self.written(&ClientMessage::JoinSession(join)))
    }

    pub(super) fn say(&self, at: u32, sent_at: i64) -> Message {
        let kind = self.place.kind();
        self.written(&ClientMessage::CursorUpdate(CursorUpdate {
            document_id: self.document.clone(),
            document_type: Some(kind),
            position: step::position(kind, at),
            selected_node_id: None,
            timestamp: Some(sent_at),
        }))
    }

    /// A `ping` that is almost as large as a frame may be: what is beside its type is ignored.
    pub(super) fn much(&self) -> Message {
        let ballast = "x".repeat(MUCH.into());
        if self.encoding == Encoding::Compact {
            let length = MUCH.to_be_bytes();
            return Message::Binary([MUCH_HEAD, &length, ballast.as_bytes()].concat().into());
        }
        Message::Text(format!(r#"{{"type":"ping","data":"{ballast}"}}"#).into())
    }

    pub(super) fn hear(&mut self, message: &Message, mut each: impl FnMut(Heard)) -> Result<(), WireError> {
        if self.is_blind && !is_of_type(message, REFUSAL) {
            if !self.is_ready && is_of_type(message, SNAPSHOT) {
                self.is_ready = true;
                each(Heard::Ready);
            }
            return Ok(());
        }
        let messages = match self.encoding {
            Encoding::Compact => self.introductions.decode(message.payload()),
            Encoding::V1 | Encoding::Json | Encoding::JsonBatch => peer::decode(message.payload()),
        };
        for message in messages.map_err(WireError::message)? {
            self.read(message, &mut each);
        }
        Ok(())
    }

    fn written(&self, message: &ClientMessage) -> Message {
        match self.encoding {
            Encoding::Compact => Message::Binary(encode_compact(message).into()),
            Encoding::V1 | Encoding::Json | Encoding::JsonBatch => {
                Message::Text(peer::encode(message).into())
            }
        }
    }

    fn read(&mut self, message: ServerMessage, each: &mut impl FnMut(Heard)) {
        match message {
            ServerMessage::CursorUpdate { data } => each(Heard::Moved(Move {
                who: Place::of(data.user_id.as_str()),
                step: step::step(&data.position),
                sent_at: data.timestamp,
            })),
            ServerMessage::BulkPresence { data, .. } => {
                each(Heard::Everybody(data.iter().map(sight).collect()));
                if !self.is_ready {
                    self.is_ready = true;
                    each(Heard::Ready);
                }
            }
            ServerMessage::UserJoined { user } | ServerMessage::UserUpdated { user } => {
                each(Heard::Present(sight(&user)));
            }
            ServerMessage::UserLeft { user_id, reason } => {
                each(Heard::Gone(Place::of(user_id.as_str()), reason));
            }
            ServerMessage::DocumentActivity { data } => {
                for user in data.active_users {
                    each(Heard::Drawn(at(&user.user_id, user.position.as_ref())));
                }
            }
            ServerMessage::Error(error) => each(Heard::Refused(Refusal {
                code: error.code.name(),
                is_temporary: error.temporary,
                retry_after: error.retry_after_ms.map(Duration::from_millis),
            })),
            ServerMessage::Pong => each(Heard::Answer),
            ServerMessage::Disconnect { retry_after_ms, .. } => {
                each(Heard::Parting(retry_after_ms.map(Duration::from_millis)));
            }
            ServerMessage::TokenExpiring { .. } | ServerMessage::RoleChanged { .. } => {}
        }
    }
}

fn is_of_type(message: &Message, name: &[u8]) -> bool {
    let payload = message.payload();
    payload[..payload.len().min(HEAD)].windows(name.len()).any(|part| part == name)
}

fn sight(user: &Presence) -> Sight {
    let position = user.documents.values().find_map(|document| document.position.as_ref());
    at(&user.user_id, position)
}

fn at(user: &UserId, position: Option<&CursorPosition>) -> Sight {
    Sight { who: Place::of(user.as_str()), step: position.and_then(step::step) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use collabd_protocol::DepartureReason;

    fn heard(frame: &'static str) -> Vec<Heard> {
        let mut wire = Collabd::new(Place { project: 5, member: 1 }, Encoding::JsonBatch).unwrap();
        let mut heard = Vec::new();
        wire.hear(&Message::Text(frame.into()), |one| heard.push(one)).unwrap();
        heard
    }

    #[test]
    fn a_batch_of_messages_is_heard_in_order() {
        let frame = r#"[{"type":"user_left","userId":"load-5-3","reason":"left"},
            {"type":"cursor_update","data":{"userId":"load-5-2","sessionId":"1-1","documentId":"load",
             "documentType":"canvas","position":{"type":"canvas","x":7,"y":7,"zoom":1},"timestamp":99}}]"#;
        let place = |member| Some(Place { project: 5, member });
        let moved = Move { who: place(2), step: Some(7), sent_at: Some(99) };
        assert_eq!(heard(frame), [Heard::Gone(place(3), DepartureReason::Left), Heard::Moved(moved)]);
    }

    #[test]
    fn the_snapshot_makes_a_member_ready() {
        let frame = r##"{"type":"bulk_presence","projectId":5,"sessionId":"1-1",
            "serverTime":"2025-06-01T12:00:00Z","data":[{"userId":"eve","userName":"Eve",
            "avatarColor":"#000","isAgent":false,"isOnline":true,"status":"active","joinedAt":
            "2025-06-01T12:00:00Z","lastActive":"2025-06-01T12:00:00Z","sessions":1,"documents":{}}]}"##;
        let eve = Sight { who: None, step: None };
        assert_eq!(heard(frame), [Heard::Everybody(vec![eve]), Heard::Ready]);
    }

    #[test]
    fn who_is_blind_sees_whether_it_is_in_and_why_not() {
        let wire = Collabd::new(Place { project: 5, member: 1 }, Encoding::JsonBatch).unwrap();
        let mut wire = wire.blind();
        let mut heard = Vec::new();
        for text in [
            r#"[{"type":"error","code":"overloaded","message":"busy","temporary":true}]"#,
            r#"[{"type":"bulk_presence","data":"nobody looks at it"}]"#,
            r#"[{"type":"user_left","userId":"load-5-3","reason":"left"}]"#,
        ] {
            wire.hear(&Message::Text(text.into()), |one| heard.push(one)).unwrap();
        }
        assert!(matches!(heard[..], [Heard::Refused(_), Heard::Ready]), "{heard:?}");
    }

    #[test]
    fn the_path_names_the_project_and_the_move_its_document() {
        let wire = Collabd::new(Place { project: 8, member: 1 }, Encoding::Json).unwrap();
        assert_eq!(wire.door().path, "/ws/collaboration/v2?project_id=8");
        let said = wire.say(4, 12);
        let text = String::from_utf8_lossy(said.payload()).into_owned();
        assert!(text.contains(r#""documentId":"load""#) && text.contains(r#""timestamp":12"#), "{text}");
    }
}
