//! Frames that break RFC 6455, or hold what this protocol has no use for (X3).

use serde_json::json;

use super::{assert_closed, joined, upgraded};
use crate::support::{Frame, TestServer, opcode};

const PING: &[u8] = br#"{"type":"ping"}"#;

type Case = (String, Vec<Frame>);

fn case(about: impl Into<String>, frames: impl Into<Vec<Frame>>) -> Case {
    (about.into(), frames.into())
}

/// Each case closes a connection of its own with the same code.
fn assert_each_closes(cases: &[Case], code: u16, name: &str) {
    let server = TestServer::start();
    let mut witness = joined(&server, "witness");
    for (about, frames) in cases {
        let mut client = upgraded(server.address());
        for frame in frames {
            client.send_frame(frame);
        }
        assert_closed(client, code, name, about);
    }
    assert!(witness.messages_until_pong().is_empty(), "nobody else hears of it");
}

/// X3, W12
#[test]
fn a_binary_frame_is_closed_with_1003() {
    let cases = [
        case("a message in binary", [Frame::new(opcode::BINARY, PING)]),
        case("nothing in binary", [Frame::new(opcode::BINARY, [])]),
        case(
            "binary in fragments",
            [Frame::new(opcode::BINARY, PING).unfinished(), Frame::continuation(PING)],
        ),
    ];
    assert_each_closes(&cases, 1003, "unsupported_data");
}

/// X3, W7
#[test]
fn text_that_is_no_utf8_is_closed_with_1007() {
    let bad: [(&str, &[u8]); 8] = [
        ("a byte that never occurs", b"\xff"),
        ("a continuation byte alone", b"ping \x80"),
        ("an overlong slash", b"\xc0\xaf"),
        ("an overlong NUL", b"\xe0\x80\x80"),
        ("half a surrogate pair", b"\xed\xa0\x80"),
        ("above U+10FFFF", b"\xf4\x90\x80\x80"),
        ("a character cut short", b"\xf0\x9f\x98"),
        ("Latin-1", b"{\"type\":\"ping\",\"data\":\"caf\xe9\"}"),
    ];
    let mut cases = Vec::new();
    for (about, bytes) in bad {
        cases.push(case(about, [Frame::text(bytes)]));
        let (start, end) = bytes.split_at(bytes.len() / 2);
        let split = [Frame::text(start).unfinished(), Frame::continuation(end)];
        cases.push(case(format!("{about}, in fragments"), split));
    }
    cases.push(case("a bad reason in a close frame", [Frame::close(1000, b"\xff\xfe")]));
    assert_each_closes(&cases, 1007, "invalid_utf8");
}

/// X3, W7
#[test]
fn a_character_split_over_fragments_is_no_fault() {
    let server = TestServer::start();
    let mut client = upgraded(server.address());
    let join =
        json!({"type": "join_session", "data": {"userId": "ada", "userName": "Zoë 😀 愛"}}).to_string();
    let (last, bytes) = join.as_bytes().split_last().expect("a message");
    client.send_frame(&Frame::text([]).unfinished());
    for byte in bytes {
        client.send_frame(&Frame::continuation([*byte]).unfinished());
        // Control frames may come between fragments (RFC 6455, section 5.4).
        client.send_frame(&Frame::ping([]));
    }
    client.send_frame(&Frame::continuation([*last]));
    assert_eq!(client.message_of_type("bulk_presence")["data"][0]["userName"], "Zoë 😀 愛");
    assert!(client.messages_until_pong().is_empty());
}

/// X3, W9
#[test]
fn frames_without_a_mask_are_closed_with_1002() {
    let cases = [
        case("text", [Frame::text(PING).unmasked()]),
        case("an empty text", [Frame::text([]).unmasked()]),
        case("binary", [Frame::new(opcode::BINARY, PING).unmasked()]),
        case("ping", [Frame::ping([]).unmasked()]),
        case("pong", [Frame::new(opcode::PONG, []).unmasked()]),
        case("close", [Frame::close(1000, b"").unmasked()]),
        case("the second fragment", [Frame::text(PING).unfinished(), Frame::continuation([]).unmasked()]),
    ];
    assert_each_closes(&cases, 1002, "protocol_error");
}

