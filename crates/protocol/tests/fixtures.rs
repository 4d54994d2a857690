//! The codec against the fixtures, which other implementations read too.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use collabd_protocol::codec::{self, BatchBuilder, peer};
use collabd_protocol::ids::{Incarnation, SessionId};
use collabd_protocol::v1::V1Message;
use collabd_protocol::{
    ClientMessage, CloseCode, DepartureReason, DocumentType, Encoding, ErrorCode, ServerMessage, WireError,
};
use serde::Deserialize;
use serde_json::Value;
use support::fixtures;

/// Client fixtures that the codec writes in another way than it may read them: the file, and the file that holds
/// what is written.
const NORMALISED: [(&str, &str); 7] = [
    ("cursor_update_3d_rotation_array", "cursor_update_3d_rotation_object"),
    ("cursor_update_canvas_nulls", "cursor_update_canvas"),
    ("join_session_nulls", "join_session"),
    ("join_session_unknown_fields", "join_session"),
    ("leave_session_null_data", "leave_session"),
    ("leave_session_without_data", "leave_session"),
    ("ping_with_data", "ping"),
];

/// A frame that is refused, and how.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
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

fn refusals() -> BTreeMap<String, Refusal> {
    let read = |(name, text): (String, String)| {
        let refusal = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, refusal)
    };
    fixtures("refusals").into_iter().map(read).collect()
}

/// The JSON value in `text`. JSON has one kind of number, so `1` and `1.0` are made the same.
fn json(text: &[u8]) -> Value {
    fn one_kind_of_number(value: Value) -> Value {
        match value {
            Value::Number(number) => number.as_f64().into(),
            Value::Array(items) => items.into_iter().map(one_kind_of_number).collect(),
            Value::Object(fields) => {
                let fields = fields.into_iter();
                fields.map(|(key, value)| (key, one_kind_of_number(value))).collect()
            }
            other => other,
        }
    }
    one_kind_of_number(serde_json::from_slice(text).unwrap_or_else(|error| panic!("{error}")))
}

fn decoded(folder: &str) -> Vec<(String, ClientMessage)> {
    let decode = |(name, text): (String, String)| match codec::decode(&text) {
        Ok(message) => (name, message),
        Err(error) => panic!("{name}: {error}"),
    };
    fixtures(folder).into_iter().map(decode).collect()
}

fn server_messages() -> Vec<(String, ServerMessage)> {
    let decode = |(name, text): (String, String)| match peer::decode(text.as_bytes()) {
        Ok(mut messages) if messages.len() == 1 => (name, messages.remove(0)),
        Ok(messages) => panic!("{name}: {} messages", messages.len()),
        Err(error) => panic!("{name}: {error}"),
    };
    fixtures("server").into_iter().map(decode).collect()
}

fn v1_messages() -> Vec<(String, V1Message)> {
    let decode = |(name, text): (String, String)| match peer::decode_v1(text.as_bytes()) {
        Ok(message) => (name, message),
        Err(error) => panic!("{name}: {error}"),
    };
    fixtures("v1").into_iter().map(decode).collect()
}

#[test]
fn a_client_message_encodes_to_the_json_it_was_decoded_from() {
    let texts = fixtures("client");
    let normalised = BTreeMap::from(NORMALISED);
    for (name, message) in decoded("client") {
        let written = peer::encode(&message);
        let expected = normalised.get(name.as_str()).unwrap_or(&name.as_str()).to_string();
        assert_eq!(json(written.as_bytes()), json(texts[&expected].as_bytes()), "{name}");
        assert_eq!(codec::decode(&written), Ok(message), "{name}");
    }
}

#[test]
fn a_normalised_fixture_differs_from_what_it_becomes() {
    let texts = fixtures("client");
    for (given, becomes) in NORMALISED {
        assert_ne!(json(texts[given].as_bytes()), json(texts[becomes].as_bytes()), "{given}");
    }
}

