//! Joins in the wrong place (J2, J4).

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::{joined, upgraded};
use crate::support::{TestServer, eventually};

/// What needs a join, one message of each type.
const NEEDS_A_JOIN: [&str; 4] = [
    r#"{"type":"cursor_update","data":{"documentId":"plan","position":{"type":"canvas","x":1,"y":2}}}"#,
    r#"{"type":"switch_document","data":{"documentId":"plan","documentType":"canvas"}}"#,
    r#"{"type":"set_status","data":{"status":"away"}}"#,
    r#"{"type":"leave_session"}"#,
];

fn types_of(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["type"].as_str().expect("a type")).collect()
}

/// J4, Attack P1
#[test]
fn what_needs_a_join_is_refused_before_it_and_leaves_nothing_behind() {
    let server = TestServer::start();
    for message in NEEDS_A_JOIN {
        let mut client = upgraded(server.address());
        client.send_text(message);
        let error = client.message();
        assert_eq!((&error["code"], &error["temporary"]), (&json!("not_joined"), &json!(false)), "{message}");
        assert_eq!(client.messages_until_pong(), Vec::<Value>::new(), "{message}");
        let state = server.state();
        assert_eq!((state.sessions, state.projects), (0, 0), "after {message}");
        // The connection lost nothing by it.
        let users = client.join("ada")["data"].as_array().expect("users").clone();
        assert_eq!((users.len(), &users[0]["documents"]), (1, &json!({})), "after {message}");
        client.send_text(r#"{"type":"leave_session"}"#);
        assert_eq!(client.messages_until_pong(), Vec::<Value>::new(), "{message}");
        eventually(Duration::from_secs(5), "end of the project", || {
            (server.state().projects == 0).then_some(())
        });
    }
}

/// J4, Attack P1
#[test]
fn many_cursors_before_a_join_are_one_refusal_and_no_state() {
    let server = TestServer::start();
    let mut client = upgraded(server.address());
    for document in 0..900 {
        client.send_text(&NEEDS_A_JOIN[0].replace("plan", &format!("invented-{document}")));
    }
    let refusals = client.messages_until_pong();
    // The same refusal comes at most once a second; a slow machine may take more than one.
    assert!((1..=3).contains(&refusals.len()), "{refusals:?}");
    assert!(refusals.iter().all(|refusal| refusal["code"] == "not_joined"), "{refusals:?}");
    let state = server.state();
    assert_eq!((state.sessions, state.projects), (0, 0));
}

/// J2
#[test]
fn a_second_join_by_the_same_user_gets_a_fresh_snapshot_and_nobody_else_hears_of_it() {
    let server = TestServer::start();
    let mut witness = joined(&server, "witness");
    let mut client = upgraded(server.address());
    let first = client.join("ada");
    // No other field of the second join counts.
    let second = json!({"type": "join_session", "data": {
        "userId": "ada", "userName": "Another Name", "avatarColor": "#123456", "isAgent": true, "documentId": "plan",
    }});
    client.send_text(&second.to_string());
    let fresh = client.message();
    assert_eq!((&fresh["type"], &fresh["sessionId"]), (&json!("bulk_presence"), &first["sessionId"]));
    assert_eq!(fresh["data"], first["data"]);
    client.send_text(r#"{"type":"set_status","data":{"status":"away"}}"#);
    assert_eq!(client.message_of_type("user_updated")["user"]["userName"], "Someone");
    // The status is the barrier: it follows whatever the second join might have caused.
    assert_eq!(witness.message()["type"], "user_joined");
    let update = witness.message();
    assert_eq!((&update["type"], &update["user"]["status"]), (&json!("user_updated"), &json!("away")));
    assert_eq!(witness.messages_until_pong(), Vec::<Value>::new());
}

/// J2, Attack P4
#[test]
fn a_hundred_joins_at_once_are_one_session() {
    let server = TestServer::start();
    let mut witness = joined(&server, "witness");
    let mut client = upgraded(server.address());
    for _ in 0..100 {
        client.send_join("ada");
    }
    let answers: Vec<_> = (0..100).map(|_| client.message()).collect();
    assert_eq!(types_of(&answers), ["bulk_presence"; 100]);
    assert_eq!(client.messages_until_pong(), Vec::<Value>::new());
    let sessions: BTreeSet<_> = answers.iter().map(|answer| answer["sessionId"].to_string()).collect();
    assert_eq!(sessions.len(), 1);
    // The end of the one session is the barrier.
    client.send_text(r#"{"type":"leave_session"}"#);
    let story = [witness.message(), witness.message()];
    assert_eq!(types_of(&story), ["user_joined", "user_left"]);
}

/// J2, Attack P3
#[test]
fn a_join_as_somebody_else_is_refused_and_changes_nobody() {
    let server = TestServer::start();
    let mut witness = joined(&server, "witness");
    let mut client = joined(&server, "ada");
    assert_eq!(witness.message()["type"], "user_joined");
    client.send_join("eve");
    let error = client.message();
    assert_eq!((&error["code"], &error["temporary"]), (&json!("already_joined"), &json!(false)));
    assert_eq!(client.messages_until_pong(), Vec::<Value>::new());
    client.send_text(r#"{"type":"set_status","data":{"status":"idle"}}"#);
    let update = witness.message();
    assert_eq!((&update["type"], &update["user"]["userId"]), (&json!("user_updated"), &json!("ada")));
    let snapshot = client.join("ada");
    let users: Vec<_> =
        snapshot["data"].as_array().expect("users").iter().map(|user| &user["userId"]).collect();
    assert_eq!(users, ["witness", "ada"]);
}

/// J2, P3
#[test]
fn after_a_leave_the_connection_may_join_as_somebody_else() {
    let server = TestServer::start();
    let mut client = joined(&server, "ada");
    client.send_text(r#"{"type":"leave_session","data":{"documentId":"whichever"}}"#);
    let users = client.join("eve")["data"].as_array().expect("users").clone();
    assert_eq!((users.len(), &users[0]["userId"]), (1, &json!("eve")));
}
