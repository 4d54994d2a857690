//! The protocol of Pusher, as Sockudo speaks it: a channel that clients may send events to is private, and who may join it
//! shows a signature that a backend would make.

use aws_lc_rs::hmac;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::connect::Door;
use super::heard::Heard;
use super::socket::Message;
use super::{Place, WireError, spoken};

/// The application that members belong to.
pub(crate) const APPLICATION_KEY: &str = "bench";
/// What its backend signs with.
pub(crate) const APPLICATION_SECRET: &str = "bench";
/// What a move is called; only names with this prefix come from clients.
const CURSOR: &str = "client-cursor";

/// One member's part of the wire.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pusher {
    place: Place,
}

/// A message of the server.
#[derive(Debug, Deserialize)]
struct Event<'a> {
    event: &'a str,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// What the server says first, as text within text.
#[derive(Debug, Deserialize)]
struct Established {
    socket_id: String,
}

impl Pusher {
    pub(super) fn new(place: Place) -> Self {
        Self { place }
    }

    pub(super) fn door() -> Door {
        let path = format!("/app/{APPLICATION_KEY}?protocol=7&client=bench&version=1");
        Door { path, subprotocol: None }
    }

    pub(super) fn say(self, step: u32, sent_at: i64) -> Message {
        let (channel, spoken) = (self.channel(), spoken::write(self.place, step, sent_at));
        text(format!(r#"{{"event":"{CURSOR}","channel":"{channel}","data":{spoken}}}"#))
    }

    pub(super) fn hear(self, message: &Message, mut each: impl FnMut(Heard)) -> Result<(), WireError> {
        let Event { event, data } = serde_json::from_slice(message.payload()).map_err(WireError::message)?;
        let data = data.map_or("", RawValue::get);
        match event {
            CURSOR => spoken::read(self.place, data.as_bytes()).into_iter().for_each(each),
            "pusher:connection_established" => each(Heard::Reply(self.subscription(data)?)),
            "pusher_internal:subscription_succeeded" => each(Heard::Ready),
            "pusher:ping" => each(Heard::Reply(text(json!({ "event": "pusher:pong" }).to_string()))),
            "pusher:error" | "pusher:subscription_error" => return Err(WireError::Message(data.to_owned())),
            _ => {}
        }
        Ok(())
    }

    fn subscription(self, established: &str) -> Result<Message, WireError> {
        let established: String = serde_json::from_str(established).map_err(WireError::message)?;
        let Established { socket_id } = serde_json::from_str(&established).map_err(WireError::message)?;
        let channel = self.channel();
        let auth = format!("{APPLICATION_KEY}:{}", signature(&format!("{socket_id}:{channel}")));
        let subscribe = json!({ "event": "pusher:subscribe", "data": { "channel": channel, "auth": auth } });
        Ok(text(subscribe.to_string()))
    }

    fn channel(self) -> String {
        format!("private-room{}", self.place.project)
    }
}

fn signature(of: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, APPLICATION_SECRET.as_bytes());
    let digits = |byte: &u8| [byte >> 4, byte & 0xf];
    let signature = hmac::sign(&key, of.as_bytes());
    signature
        .as_ref()
        .iter()
        .flat_map(digits)
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn text(text: String) -> Message {
    Message::Text(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(message: &str) -> Vec<Heard> {
        let mut heard = Vec::new();
        let wire = Pusher::new(Place { project: 3, member: 1 });
        wire.hear(&text(message.to_owned()), |one| heard.push(one)).unwrap();
        heard
    }

    #[test]
    fn a_member_shows_a_signature_and_is_in() {
        let established = r#"{"event":"pusher:connection_established","data":"{\"socket_id\":\"1.2\"}"}"#;
        let [Heard::Reply(subscribe)] = &heard(established)[..] else { panic!("no answer") };
        let said: serde_json::Value = serde_json::from_slice(subscribe.payload()).unwrap();
        // As `printf 1.2:private-room3 | openssl dgst -sha256 -hmac bench` says.
        assert_eq!(
            said["data"]["auth"],
            "bench:b218f5cbbc9ce123ebb902ea3d8cc989502ab9288093fc87a30dc41b73017ec0"
        );
        let succeeded =
            r#"{"event":"pusher_internal:subscription_succeeded","channel":"private-room3","data":"{}"}"#;
        assert_eq!(heard(succeeded), [Heard::Ready]);
    }

    #[test]
    fn an_event_of_a_client_is_a_move() {
        let said = Pusher::new(Place { project: 3, member: 0 }).say(4, 5);
        let said = String::from_utf8(said.payload().to_vec()).unwrap();
        assert!(matches!(heard(&said)[..], [Heard::Moved(moved)] if moved.step == Some(4)), "{said}");
    }
}
