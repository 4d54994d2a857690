//! The compact form against its fixtures, against the JSON form, and against bytes that nobody wrote by hand.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/frames.rs"]
mod frames;
mod support;

use std::collections::BTreeMap;

use collabd_protocol::codec::{self, BatchBuilder, Frame, peer};
use collabd_protocol::ids::Incarnation;
use collabd_protocol::server::CursorMoved;
use collabd_protocol::{ClientMessage, DocumentId, Encoding, ErrorCode, ServerMessage, SessionId, UserId};
use frames::{edit, outlined_frame};
use peer::Introductions;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::Deserialize;
use serde_json::Value;
use support::fixtures;

/// What a client is sent on one connection, and what it takes from that.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Heard {
    about: String,
    frames: Vec<String>,
    messages: Vec<Value>,
}

/// What a client sends, and what a server takes from it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    about: String,
    frame: String,
    message: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    about: String,
    frame: String,
    error: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    code: ErrorCode,
    message: String,
}

fn read<T: for<'de> Deserialize<'de>>(folder: &str) -> BTreeMap<String, T> {
    let read = |(name, text): (String, String)| {
        let parsed = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{folder}/{name}: {error}"));
        (name, parsed)
    };
    fixtures(folder).into_iter().map(read).collect()
}

/// The bytes that a fixture writes in hexadecimal digits, with spaces where they help.
fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| *byte != b' ').collect();
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16);
    digits.chunks(2).map(|pair| byte(pair).unwrap_or_else(|error| panic!("{hex}: {error}"))).collect()
}

fn server_message(value: &Value) -> ServerMessage {
    peer::decode(value.to_string().as_bytes()).unwrap().remove(0)
}

fn server_messages() -> Vec<ServerMessage> {
    fixtures("server").into_values().map(|text| peer::decode(text.as_bytes()).unwrap().remove(0)).collect()
}

fn client_messages() -> Vec<ClientMessage> {
    fixtures("client").into_values().map(|text| codec::decode(&text).unwrap()).collect()
}

fn payload(frame: &Frame) -> &[u8] {
    let Frame::Binary(payload) = frame else { panic!("the compact form is binary: {frame:?}") };
    payload
}

#[test]
fn a_client_takes_from_each_fixture_what_it_says() {
    for (name, heard) in read::<Heard>("compact") {
        let mut known = Introductions::default();
        let taken: Vec<_> =
            heard.frames.iter().flat_map(|frame| known.decode(&bytes(frame)).unwrap()).collect();
        let expected: Vec<_> = heard.messages.iter().map(server_message).collect();
        assert_eq!(taken, expected, "{name}");
        assert!(heard.about.ends_with('.'), "{name}: says what it is about in a sentence");
    }
}

