//! Messages, as y-protocols writes them and as it reads them.

use bytes::Bytes;
use collabd_documents::content::Content;
use collabd_documents::limits::{AwarenessLimits, ContentLimits};
use collabd_documents::wire::peer::{self, ServerMessage};
use collabd_documents::wire::{self, AwarenessEntry, ClientMessage, StateVector, WireError};
use collabd_protocol::{CloseCode, DocumentId};
use serde_json::Value;

use crate::support::unhex;

struct Messages(Value);

impl Messages {
    fn read() -> Self {
        Self(serde_json::from_str(include_str!("../../fixtures/messages.json")).unwrap())
    }

    fn bytes(&self, name: &str) -> Bytes {
        unhex(self.0[name].as_str().unwrap())
    }

    fn decoded(&self, name: &str) -> ClientMessage {
        decode(&self.bytes(name)).unwrap()
    }
}

fn decode(bytes: &Bytes) -> Result<ClientMessage, WireError> {
    wire::decode(bytes, &ContentLimits::default(), &AwarenessLimits::default())
}

fn ada() -> AwarenessEntry {
    let state = Bytes::from_static(br##"{"user":{"name":"Ada","color":"#abc"},"cursor":null}"##);
    AwarenessEntry { client: 7, clock: 1, state: Some(state) }
}

#[test]
fn what_clients_say_is_understood() {
    let messages = Messages::read();
    let vector = StateVector::new(messages.bytes("stateVector"), &ContentLimits::default()).unwrap();
    assert_eq!(vector.iter().collect::<Vec<_>>(), [(7, 5)]);
    let update = messages.bytes("update");
    assert_eq!(messages.decoded("syncStep1"), ClientMessage::SyncStep1(vector));
    assert_eq!(messages.decoded("syncStep2"), ClientMessage::SyncStep2(update.clone()));
    assert_eq!(messages.decoded("syncUpdate"), ClientMessage::Update(update));
    assert_eq!(messages.decoded("awareness"), ClientMessage::Awareness(vec![ada()]));
    let gone = AwarenessEntry { client: 7, clock: 2, state: None };
    assert_eq!(messages.decoded("awarenessGone"), ClientMessage::Awareness(vec![gone]));
    assert_eq!(messages.decoded("queryAwareness"), ClientMessage::QueryAwareness);
    assert_eq!(messages.decoded("authenticate"), ClientMessage::Authenticate("token".to_owned()));
    assert_eq!(decode(&peer::close()), Ok(ClientMessage::Close));
    assert_eq!(decode(&peer::query_awareness()), Ok(ClientMessage::QueryAwareness));
    assert_eq!(peer::authenticate("token"), messages.bytes("authenticate"));
}

#[test]
fn the_server_writes_what_the_library_of_clients_writes() {
    let messages = Messages::read();
    let mut content = Content::new(ContentLimits::default());
    content.apply(&messages.bytes("update")).unwrap();
    assert_eq!(wire::sync_step1(&content.state_vector()), messages.bytes("syncStep1"));
    assert_eq!(wire::sync_step2(&content.diff(&StateVector::empty())), messages.bytes("syncStep2"));
    assert_eq!(wire::update(&content.state()), messages.bytes("syncUpdate"));
    assert_eq!(wire::awareness(&[ada()]), messages.bytes("awareness"));
    assert_eq!(wire::permission_denied("viewers cannot write"), messages.bytes("permissionDenied"));
}

#[test]
fn what_the_server_says_is_read_back() {
    let vector = Bytes::from_static(&[1, 7, 5]);
    let read = |bytes: Bytes| peer::decode(&bytes).unwrap();
    assert_eq!(read(wire::sync_step1(&vector)), ServerMessage::SyncStep1(vector.clone()));
    assert_eq!(read(wire::sync_step2(&[0, 0])), ServerMessage::SyncStep2(Bytes::from_static(&[0, 0])));
    assert_eq!(read(wire::update(&[0, 0])), ServerMessage::Update(Bytes::from_static(&[0, 0])));
    assert_eq!(read(wire::awareness(&[ada()])), ServerMessage::Awareness(vec![ada()]));
    assert_eq!(read(wire::permission_denied("no")), ServerMessage::PermissionDenied("no".to_owned()));
    assert_eq!(read(wire::saved(1 << 40, &vector)), ServerMessage::Saved(1 << 40, vector));
    let closed = wire::closed(CloseCode::SlowConsumer, "too slow");
    assert_eq!(read(closed), ServerMessage::Closed(4000, "too slow".to_owned()));
}

#[test]
fn a_message_is_found_behind_its_address() {
    let id = DocumentId::new("döcument/1").unwrap();
    let message = wire::update(&[0, 0]);
    let addressed = wire::addressed(&id, &message);
    assert_eq!(wire::split_address(&addressed), Ok((id, message)));
    for bad in [&b""[..], b"\x00", b"\x05abc", b"\x01\n", b"\x01\xff", &[0xff; 12], &[0x80, 0x02]] {
        let refused = wire::split_address(&Bytes::copy_from_slice(bad)).unwrap_err();
        assert_eq!(refused.close_code(), CloseCode::BadRequest, "{bad:?}");
    }
    let mut long = vec![0x81, 0x02];
    long.extend([b'a'; 257]);
    let refused = wire::split_address(&long.into()).unwrap_err();
    assert_eq!(refused.to_string(), "document id: has 257 bytes, the limit is 256");
}

#[test]
fn a_refusal_names_the_field_the_problem_and_the_limit() {
    let limits = ContentLimits { update_bytes: 3, ..ContentLimits::default() };
    let text = |bytes: &[u8]| {
        let bytes = Bytes::copy_from_slice(bytes);
        wire::decode(&bytes, &limits, &AwarenessLimits::default()).unwrap_err().to_string()
    };
    assert_eq!(text(&[0, 2, 4, 0, 0, 0, 0]), "update: has 4 bytes, the limit is 3");
    assert_eq!(text(&[0, 0, 1, 9]), "state vector: has 9 elements, the limit is 0");
    assert_eq!(text(&[9]), "message type: 9 is unknown");
    assert_eq!(text(&[3, 1]), "message: 1 bytes follow where it should end");
    assert_eq!(text(&[0, 2, 4, 0]), "update: the message ends in the middle of it");
}
