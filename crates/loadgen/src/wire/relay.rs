//! Servers that pass on what they are sent: each message as it is, or several in a frame, one on each line.

use super::Place;
use super::connect::Door;
use super::heard::Heard;
use super::socket::Message;
use super::spoken;

/// One member's part of the wire.
#[derive(Debug, Clone, Copy)]
pub(super) struct Relay {
    place: Place,
}

impl Relay {
    pub(super) fn new(place: Place) -> Self {
        Self { place }
    }

    /// The path is the room.
    pub(super) fn door(self) -> Door {
        Door { path: format!("/room{}", self.place.project), subprotocol: None }
    }

    pub(super) fn say(self, step: u32, sent_at: i64) -> Message {
        Message::Text(spoken::write(self.place, step, sent_at).into())
    }

    /// What the server says besides moves, such as an acknowledgement, says nothing.
    pub(super) fn hear(self, payload: &[u8], each: &mut impl FnMut(Heard)) {
        payload.split(|byte| *byte == b'\n').filter_map(|line| spoken::read(self.place, line)).for_each(each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_may_hold_several_moves() {
        let place = |member| Place { project: 1, member };
        let lines = [1, 0, 2].map(|member| spoken::write(place(member), member, 5)).join("\n");
        let mut heard = Vec::new();
        Relay::new(place(0)).hear(lines.as_bytes(), &mut |one| heard.push(one));
        assert_eq!(heard.len(), 2, "{heard:?}");
        assert_eq!(Relay::new(place(0)).door().path, "/room1");
    }
}