#[test]
fn a_server_takes_from_each_fixture_what_it_says() {
    for (name, said) in read::<Said>("compact_client") {
        let taken =
            codec::decode_compact(&bytes(&said.frame)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(taken, codec::decode(&said.message.to_string()).unwrap(), "{name}");
        assert!(said.about.ends_with('.'), "{name}: says what it is about in a sentence");
    }
}

/// X2
#[test]
fn a_refused_frame_gets_exactly_the_code_and_message_of_its_fixture() {
    for (name, refused) in read::<Refused>("compact_refusals") {
        let error = match codec::decode_compact(&bytes(&refused.frame)) {
            Ok(message) => panic!("{name}: accepted as {message:?}"),
            Err(error) => error,
        };
        assert_eq!((error.code, &error.message), (refused.error.code, &refused.error.message), "{name}");
        assert!(refused.about.ends_with('.'), "{name}: says what it is about in a sentence");
    }
}

#[test]
fn every_message_says_the_same_in_both_forms() {
    for message in server_messages() {
        let frame = codec::encode(&message, Encoding::Compact);
        assert_eq!(Introductions::default().decode(payload(&frame)).unwrap(), [message]);
    }
    for message in client_messages() {
        let taken = codec::decode_compact(&peer::encode_compact(&message)).unwrap();
        let ClientMessage::CursorUpdate(moved) = &message else {
            assert_eq!(taken, message);
            continue;
        };
        // A move always names its type.
        let mut named = moved.clone();
        named.document_type = Some(moved.position.document_type());
        assert_eq!(taken, ClientMessage::CursorUpdate(named));
    }
}

fn moves() -> Vec<CursorMoved> {
    let moves = server_messages().into_iter().filter_map(|message| match message {
        ServerMessage::CursorUpdate { data } => Some(data),
        _ => None,
    });
    moves.collect()
}

/// Each move with its own session and document.
fn told_apart() -> Vec<CursorMoved> {
    let apart = |(number, moved): (u64, CursorMoved)| CursorMoved {
        user_id: UserId::new(format!("u{number}")).unwrap(),
        session_id: SessionId { incarnation: Incarnation(0x0197_4a2c_3f10), number },
        document_id: DocumentId::new(format!("d{number}")).unwrap(),
        ..moved
    };
    (1..).zip(moves()).map(apart).collect()
}

fn batch(moves: &[CursorMoved], is_introduced: bool) -> codec::Batch {
    let mut batch = BatchBuilder::new(Encoding::Compact);
    for moved in moves {
        batch.push_move(moved, moved.session_id.number, is_introduced);
    }
    batch.build()
}

/// C1
#[test]
fn moves_of_every_type_arrive_whole_and_none_at_its_mover() {
    let moves = told_apart();
    let mut known = Introductions::default();
    for is_introduced in [false, true] {
        let batch = batch(&moves, is_introduced);
        for own in &moves {
            let others: Vec<_> = moves.iter().filter(|moved| *moved != own).cloned().collect();
            let [frame] = &batch.frames(own.session_id)[..] else { panic!("one frame for all") };
            let taken = known.decode(payload(frame)).unwrap();
            let expected: Vec<_> =
                others.into_iter().map(|data| ServerMessage::CursorUpdate { data }).collect();
            assert_eq!(taken, expected);
        }
    }
}

/// The point of it: a move of a busy document takes at most 20 bytes.
#[test]
fn a_move_of_a_busy_document_is_short() {
    let template = moves().into_iter().find(|moved| moved.timestamp.is_none()).unwrap();
    let at = serde_json::json!({"type": "canvas", "x": 1234.5, "y": -0.015_625, "zoom": 0.75});
    let moves: Vec<_> = (100..250)
        .map(|number| {
            let mut moved = template.clone();
            moved.session_id.number = number;
            moved.position = serde_json::from_value(at.clone()).unwrap();
            moved
        })
        .collect();
    let mut batch = BatchBuilder::new(Encoding::Compact);
    for moved in &moves {
        batch.push_move(moved, 7, true);
    }
    let frames = batch.build().frames(SessionId { incarnation: Incarnation(1), number: 1 });
    let bytes: usize = frames.iter().map(Frame::len).sum();
    assert!(bytes <= 20 * moves.len(), "{bytes} bytes for {} moves", moves.len());
}

/// A client that lags may meet numbers that nobody has explained: what it missed comes again.
#[test]
fn moves_of_unknown_numbers_are_left_out() {
    let moves = told_apart();
    let stranger = SessionId { incarnation: Incarnation(1), number: 999 };
    let frames = batch(&moves, true).frames(stranger);
    assert_eq!(Introductions::default().decode(payload(&frames[0])).unwrap(), []);
}

/// What is forgotten with its user does not add up for a client that stays.
#[test]
fn whoever_left_is_forgotten() {
    let moves = told_apart();
    let stranger = SessionId { incarnation: Incarnation(1), number: 999 };
    let mut known = Introductions::default();
    known.decode(payload(&batch(&moves, false).frames(stranger)[0])).unwrap();
    let left: Value = serde_json::json!({"type": "user_left", "userId": "u1", "reason": "left"});
    let frame = codec::encode(&server_message(&left), Encoding::Compact);
    known.decode(payload(&frame)).unwrap();
    let taken = known.decode(payload(&batch(&moves, true).frames(stranger)[0])).unwrap();
    assert_eq!(taken.len(), moves.len() - 1);
}

/// X2: whatever the bytes, the answer is a message that can be said again or a refusal that can be sent.
fn check(frame: &[u8]) {
    match codec::decode_compact(frame) {
        Ok(message) => assert_eq!(codec::decode_compact(&peer::encode_compact(&message)), Ok(message)),
        Err(error) => {
            assert!(error.code.is_malformed(), "{error:?}");
            assert!(!error.message.is_empty() && error.message.len() <= 243, "{error:?}");
            assert!(!error.message.contains(char::is_control), "{error:?}");
        }
    }
    // And a client survives whatever a server sends.
    let _ = Introductions::default().decode(frame);
}

fn known_frames() -> Vec<Vec<u8>> {
    let said = read::<Said>("compact_client").into_values().map(|said| bytes(&said.frame));
    let heard = read::<Heard>("compact").into_values().flat_map(|heard| heard.frames).map(|hex| bytes(&hex));
    let refused = read::<Refused>("compact_refusals").into_values().map(|refused| bytes(&refused.frame));
    said.chain(heard).chain(refused).collect()
}

proptest! {
    /// X2
    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..200)) {
        check(&bytes);
        check(&[&[0], &bytes[..]].concat());
        check(&[&[0, 0x94, 0xa6], &b"canvas\xa1d"[..], &bytes[..]].concat());
    }

    /// X2
    #[test]
    fn any_mutation_of_a_known_frame_is_answered(
        frame in select(known_frames()),
        edits in vec((any::<Index>(), any::<u8>(), 0..4_u8), 1..4),
    ) {
        let mut frame = frame;
        for (at, byte, kind) in edits {
            let place = at.index(frame.len() + 1);
            match kind {
                0 => frame.insert(place, byte),
                1 => frame.truncate(place),
                _ if place == frame.len() => {}
                2 => drop(frame.remove(place)),
                _ => frame[place] = byte,
            }
        }
        check(&frame);
    }

    /// X2: both forms know the same rules.
    #[test]
    fn a_message_is_taken_or_refused_alike_in_both_forms(
        outlined in outlined_frame(),
        known in select(frames::known_frames()),
        edits in vec(edit(), 0..3),
    ) {
        let edited = edits.iter().fold(known, |frame, edit| edit.apply(&frame));
        for text in [outlined, edited] {
            // What is no JSON cannot be said in both, nor what is no map.
            let Ok(value @ Value::Object(_)) = serde_json::from_str::<Value>(&text) else { continue };
            let mut frame = vec![0];
            rmp_serde::encode::write_named(&mut frame, &value).unwrap();
            match codec::decode_compact(&frame) {
                Err(error) if error.message.starts_with("nested deeper") => {}
                taken => {
                    let refusal = |error: codec::DecodeError| error.code;
                    prop_assert_eq!(taken.map_err(refusal), codec::decode(&value.to_string()).map_err(refusal));
                }
            }
        }
    }

    /// C2
    #[test]
    fn a_move_says_the_same_in_both_forms(text in outlined_frame()) {
        if let Ok(message) = codec::decode(&text) {
            let taken = codec::decode_compact(&peer::encode_compact(&message));
            match message {
                ClientMessage::CursorUpdate(mut moved) => {
                    moved.document_type = Some(moved.position.document_type());
                    prop_assert_eq!(taken, Ok(ClientMessage::CursorUpdate(moved)));
                }
                other => prop_assert_eq!(taken, Ok(other)),
            }
        }
    }
}
