//! Input that looks bad and is not: it is data, and comes out as it went in.

use serde_json::{Value, json};

use super::{joined, upgraded};
use crate::support::{RawClient, TestServer};

/// Joins as `user` called `name`, in `document`.
fn join_as(server: &TestServer, user: &str, name: &str, document: &str) -> (RawClient, Value) {
    let mut client = upgraded(server.address());
    let join =
        json!({"type": "join_session", "data": {"userId": user, "userName": name, "documentId": document}});
    client.send_text(&join.to_string());
    let snapshot = client.message_of_type("bulk_presence");
    (client, snapshot)
}

/// Texts that have broken programs: keys of objects in JavaScript, markup, text that shows in another order, text
/// that does not show, and bytes of every length of UTF-8.
const ODD_TEXTS: [&str; 10] = [
    "__proto__",
    "constructor",
    "toString",
    "</script><script>alert(1)</script>",
    "' OR 1=1 --",
    "\u{202e}evil\u{202c}",
    "a\u{200b}\u{200d}b\u{feff}",
    "\u{7ff}\u{800}\u{ffff}\u{10ffff}",
    "${jndi:ldap://x}",
    "%00%n%s",
];

/// W10, W11
#[test]
fn odd_texts_are_ids_and_names_like_any_other() {
    let server = TestServer::start();
    for text in ODD_TEXTS {
        let (mut witness, _) = join_as(&server, "witness", "Witness", text);
        let (mut client, snapshot) = join_as(&server, text, text, text);
        let me = &snapshot["data"][1];
        assert_eq!((&me["userId"], &me["userName"]), (&json!(text), &json!(text)), "{snapshot}");
        assert!(me["documents"].get(text).is_some(), "{snapshot}");
        let position = json!({"type": "spreadsheet", "row": 1, "column": 2, "sheet": text});
        let data = json!({"documentId": format!("{text}2"), "position": position, "selectedNodeId": text});
        for client in [&mut witness, &mut client] {
            client.send_text(&json!({"type": "cursor_update", "data": data}).to_string());
        }
        let seen = &witness.message_of_type("cursor_update")["data"];
        assert_eq!((&seen["userId"], &seen["position"]), (&json!(text), &position), "{seen}");
        assert_eq!(seen["selectedNodeId"], text, "{seen}");
        while client.message_of_type("document_activity")["data"]["documentId"] != text {}
        for mut client in [witness, client] {
            client.send_text(r#"{"type":"leave_session"}"#);
            client.messages_until_pong();
        }
    }
}

/// W10, Attack P7
#[test]
fn unknown_fields_are_ignored_at_every_depth() {
    let server = TestServer::start();
    let mut client = joined(&server, "ada");
    let mut witness = joined(&server, "witness");
    witness.send_text(r#"{"type":"switch_document","data":{"documentId":"plan","documentType":"canvas"}}"#);
    witness.message_of_type("document_activity");
    let position = json!({"type": "canvas", "x": 1.5, "y": 2.5, "__proto__": {"z": 1}, "depth": [[[]]]});
    let update = json!({
        "type": "cursor_update", "id": 7, "__proto__": {"isAdmin": true},
        "data": {"documentId": "plan", "position": position, "color": null, "constructor": {"prototype": 1}},
    });
    client.send_text(&update.to_string());
    let seen = &witness.message_of_type("cursor_update")["data"];
    assert_eq!(
        seen["position"],
        json!({"type": "canvas", "x": 1.5, "y": 2.5}),
        "only what the protocol knows"
    );
    assert_eq!(seen.as_object().expect("an object").len(), 5, "{seen}");
    assert!(client.messages_until_pong().iter().all(|message| message["type"] != "error"));
}

/// W11
#[test]
fn a_number_goes_through_to_its_last_bit() {
    let server = TestServer::start();
    let mut client = joined(&server, "ada");
    let mut witness = joined(&server, "witness");
    witness.send_text(r#"{"type":"switch_document","data":{"documentId":"plan","documentType":"canvas"}}"#);
    witness.message_of_type("document_activity");
    for x in [0.1, -0.0, 1e-308, f64::MAX, f64::MIN_POSITIVE, 123_456_789.123_456_79, 5e-324] {
        let data = json!({"documentId": "plan", "position": {"type": "canvas", "x": x, "y": 0}});
        client.send_text(&json!({"type": "cursor_update", "data": data}).to_string());
        let seen = witness.message_of_type("cursor_update");
        let seen = seen["data"]["position"]["x"].as_f64().expect("a number");
        assert_eq!(seen.to_bits(), x.to_bits(), "{seen} for {x}");
    }
}
