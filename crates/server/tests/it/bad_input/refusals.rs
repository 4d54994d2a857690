//! Messages that are none (X2): the answer says what is wrong, and the connection stays usable.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{PROJECT, joined};
use crate::support::{Frame, RawClient, TestServer, v1_path, v2_path};

/// Rows on one connection: below the twenty malformed messages that close it.
const ROWS_PER_CONNECTION: usize = 15;

#[derive(Deserialize)]
struct Fixture {
    #[serde(default)]
    name: String,
    frame: String,
    error: Refusal,
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
    message: String,
}

/// The refusals that any implementation is to give, in groups for one connection each. The same text is not sent
/// twice within a second, so no group holds one twice.
fn groups_of_fixtures() -> Vec<Vec<Fixture>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../protocol/fixtures/refusals");
    let mut fixtures: Vec<Fixture> = folder
        .read_dir()
        .expect("the fixtures")
        .map(|entry| {
            let path = entry.expect("a fixture").path();
            let mut fixture: Fixture =
                serde_json::from_slice(&fs::read(&path).expect("a file")).expect("a fixture");
            fixture.name = path.display().to_string();
            fixture
        })
        .collect();
    assert!(fixtures.len() > 100, "only {} fixtures in {}", fixtures.len(), folder.display());
    let mut groups = Vec::new();
    while !fixtures.is_empty() {
        let mut texts = HashSet::new();
        let mut group = Vec::new();
        let mut rest = Vec::new();
        for fixture in fixtures {
            if group.len() < ROWS_PER_CONNECTION && texts.insert(fixture.error.message.clone()) {
                group.push(fixture);
            } else {
                rest.push(fixture);
            }
        }
        groups.push(group);
        fixtures = rest;
    }
    groups
}

/// Sends every fixture over a joined connection; each must be answered by what `answer` makes of it, and by that
/// alone, and a ping after it must be answered.
fn send_all(path: &str, answer: fn(&Refusal) -> Value) {
    let server = TestServer::start();
    for group in groups_of_fixtures() {
        let mut client = RawClient::joined(server.address(), path, "ada");
        for Fixture { name, frame, error } in group {
            client.send_text(&frame);
            assert_eq!(client.message(), answer(&error), "{name}");
            assert_eq!(client.messages_until_pong(), Vec::<Value>::new(), "{name}");
        }
        // The next one must not hear of the end of this one.
        client.send_frame(&Frame::close(1000, b""));
        client.end();
    }
}

/// X2, W10
#[test]
fn every_refusal_of_the_fixtures_reaches_a_v2_client_that_stays_connected() {
    send_all(
        &v2_path(PROJECT),
        |error| json!({"type": "error", "code": error.code, "message": error.message, "temporary": false}),
    );
}

/// X2
#[test]
fn every_refusal_of_the_fixtures_reaches_a_v1_client_as_a_message_alone() {
    send_all(&v1_path(PROJECT), |error| json!({"type": "error", "message": error.message}));
}

fn cursor(position: &str) -> String {
    format!(r#"{{"type":"cursor_update","data":{{"documentId":"plan","position":{position}}}}}"#)
}

/// What clients get wrong most: the frame, the code of the answer and what its text must name.
fn common_mistakes() -> Vec<(String, &'static str, &'static str)> {
    let deep = "[".repeat(30_000);
    vec![
        ("{\"type\":".to_owned(), "bad_request", "EOF"),
        ("hello".to_owned(), "bad_request", "must be a JSON object"),
        (r#"{"type":"teleport"}"#.to_owned(), "bad_request", "type: must be one of "),
        (r#"{"type":"switch_document","data":{"documentId":"d"}}"#.to_owned(), "bad_request", "documentType"),
        (
            r#"{"type":"switch_document","data":{"documentId":"","documentType":"canvas"}}"#.to_owned(),
            "bad_request",
            "data.documentId: ",
        ),
        (cursor(r#"{"type":"canvas","x":NaN,"y":0}"#), "bad_request", "data"),
        (cursor(r#"{"type":"canvas","x":Infinity,"y":0}"#), "bad_request", "data"),
        (cursor(r#"{"type":"canvas","x":0,"y":-1e999}"#), "invalid_position", "data.position.y: "),
        (cursor(r#"{"type":"spreadsheet","row":-1,"column":0}"#), "invalid_position", "data.position.row: "),
        (
            cursor(r#"{"type":"code_editor","line":0,"column":-7}"#),
            "invalid_position",
            "data.position.column: ",
        ),
        (format!(r#"{{"type":"ping","data":{deep}"#), "bad_request", ""),
        (format!(r#"{{"type":"cursor_update","data":{{"documentId":{deep}"#), "bad_request", "data"),
        (deep, "bad_request", "must be a JSON object"),
    ]
}

/// X2, W10
#[test]
fn common_mistakes_are_named_and_forgiven() {
    let server = TestServer::start();
    for (frame, code, text) in common_mistakes() {
        let case = &frame[..frame.len().min(120)];
        let mut client = joined(&server, "ada");
        client.send_text(&frame);
        let error = client.message();
        assert_eq!((&error["type"], &error["code"]), (&json!("error"), &json!(code)), "{case}: {error}");
        let message = error["message"].as_str().expect("a text");
        assert!(message.contains(text) && message.len() <= 243, "{case}: {message}");
        assert_eq!(client.messages_until_pong(), Vec::<Value>::new(), "{case}");
    }
}
