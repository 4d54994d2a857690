//! Messages that are begun and not finished (4008).

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::joined;
use crate::support::{Frame, RawClient, TestServer, opcode, upgrade_request, v2_path};

const SECOND: Duration = Duration::from_secs(1);

/// W5: ten seconds, whatever comes between.
#[test]
fn a_message_that_is_not_finished_within_ten_seconds_is_closed_with_4008_though_its_client_pings() {
    let server = TestServer::start();
    let mut client = joined(&server, "ada");
    let began = Instant::now();
    client.send_frame(&Frame::text(br#"{"type":"#).unfinished());
    // Answered, so the client is there and is heard.
    while began.elapsed() < 8 * SECOND {
        client.send_frame(&Frame::ping(*b"here"));
        let mut answer = client.frame().expect("a pong");
        if answer.opcode == opcode::PING {
            // The server's own, whose first one comes at any moment.
            answer = client.frame().expect("a pong");
        }
        assert_eq!((answer.opcode, answer.payload.as_slice()), (opcode::PONG, &b"here"[..]));
        client.send_frame(&Frame::new(opcode::PONG, []));
        assert!(!client.has_ended_within(SECOND / 10), "ended before its time");
    }
    let end = client.end();
    assert_eq!((end.notice, end.code, end.reason.as_str()), (Some(4008), Some(4008), "message_timeout"));
    let took = began.elapsed();
    assert!(took >= 10 * SECOND && took < 14 * SECOND, "{took:?}");
}

/// How a message is begun and not finished.
fn beginnings() -> Vec<(&'static str, Vec<u8>)> {
    let whole = Frame::text(br#"{"type":"ping"}"#).bytes();
    let large = Frame::text(vec![b'x'; 1000]).bytes();
    vec![
        ("one byte", whole[..1].to_vec()),
        ("half a header", whole[..4].to_vec()),
        ("a header", whole[..6].to_vec()),
        ("all but the last byte", whole[..whole.len() - 1].to_vec()),
        ("a long header", large[..8].to_vec()),
        ("a claim of all that is allowed", Frame::text([]).claiming(65_536).bytes()),
        ("a first fragment", Frame::text(b"{").unfinished().bytes()),
        ("an empty first fragment", Frame::text([]).unfinished().bytes()),
        ("a fragment and a ping", [Frame::text(b"{").unfinished().bytes(), Frame::ping([]).bytes()].concat()),
        ("a ping without its payload", Frame::ping([]).claiming(125).bytes()),
        ("a message, and one byte of the next", [&whole[..], &whole[..1]].concat()),
    ]
}

/// W5: on every kind of socket.
#[test]
fn whatever_is_begun_and_not_finished_is_closed_with_4008() {
    let server = TestServer::start_with(&["--message-timeout", "1s"]);
    let mut witness = joined(&server, "witness");
    for path in ["/ws/collaboration/v2?project_id=1", "/ws/collaboration?project_id=1"] {
        let clients: Vec<_> = beginnings()
            .into_iter()
            .map(|(about, bytes)| {
                let mut client = RawClient::joined(server.address(), path, "ada");
                client.send(bytes);
                (about, client)
            })
            .collect();
        for (about, mut client) in clients {
            assert_eq!(client.end().code, Some(4008), "{path}: {about}");
        }
    }
    let mut client = RawClient::upgraded(server.address(), "/ws/documents/1/notes");
    client.send_frame(&Frame::new(opcode::BINARY, [0]).unfinished());
    assert_eq!(client.end().code, Some(4008), "a document");
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request("/graphql/ws", "Sec-WebSocket-Protocol: graphql-transport-ws\r\n"));
    assert_eq!(client.response().status, 101);
    client.send_frame(&Frame::text(b"{").unfinished());
    assert_eq!(client.end().code, Some(4008), "graphql");
    // What comes in the packet of the upgrade is looked at, too.
    let mut client = RawClient::connect(server.address());
    let begun = Frame::text(b"{").unfinished().bytes();
    client.send([upgrade_request(&v2_path(1), "").as_bytes(), &begun].concat());
    assert_eq!(client.response().status, 101);
    assert_eq!(client.end().code, Some(4008), "in the packet of the upgrade");
    // Who says nothing at all has begun nothing.
    witness.messages_until_pong();
}

/// W5: one byte now and then is progress, and no reason to wait for ever.
#[test]
fn progress_does_not_save_a_message_that_takes_too_long() {
    let server = TestServer::start_with(&["--message-timeout", "1s"]);
    for split in [false, true] {
        let mut client = joined(&server, "ada");
        let began = Instant::now();
        let first = if split { Frame::text(b"{").unfinished() } else { Frame::text([]).claiming(1000) };
        let first = first.bytes();
        // A header ends with its mask, whose bytes take turns.
        let mut mask = first[first.len() - 4..].iter().cycle();
        client.send(&first);
        let code = loop {
            if client.has_frame_within(SECOND / 10) {
                break client.close_code();
            }
            let next = if split {
                Frame::continuation(b" ").unfinished().bytes()
            } else {
                mask.next().map(|mask| b' ' ^ mask).into_iter().collect()
            };
            client.send(next);
        };
        assert_eq!(code, Some(4008));
        assert!(began.elapsed() < 5 * SECOND, "{:?}", began.elapsed());
    }
}

/// Slow is not unfinished: each message has its own time.
#[test]
fn messages_that_are_finished_in_time_are_answered_however_slowly_they_come() {
    let server = TestServer::start_with(&["--message-timeout", "4s"]);
    let mut client = RawClient::upgraded(server.address(), &v2_path(1));
    let join = json!({"type": "join_session", "data": {"userId": "ada", "userName": "Ada"}}).to_string();
    let began = Instant::now();
    for message in [join.as_str(), r#"{"type":"ping"}"#, r#"{"type":"ping"}"#] {
        let (start, end) = message.as_bytes().split_at(message.len() / 2);
        client.send_frame(&Frame::text(start).unfinished());
        assert!(!client.has_ended_within(2 * SECOND), "ended within a message");
        client.send_frame(&Frame::continuation(end));
        client.message();
    }
    assert!(began.elapsed() > 5 * SECOND);
}
