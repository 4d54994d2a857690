//! Awareness of y-protocols, as y-websocket and Hocuspocus carry it: each move is the whole state of its client.

use bytes::Bytes;
use collabd_documents::wire::{addressed, split_address};
use collabd_protocol::DocumentId;

use super::connect::Door;
use super::heard::Heard;
use super::socket::Message;
use super::{Place, WireError, spoken};

/// Kinds of messages: awareness in both, and Hocuspocus' authentication with its one answer.
const AWARENESS: u8 = 1;
const AUTHENTICATION: u8 = 2;
const AUTHENTICATED: u8 = 2;
/// A token: an empty one.
const TOKEN: &[u8] = &[AUTHENTICATION, 0, 0];

/// One member's part of the wire.
#[derive(Debug, Clone)]
pub(super) struct Awareness {
    place: Place,
    /// Where each frame begins with the name of its document, that name.
    document: Option<DocumentId>,
    clock: u64,
}

impl Awareness {
    /// As y-websocket has it.
    pub(super) fn bare(place: Place) -> Self {
        Self { place, document: None, clock: 0 }
    }

    /// As Hocuspocus has it.
    pub(super) fn named(place: Place) -> Result<Self, WireError> {
        let document = DocumentId::new(room(place)).map_err(WireError::message)?;
        Ok(Self { place, document: Some(document), clock: 0 })
    }

    pub(super) fn is_named(&self) -> bool {
        self.document.is_some()
    }

    pub(super) fn door(&self) -> Door {
        let path = if self.is_named() { "/".to_owned() } else { format!("/{}", room(self.place)) };
        Door { path, subprotocol: None }
    }

    pub(super) fn greeting(&self) -> Message {
        self.framed(TOKEN.to_vec())
    }

    pub(super) fn say(&mut self, step: u32, sent_at: i64) -> Message {
        self.clock += 1;
        let state = spoken::write(self.place, step, sent_at);
        let mut update = Vec::with_capacity(state.len() + 16);
        write_number(1, &mut update);
        write_number(client(self.place), &mut update);
        write_number(self.clock, &mut update);
        write_number(state.len() as u64, &mut update);
        update.extend_from_slice(state.as_bytes());
        let mut message = vec![AWARENESS];
        write_number(update.len() as u64, &mut message);
        message.extend_from_slice(&update);
        self.framed(message)
    }

    pub(super) fn hear(&mut self, message: &Message, mut each: impl FnMut(Heard)) -> Result<(), WireError> {
        let body = match &self.document {
            Some(_) => split_address(message.payload()).map_err(WireError::message)?.1,
            None => message.payload().clone(),
        };
        match body.split_first() {
            Some((&AWARENESS, update)) => {
                self.read(update, &mut each).ok_or_else(|| WireError::message("half an awareness"))
            }
            Some((&AUTHENTICATION, [AUTHENTICATED, ..])) if self.is_named() => {
                each(Heard::Ready);
                Ok(())
            }
            // Documents are beside the point here.
            _ => Ok(()),
        }
    }

    fn read(&self, mut update: &[u8], each: &mut impl FnMut(Heard)) -> Option<()> {
        let update = &mut update;
        read_number(update)?;
        for _ in 0..read_number(update)? {
            let (_client, _clock) = (read_number(update)?, read_number(update)?);
            let length = usize::try_from(read_number(update)?).ok()?;
            let (state, rest) = update.split_at_checked(length)?;
            *update = rest;
            spoken::read(self.place, state).into_iter().for_each(&mut *each);
        }
        Some(())
    }

    fn framed(&self, message: Vec<u8>) -> Message {
        let message = Bytes::from(message);
        Message::Binary(match &self.document {
            Some(document) => addressed(document, &message),
            None => message,
        })
    }
}

fn room(place: Place) -> String {
    format!("room{}", place.project)
}

/// The number of a client of y-protocols; each client of a document has one of its own.
fn client(place: Place) -> u64 {
    u64::from(place.project) * 0x1_0000 + u64::from(place.member) + 1
}

/// As a varUint.
fn write_number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// A varUint.
fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Move;

    fn heard(by: &mut Awareness, message: &Message) -> Vec<Heard> {
        let mut heard = Vec::new();
        by.hear(message, |one| heard.push(one)).unwrap();
        heard
    }

    #[test]
    fn a_state_is_a_move_in_both_framings() {
        let (ada, bob) = (Place { project: 300, member: 200 }, Place { project: 300, member: 1 });
        let moved = Heard::Moved(Move { who: Some(ada), step: Some(8), sent_at: Some(9) });
        let said = Awareness::bare(ada).say(8, 9);
        assert_eq!(heard(&mut Awareness::bare(bob), &said), std::slice::from_ref(&moved));
        assert_eq!(heard(&mut Awareness::bare(ada), &said), [], "oneself");
        let said = Awareness::named(ada).unwrap().say(8, 9);
        assert_eq!(heard(&mut Awareness::named(bob).unwrap(), &said), [moved]);
    }

    #[test]
    fn hocuspocus_lets_a_member_in_after_its_token() {
        let mut wire = Awareness::named(Place { project: 1, member: 0 }).unwrap();
        assert_eq!(wire.greeting().payload(), &b"\x05room1\x02\x00\x00"[..]);
        let welcome = Message::Binary(b"\x05room1\x02\x02\x00"[..].into());
        assert_eq!(heard(&mut wire, &welcome), [Heard::Ready]);
        let document = Message::Binary(b"\x05room1\x00\x00\x00"[..].into());
        assert_eq!(heard(&mut wire, &document), []);
    }
}
