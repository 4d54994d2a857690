//! How clients may end a connection, and what counts after that.

use std::time::Duration;

use serde_json::json;

use super::{PROJECT, assert_closed, joined, upgraded};
use crate::support::{Frame, RawClient, RawEnd, TestServer, eventually, opcode, upgrade_request, v2_path};

const JOIN: &str = r#"{"type":"join_session","data":{"userId":"late","userName":"Late"}}"#;

/// RFC 6455, section 5.5.1, Attack P8
#[test]
fn the_close_codes_that_a_client_may_send_are_echoed() {
    let server = TestServer::start();
    for code in [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 3000, 3999, 4000, 4999] {
        let mut client = joined(&server, "ada");
        client.send_frame(&Frame::close(code, "adiós".as_bytes()));
        let echo = RawEnd { notice: None, code: Some(code), reason: "adiós".to_owned() };
        assert_eq!(client.end(), echo);
    }
    let mut client = joined(&server, "ada");
    client.send_frame(&Frame::new(opcode::CLOSE, []));
    assert_eq!(client.end(), RawEnd { notice: None, code: None, reason: String::new() });
}

/// Attack P8: data that follows a close frame in the same packet has no effect.
#[test]
fn what_follows_the_clients_close_is_ignored() {
    let server = TestServer::start();
    let mut witness = joined(&server, "witness");
    let mut client = upgraded(server.address());
    client.send([Frame::close(1001, b"").bytes(), Frame::text(JOIN).bytes()].concat());
    assert_eq!(client.end().code, Some(1001));
    assert!(witness.messages_until_pong().is_empty());
    assert_eq!(server.state().sessions, 1);
}

/// Data that follows a fault in the same packet has no effect either, and the close code still arrives.
#[test]
fn what_follows_a_fault_is_ignored() {
    let server = TestServer::start();
    let mut witness = joined(&server, "witness");
    for (fault, code, name) in [
        (Frame::new(opcode::BINARY, [1]), 1003, "unsupported_data"),
        (Frame::text(b"\xff"), 1007, "invalid_utf8"),
        (Frame::text(b"{}").reserving(0x40), 1002, "protocol_error"),
    ] {
        let mut client = upgraded(server.address());
        let mut packet = fault.bytes();
        for _ in 0..1000 {
            packet.extend(Frame::text(JOIN).bytes());
        }
        client.send(packet);
        assert_closed(client, code, name, name);
    }
    assert!(witness.messages_until_pong().is_empty());
    assert_eq!(server.state().sessions, 1);
}

/// P3, Attack P8: both ends of a connection are freed soon, whoever was first.
#[test]
fn an_ended_connection_is_freed_within_two_seconds() {
    let server = TestServer::start_with(&["--grace", "0s"]);
    let mut half_open = joined(&server, "half");
    half_open.half_close();
    let mut both = joined(&server, "both");
    // Both close at once: the client's close frame is on its way when the server's is.
    both.send([Frame::new(opcode::BINARY, []).bytes(), Frame::close(1000, b"").bytes()].concat());
    let mut mute = joined(&server, "mute");
    mute.send_frame(&Frame::close(1000, b""));
    let freed = || (server.state().connections == 0).then_some(());
    eventually(Duration::from_secs(2), "end of every connection", freed);
    assert_eq!(server.state().sessions, 0);
    for client in [&mut half_open, &mut both, &mut mute] {
        client.wait_for_end();
    }
}

/// P3: the end of TCP without a close frame is a loss, which keeps the session for its grace period.
#[test]
fn an_end_without_a_close_frame_is_a_loss() {
    let server = TestServer::start();
    let mut witness = joined(&server, "witness");
    let mut client = joined(&server, "ada");
    client.half_close();
    assert_eq!(witness.message()["type"], "user_joined");
    let left = witness.message();
    assert_eq!((&left["type"], &left["reason"]), (&json!("user_left"), &json!("connection_lost")));
    client.wait_for_end();
}

/// X1, X3: a snapshot that the client did not read to its end stays cut short; a notice in the middle of it would
/// break RFC 6455, and the client would never see the code.
#[test]
fn no_notice_comes_in_the_middle_of_a_message() {
    let server = TestServer::start();
    let name = "n".repeat(256);
    let crowd: Vec<_> = (0..320)
        .map(|number| {
            let mut client = upgraded(server.address());
            let user = json!({"userId": format!("user-{number:0>123}"), "userName": name});
            client.send_text(&json!({"type": "join_session", "data": user}).to_string());
            client.message_of_type("bulk_presence");
            client
        })
        .collect();
    let mut client = RawClient::connect_narrow(server.address());
    client.send(upgrade_request(&v2_path(PROJECT), ""));
    assert_eq!(client.response().status, 101);
    client.send_join("deaf");
    eventually(Duration::from_secs(5), "join", || (server.state().sessions == crowd.len() + 1).then_some(()));
    client.send_frame(&Frame::new(opcode::BINARY, []));
    // The session's end shows that the server has given up writing.
    eventually(Duration::from_secs(5), "leave", || (server.state().sessions == crowd.len()).then_some(()));
    let mut is_amid_message = false;
    let close = loop {
        let frame = client.frame().expect("a close frame");
        match frame.opcode {
            opcode::CLOSE => break frame,
            opcode::TEXT => assert!(!is_amid_message, "{} within a message", frame.payload.escape_ascii()),
            opcode::CONTINUATION => assert!(is_amid_message),
            _ => continue,
        }
        is_amid_message = !frame.is_final;
    };
    assert!(is_amid_message, "the message was written whole, so nothing is shown");
    assert_eq!(close.payload.first_chunk(), Some(&1003u16.to_be_bytes()));
}
