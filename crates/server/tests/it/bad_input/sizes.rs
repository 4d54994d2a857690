//! Frames above the limit (X3): the close code reaches a client that is still sending.

use std::time::Duration;

use collabd_loadgen::process::ProcessSample;
use tokio::time::Instant;

use super::{assert_closed, joined, upgraded};
use crate::support::{Frame, TestServer};

const LIMIT: usize = 65_536;

/// A `ping` of exactly this many bytes.
fn padded_ping(length: usize) -> Vec<u8> {
    let (start, end) = (br#"{"type":"ping","data":""#, br#""}"#);
    let padding = vec![b'x'; length - start.len() - end.len()];
    [&start[..], &padding, end].concat()
}

/// One message as fragments of at most this many bytes.
fn fragments(payload: &[u8], size: usize) -> Vec<Frame> {
    let count = payload.len().div_ceil(size);
    let parts = payload.chunks(size).enumerate();
    parts
        .map(|(index, part)| {
            let frame = if index == 0 { Frame::text(part) } else { Frame::continuation(part) };
            if index + 1 == count { frame } else { frame.unfinished() }
        })
        .collect()
}

/// W2, X3: fifty times of fifty, and nothing of it is kept.
#[test]
fn a_message_above_the_limit_is_closed_with_1009_that_really_arrives() {
    let server = TestServer::start();
    let before = ProcessSample::read(server.pid()).expect("the process").resident_bytes;
    for size in [70_000, 3_000_000] {
        let huge = Frame::text(padded_ping(size)).bytes();
        for round in 0..25 {
            let mut client = joined(&server, "ada");
            client.send(&huge);
            assert_closed(client, 1009, "message_too_big", &format!("{size} bytes, round {round}"));
        }
    }
    let after = ProcessSample::read(server.pid()).expect("the process").resident_bytes;
    assert!(after < before + (4 << 20), "grew from {before} to {after} bytes");
}

/// W2, X3
#[test]
fn a_message_too_big_in_sum_is_closed_with_1009_however_small_its_fragments() {
    let server = TestServer::start();
    for size in [60_000, 14_000, 1000, 125] {
        let mut client = joined(&server, "ada");
        for frame in fragments(&padded_ping(70_000), size) {
            client.send_frame(&frame);
        }
        assert_closed(client, 1009, "message_too_big", &format!("fragments of {size} bytes"));
    }
}

/// An idle socket has no room for the largest message it once received.
#[test]
fn a_large_message_leaves_nothing_behind() {
    const CLIENTS: usize = 200;
    let server = TestServer::start();
    let resident = || ProcessSample::read(server.pid()).expect("the process").resident_bytes;
    let mut clients: Vec<_> = (0..CLIENTS).map(|_| joined(&server, "ada")).collect();
    let before = resident();
    for client in &mut clients {
        client.send_frame(&Frame::text(padded_ping(60_000)));
        client.message_of_type("pong");
    }
    let after = resident();
    let each = after.saturating_sub(before) / CLIENTS as u64;
    assert!(each < 20_000, "{each} bytes more for each socket");
}

/// X3, W2
#[test]
fn the_limit_is_exact() {
    let server = TestServer::start();
    let mut client = joined(&server, "ada");
    for size in [LIMIT, 14_000, 1000] {
        for frame in fragments(&padded_ping(LIMIT), size) {
            client.send_frame(&frame);
        }
        assert_eq!(client.message()["type"], "pong", "fragments of {size} bytes");
    }
    for size in [LIMIT + 1, 14_000] {
        let mut client = joined(&server, "ada");
        for frame in fragments(&padded_ping(LIMIT + 1), size) {
            client.send_frame(&frame);
        }
        assert_closed(client, 1009, "message_too_big", &format!("fragments of {size} bytes"));
    }
}

/// X3
#[test]
fn the_limit_is_a_setting() {
    let server = TestServer::start_with(&["--max-message-bytes", "4096"]);
    let mut client = joined(&server, "ada");
    client.send_frame(&Frame::text(padded_ping(4096)));
    assert_eq!(client.message()["type"], "pong");
    client.send_frame(&Frame::text(padded_ping(4097)));
    assert_closed(client, 1009, "message_too_big", "one byte more");
}

/// W3, X3
#[test]
fn a_header_that_claims_too_much_is_closed_with_1009_at_once_and_reserves_nothing() {
    let server = TestServer::start();
    let reserved = || ProcessSample::read(server.pid()).expect("the process").reserved_bytes;
    let before = reserved();
    for claimed in [65_537, 16 << 20, u64::from(u32::MAX), (1 << 63) - 1] {
        for _ in 0..5 {
            // Fifty at a time: what one of them reserves until it ends, fifty of them show.
            let mut clients: Vec<_> = (0..50).map(|_| upgraded(server.address())).collect();
            let sent = Instant::now();
            for client in &mut clients {
                client.send_frame(&Frame::text([]).claiming(claimed));
            }
            let meanwhile = reserved();
            for client in clients {
                assert_closed(client, 1009, "message_too_big", &format!("{claimed} bytes claimed"));
            }
            assert!(sent.elapsed() < Duration::from_secs(5), "{claimed} bytes: {:?}", sent.elapsed());
            assert!(meanwhile < before + (10 << 20), "from {before} to {meanwhile} bytes");
        }
    }
    let after = reserved();
    assert!(after < before + (10 << 20), "grew from {before} to {after} bytes");
}

/// X3: the limit is that of the message, also of one that nobody may send.
#[test]
fn a_huge_binary_message_is_closed_as_too_big() {
    let server = TestServer::start();
    let mut client = joined(&server, "ada");
    client.send_frame(&Frame::new(2, vec![0; LIMIT + 1]));
    assert_closed(client, 1009, "message_too_big", "binary");
}
