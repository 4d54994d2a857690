//! Messages in the wrong order, or about a project that is not the sender's.

use std::time::Duration;

use collabd_loadgen::process::ProcessSample;
use serde_json::json;

use crate::support::{Bystanders, Frame, RawClient, TestServer, eventually, v1_path, v2_path};

/// Moves in a document, before anybody has joined: as large as a message may be.
fn long_move(number: usize) -> String {
    let file = "f".repeat(500);
    let position = json!({"type": "code_editor", "line": number, "column": 0, "file": file});
    let data = json!({"documentId": format!("{}-{number}", "d".repeat(200)), "position": position});
    json!({"type": "cursor_update", "data": data, "padding": "x".repeat(2000)}).to_string()
}

/// Attack P1: nothing is kept of what comes before a join, however much it is.
#[test]
fn what_comes_before_a_join_takes_no_memory() {
    // Otherwise the bytes alone would be held back, and nothing be shown about what becomes of them.
    let server = TestServer::start_with(&["--bytes-per-second", "1000000000", "--byte-burst", "1000000000"]);
    let watched = Bystanders::beside(&server);
    let resident = || ProcessSample::read(server.pid()).expect("the process").resident_bytes;
    let mut clients: Vec<_> = (0..20).map(|_| RawClient::upgraded(server.address(), &v2_path(1))).collect();
    let before = resident();
    for client in &mut clients {
        for number in 0..900 {
            client.send_text(&long_move(number));
        }
        assert!(client.messages_until_pong().iter().all(|refusal| refusal["type"] == "error"));
    }
    // 50 MB were sent.
    let after = resident();
    assert!(after < before + (12 << 20), "grew from {before} to {after} bytes");
    let state = server.state();
    assert_eq!((state.sessions, state.projects), (2, 1), "only the bystanders are anywhere");
    watched.noticed_nothing();
}

/// Attack P4: however often somebody joins, on however many sockets at once, others hear of one arrival.
#[test]
fn a_hundred_sockets_of_one_user_are_one_arrival() {
    let server = TestServer::start_with(&["--grace", "0s"]);
    let mut witness = RawClient::joined(server.address(), &v2_path(1), "witness");
    let mut clients: Vec<_> = (0..100).map(|_| RawClient::upgraded(server.address(), &v2_path(1))).collect();
    for client in &mut clients {
        client.send_join("ada");
        client.send_join("ada");
    }
    for client in &mut clients {
        client.message_of_type("bulk_presence");
    }
    drop(clients);
    // Her last session's end comes after all that was told of her.
    let mut arrivals = 0;
    loop {
        let message = witness.message();
        match message["type"].as_str() {
            Some("user_joined") => arrivals += 1,
            Some("user_left") => break,
            _ => {}
        }
    }
    assert_eq!(arrivals, 1);
}

/// Attack P5: a connection is in the project of its address, whatever its messages name.
#[test]
fn a_message_that_names_another_project_changes_nothing_there() {
    let server = TestServer::start();
    let watched = Bystanders::beside(&server);
    let mut witness = RawClient::joined(server.address(), &v2_path(2), "witness");
    for path in [v1_path(1), v2_path(1)] {
        let mut client = RawClient::upgraded(server.address(), &path);
        for join in ["", r#""documentId":"plan","#] {
            for message in [
                format!(r#"{{"type":"join_session","projectId":2,"project_id":2,"data":{{{join}"projectId":2,"project_id":2,"userId":"ada","userName":"Ada"}}}}"#),
                r#"{"type":"switch_document","projectId":2,"data":{"projectId":2,"documentId":"2/plan","documentType":"canvas"}}"#.to_owned(),
                r#"{"type":"cursor_update","projectId":2,"data":{"projectId":2,"documentId":"plan","position":{"type":"canvas","x":1,"y":2}}}"#.to_owned(),
                r#"{"type":"set_status","projectId":2,"data":{"projectId":2,"status":"away"}}"#.to_owned(),
            ] {
                client.send_text(&message);
            }
            client.messages_until_pong();
        }
        client.send_text(r#"{"type":"leave_session","projectId":2,"data":{"projectId":2}}"#);
        client.messages_until_pong();
        client.send_text(r#"{"type":"leave_session","projectId":3}"#);
        client.messages_until_pong();
    }
    assert!(witness.messages_until_pong().is_empty(), "something came from another project");
    // Those of the bystanders and of the witness; the one that was left ends by itself.
    eventually(Duration::from_secs(5), "end of the project", || (server.state().projects == 2).then_some(()));
    watched.noticed_nothing();
}

/// Attack P8: both ends close at the same moment, a hundred times; every socket is free again within two seconds.
#[test]
fn closes_that_cross_each_other_free_the_socket() {
    let server = TestServer::start_with(&["--grace", "0s"]);
    let watched = Bystanders::beside(&server);
    for code in (1000..=1001).cycle().take(100) {
        let mut client = RawClient::joined(server.address(), &v2_path(1), "ada");
        // The binary frame makes the server close, the frame after it is on its way by then.
        client.send([Frame::new(2, [1]).bytes(), Frame::close(code, b"").bytes()].concat());
        client.wait_for_end();
    }
    let freed = || (server.state().connections == 2).then_some(());
    eventually(Duration::from_secs(2), "end of every connection but the bystanders'", freed);
    watched.noticed_nothing();
}