#[test]
fn a_server_message_encodes_to_the_json_it_was_decoded_from() {
    let texts = fixtures("server");
    for (name, message) in server_messages() {
        let written = codec::encode(&message, Encoding::Json);
        assert_eq!(json(written.payload()), json(texts[&name].as_bytes()), "{name}");
        assert_eq!(peer::decode(written.payload()).unwrap(), [message], "{name}");
    }
}

#[test]
fn a_v1_message_encodes_to_the_json_it_was_decoded_from() {
    let texts = fixtures("v1");
    for (name, message) in v1_messages() {
        let written = codec::encode_v1(&message).payload().clone();
        assert_eq!(json(&written), json(texts[&name].as_bytes()), "{name}");
        assert_eq!(peer::decode_v1(&written).unwrap(), message, "{name}");
    }
}

#[test]
fn a_batch_is_one_object_or_an_array_in_order() {
    let receiver = SessionId { incarnation: Incarnation(1), number: 1 };
    for (name, text) in fixtures("batch") {
        let mut batch = BatchBuilder::new(Encoding::JsonBatch);
        for message in peer::decode(text.as_bytes()).unwrap() {
            batch.push(None, &message);
        }
        let frames = batch.build().frames(receiver);
        assert_eq!(frames.len(), 1, "{name}");
        assert_eq!(json(frames[0].payload()), json(text.as_bytes()), "{name}");
    }
}

/// The older client takes an array for an error, so its peer must, too.
#[test]
fn an_array_is_no_v1_message() {
    for frame in [fixtures("batch")["several"].as_str(), r#"["pong"]"#, "[]"] {
        assert!(peer::decode_v1(frame.as_bytes()).is_err(), "{frame}");
    }
}

#[test]
fn a_message_is_an_object_for_the_peer_too() {
    for frame in [r#"[["pong"]]"#, r#""pong""#, "", "null"] {
        assert!(peer::decode(frame.as_bytes()).is_err(), "{frame}");
    }
    assert_eq!(peer::decode(b"\n [{\"type\":\"pong\"}]").unwrap(), [ServerMessage::Pong]);
}

/// X2
#[test]
fn a_refused_frame_gets_exactly_the_code_and_message_of_its_fixture() {
    for (name, refusal) in refusals() {
        let error = match codec::decode(&refusal.frame) {
            Ok(message) => panic!("{name}: accepted as {message:?}"),
            Err(error) => error,
        };
        assert_eq!((error.code, &error.message), (refusal.error.code, &refusal.error.message), "{name}");
        assert!(refusal.about.ends_with('.'), "{name}: says what it is about in a sentence");
    }
}

/// X2: what the decoder refuses counts as malformed, and it refuses with nothing else.
#[test]
fn every_code_of_a_malformed_message_has_a_refusal() {
    let codes: BTreeSet<_> = refusals().into_values().map(|refusal| refusal.error.code).collect();
    let malformed = ErrorCode::ALL.into_iter().filter(|code| code.is_malformed());
    assert_eq!(codes, malformed.collect());
}

/// Defines a function that names a message's kind, and the list of all names. A new kind does not compile until it
/// is here, and fails its test until it has a fixture.
macro_rules! kinds {
    ($function:ident, $list:ident, $type:ty, $($pattern:pat => $kind:literal,)*) => {
        const $list: &[&str] = &[$($kind),*];

        fn $function(message: &$type) -> &'static str {
            match message { $($pattern => $kind,)* }
        }
    };
}

kinds! { client_kind, CLIENT_KINDS, ClientMessage,
    ClientMessage::JoinSession(_) => "join_session",
    ClientMessage::SwitchDocument(_) => "switch_document",
    ClientMessage::CursorUpdate(_) => "cursor_update",
    ClientMessage::SetStatus(_) => "set_status",
    ClientMessage::LeaveSession(_) => "leave_session",
    ClientMessage::Authenticate(_) => "authenticate",
    ClientMessage::Ping => "ping",
}

