//! Socket.IO 4 over a WebSocket: Engine.IO's packets, of which messages hold Socket.IO's.

use super::connect::Door;
use super::heard::Heard;
use super::socket::Message;
use super::{Place, WireError, spoken};

/// Engine.IO: the server's first word; a ping, and its answer.
const OPEN: u8 = b'0';
const PING: &[u8] = b"2";
const PONG: &[u8] = b"3";
/// A message of Engine.IO that connects to Socket.IO, and the answer begins with the same.
const CONNECT: &[u8] = b"40";
/// An event that says where somebody is, up to its argument.
const CURSOR: &[u8] = br#"42["cursor","#;
/// The acknowledgement of the join, which had the id 0.
const JOINED: &[u8] = b"430";

/// One member's part of the wire.
#[derive(Debug, Clone, Copy)]
pub(super) struct SocketIo {
    place: Place,
}

impl SocketIo {
    pub(super) fn new(place: Place) -> Self {
        Self { place }
    }

    pub(super) fn door() -> Door {
        Door { path: "/socket.io/?EIO=4&transport=websocket".to_owned(), subprotocol: None }
    }

    pub(super) fn say(self, step: u32, sent_at: i64) -> Message {
        let spoken = spoken::write(self.place, step, sent_at);
        Message::Text([CURSOR, spoken.as_bytes(), b"]"].concat().into())
    }

    pub(super) fn hear(self, message: &Message, mut each: impl FnMut(Heard)) -> Result<(), WireError> {
        let packet = message.payload();
        let reply = |text: Vec<u8>| Heard::Reply(Message::Text(text.into()));
        if packet == PING {
            each(reply(PONG.to_vec()));
        } else if packet.first() == Some(&OPEN) {
            each(reply(CONNECT.to_vec()));
        } else if packet.starts_with(CONNECT) {
            each(reply(format!(r#"420["join","room{}"]"#, self.place.project).into_bytes()));
        } else if packet.starts_with(JOINED) {
            each(Heard::Ready);
        } else if let Some(event) = packet.strip_prefix(CURSOR) {
            let argument = event.strip_suffix(b"]").ok_or_else(|| WireError::message("half an event"))?;
            spoken::read(self.place, argument).into_iter().for_each(each);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(packet: &str) -> Vec<Heard> {
        let mut heard = Vec::new();
        let wire = SocketIo::new(Place { project: 3, member: 1 });
        wire.hear(&Message::Text(packet.to_owned().into()), |one| heard.push(one)).unwrap();
        heard
    }

    #[test]
    fn a_member_is_led_in_word_by_word() {
        let said = |text: &'static str| vec![Heard::Reply(Message::Text(text.into()))];
        assert_eq!(heard(r#"0{"sid":"x"}"#), said("40"));
        assert_eq!(heard(r#"40{"sid":"y"}"#), said(r#"420["join","room3"]"#));
        assert_eq!(heard("430[]"), [Heard::Ready]);
        assert_eq!(heard("2"), said("3"));
    }

    #[test]
    fn an_event_is_a_move() {
        let ada = SocketIo::new(Place { project: 3, member: 0 });
        let said = ada.say(4, 5);
        let text = String::from_utf8(said.payload().to_vec()).unwrap();
        assert!(matches!(heard(&text)[..], [Heard::Moved(moved)] if moved.step == Some(4)), "{text}");
    }
}