/// X3, W8
#[test]
fn reserved_bits_and_kinds_of_frames_are_closed_with_1002() {
    let mut cases = Vec::new();
    for bits in [0x40, 0x20, 0x10, 0x70] {
        for (kind, frame) in [
            ("text", Frame::text(PING)),
            ("binary", Frame::new(opcode::BINARY, PING)),
            ("ping", Frame::ping([])),
            ("close", Frame::close(1000, b"")),
        ] {
            cases.push(case(format!("bits {bits:#x} of {kind}"), [frame.reserving(bits)]));
        }
        let second = Frame::continuation(PING).reserving(bits);
        cases.push(case(format!("bits {bits:#x} of a fragment"), [Frame::text(PING).unfinished(), second]));
    }
    for kind in [0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF] {
        cases.push(case(format!("kind {kind:#x}"), [Frame::new(kind, PING)]));
        cases.push(case(format!("kind {kind:#x}, empty"), [Frame::new(kind, [])]));
    }
    assert_each_closes(&cases, 1002, "protocol_error");
}

/// X3, W9
#[test]
fn broken_control_frames_are_closed_with_1002() {
    let mut cases = vec![
        case("a fragmented ping", [Frame::ping([]).unfinished(), Frame::continuation([])]),
        case("a fragmented pong", [Frame::new(opcode::PONG, []).unfinished()]),
        case("a fragmented close", [Frame::close(1000, b"").unfinished()]),
        case("a ping of 126 bytes", [Frame::ping(vec![b'x'; 126])]),
        case("a pong of 126 bytes", [Frame::new(opcode::PONG, vec![b'x'; 126])]),
        case("a close of 126 bytes", [Frame::close(1000, &[b'x'; 124])]),
        case("a ping of 10000 bytes", [Frame::ping(vec![b'x'; 10_000])]),
        case("a close with half a code", [Frame::new(opcode::CLOSE, [3])]),
    ];
    for empty in [opcode::PING, opcode::CLOSE] {
        cases.push(case(
            format!("kind {empty:#x} unfinished and empty"),
            [Frame::new(empty, []).unfinished()],
        ));
    }
    assert_each_closes(&cases, 1002, "protocol_error");
}

/// X3, W9
#[test]
fn fragments_out_of_order_are_closed_with_1002() {
    let begun = || Frame::text(PING).unfinished();
    let cases = [
        case("a continuation of nothing", [Frame::continuation(PING)]),
        case("an unfinished continuation of nothing", [Frame::continuation(PING).unfinished()]),
        case("a continuation after a whole message", [Frame::text(PING), Frame::continuation([])]),
        case("a text within a text", [begun(), Frame::text(PING)]),
        case("a beginning within a text", [begun(), begun()]),
        case("a binary within a text", [begun(), Frame::new(opcode::BINARY, PING)]),
    ];
    assert_each_closes(&cases, 1002, "protocol_error");
}

/// X3, W9: the library answers such a close itself, with a reason of its own.
#[test]
fn codes_that_no_close_frame_may_hold_are_answered_with_1002() {
    let server = TestServer::start();
    for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, u16::MAX] {
        let mut client = joined(&server, "ada");
        client.send_frame(&Frame::close(code, b"because"));
        assert_eq!(client.end().code, Some(1002), "close code {code}");
    }
}

/// A ping may hold 125 bytes; its pong holds the same ones.
#[test]
fn a_legal_ping_is_answered_with_its_payload_though_nobody_has_joined() {
    let server = TestServer::start();
    let mut client = upgraded(server.address());
    for payload in [vec![], vec![0; 1], vec![b'x'; 125]] {
        client.send_frame(&Frame::ping(payload.clone()));
        let answer = client.frame().expect("a pong");
        assert_eq!((answer.opcode, answer.payload), (opcode::PONG, payload));
    }
    client.send_frame(&Frame::new(opcode::PONG, *b"unasked"));
    assert!(client.messages_until_pong().is_empty());
}