kinds! { server_kind, SERVER_KINDS, ServerMessage,
    ServerMessage::BulkPresence { .. } => "bulk_presence",
    ServerMessage::UserJoined { .. } => "user_joined",
    ServerMessage::UserUpdated { .. } => "user_updated",
    ServerMessage::UserLeft { .. } => "user_left",
    ServerMessage::CursorUpdate { .. } => "cursor_update",
    ServerMessage::DocumentActivity { .. } => "document_activity",
    ServerMessage::Disconnect { .. } => "disconnect",
    ServerMessage::Error(_) => "error",
    ServerMessage::Pong => "pong",
    ServerMessage::TokenExpiring { .. } => "token_expiring",
    ServerMessage::RoleChanged { .. } => "role_changed",
}

kinds! { v1_kind, V1_KINDS, V1Message,
    V1Message::BulkPresence { .. } => "bulk_presence",
    V1Message::UserPresence { .. } => "user_presence",
    V1Message::DocumentActivity { .. } => "document_activity",
    V1Message::Error { .. } => "error",
    V1Message::Pong => "pong",
}

/// Compares the kinds that have fixtures with all there are, and each kind with its tag and its file's name.
fn check_kinds<T>(folder: &str, messages: &[(String, T)], kind: fn(&T) -> &'static str, all: &[&str]) {
    let texts = fixtures(folder);
    for (name, message) in messages {
        let kind = kind(message);
        assert_eq!(json(texts[name].as_bytes())["type"], kind, "{folder}/{name}");
        assert!(name.starts_with(kind), "{folder}/{name} holds a {kind}");
    }
    let found: BTreeSet<_> = messages.iter().map(|(_, message)| kind(message)).collect();
    assert_eq!(found, all.iter().copied().collect(), "{folder}");
}

#[test]
fn every_kind_of_message_has_a_fixture_named_after_it() {
    check_kinds("client", &decoded("client"), client_kind, CLIENT_KINDS);
    check_kinds("server", &server_messages(), server_kind, SERVER_KINDS);
    check_kinds("v1", &v1_messages(), v1_kind, V1_KINDS);
    for (_, message) in decoded("client") {
        assert_eq!(message.kind(), client_kind(&message));
    }
}

#[test]
fn every_document_type_has_its_fixtures() {
    let (mut switched, mut moved) = (BTreeSet::new(), BTreeSet::new());
    for (_, message) in decoded("client") {
        match message {
            ClientMessage::SwitchDocument(switch) => switched.insert(switch.document_type),
            ClientMessage::CursorUpdate(update) => moved.insert(update.position.document_type()),
            _ => false,
        };
    }
    let mut heard = BTreeSet::new();
    for (_, message) in server_messages() {
        if let ServerMessage::CursorUpdate { data } = message {
            heard.insert(data.position.document_type());
        }
    }
    let all = BTreeSet::from(DocumentType::ALL);
    assert_eq!([&switched, &moved, &heard], [&all; 3]);
}

#[test]
fn every_error_code_and_departure_reason_has_a_fixture() {
    let (mut errors, mut reasons) = (BTreeSet::new(), BTreeSet::new());
    for (name, message) in server_messages() {
        match message {
            ServerMessage::Error(WireError { code, temporary, .. }) => {
                assert_eq!(temporary, code.is_temporary(), "{name}");
                errors.insert(code);
            }
            ServerMessage::UserLeft { reason, .. } => {
                reasons.insert(reason);
            }
            ServerMessage::Disconnect { reason, code, .. } => {
                let known = CloseCode::from_number(code).map(CloseCode::name);
                assert_eq!(known, Some(reason.as_str()), "{name}");
            }
            _ => {}
        }
    }
    assert_eq!(errors, BTreeSet::from(ErrorCode::ALL));
    assert_eq!(reasons, BTreeSet::from(DepartureReason::ALL));
}
