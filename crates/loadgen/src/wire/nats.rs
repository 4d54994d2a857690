//! The protocol of NATS over a WebSocket: its bytes are cut into frames anywhere.

use bytes::{Buf as _, BytesMut};
use serde_json::json;

use super::connect::Door;
use super::heard::Heard;
use super::socket::Message;
use super::{Place, WireError, spoken};

/// One member's part of the wire.
#[derive(Debug, Clone)]
pub(super) struct Nats {
    place: Place,
    /// What has come and is not whole yet.
    rest: BytesMut,
}

impl Nats {
    pub(super) fn new(place: Place) -> Self {
        Self { place, rest: BytesMut::new() }
    }

    pub(super) fn door() -> Door {
        Door { path: "/".to_owned(), subprotocol: None }
    }

    pub(super) fn say(&self, step: u32, sent_at: i64) -> Message {
        let spoken = spoken::write(self.place, step, sent_at);
        binary(format!("PUB room{} {}\r\n{spoken}\r\n", self.place.project, spoken.len()))
    }

    pub(super) fn hear(&mut self, message: &Message, mut each: impl FnMut(Heard)) -> Result<(), WireError> {
        self.rest.extend_from_slice(message.payload());
        while let Some(end) = self.rest.windows(2).position(|window| window == b"\r\n") {
            let line = String::from_utf8_lossy(&self.rest[..end]).into_owned();
            let mut length = end + 2;
            match line.split_whitespace().next().unwrap_or_default() {
                "MSG" => {
                    let size: Option<usize> = line.rsplit(' ').next().and_then(|size| size.parse().ok());
                    let size = size.ok_or_else(|| WireError::message(&line))?;
                    if self.rest.len() < length + size + 2 {
                        return Ok(());
                    }
                    spoken::read(self.place, &self.rest[length..length + size])
                        .into_iter()
                        .for_each(&mut each);
                    length += size + 2;
                }
                "INFO" => each(Heard::Reply(self.introduction())),
                "PING" => each(Heard::Reply(binary("PONG\r\n".to_owned()))),
                // The answer to the ping behind the subscription.
                "PONG" => each(Heard::Ready),
                "-ERR" => return Err(WireError::Message(line)),
                _ => {}
            }
            self.rest.advance(length);
        }
        Ok(())
    }

    fn introduction(&self) -> Message {
        let connect =
            json!({ "verbose": false, "pedantic": false, "echo": false, "lang": "rust", "version": "1" });
        binary(format!("CONNECT {connect}\r\nSUB room{} 1\r\nPING\r\n", self.place.project))
    }
}

fn binary(text: String) -> Message {
    Message::Binary(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_whole_however_they_were_cut() {
        let place = |member| Place { project: 2, member };
        let spoken = spoken::write(place(1), 3, 4);
        let all = format!("INFO {{}}\r\nPONG\r\nMSG room2 1 {}\r\n{spoken}\r\nPING\r\n", spoken.len());
        for cut in 0..all.len() {
            let mut wire = Nats::new(place(0));
            let mut heard = Vec::new();
            for part in [&all[..cut], &all[cut..]] {
                wire.hear(&binary(part.to_owned()), |one| heard.push(one)).unwrap();
            }
            let [Heard::Reply(_), Heard::Ready, Heard::Moved(moved), Heard::Reply(_)] = &heard[..] else {
                panic!("{cut}: {heard:?}")
            };
            assert_eq!((moved.step, moved.sent_at), (Some(3), Some(4)));
        }
    }

    #[test]
    fn an_error_of_the_server_is_one() {
        let mut wire = Nats::new(Place { project: 2, member: 0 });
        wire.hear(&binary("-ERR 'no'\r\n".to_owned()), |_| {}).unwrap_err();
    }
}
