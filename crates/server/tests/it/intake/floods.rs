//! Bytes without an end, of every kind that limits on messages do not see.

use std::time::Duration;

use super::{Cost, joined};
use crate::support::{
    FULL_SPEED, Frame, RawClient, TestServer, eventually, opcode, upgrade_request, v2_path,
};

/// The most of a core that a flood may cost. A debug build takes several times what a release build does.
const CORES: f64 = 0.1;
/// The most by which a flood may make the process grow: less than a flood brings in a moment.
const GROWTH: u64 = 4 << 20;
/// The server bears a flood for ten seconds, once it has taken the burst; the rest is for a busy machine.
const BORNE: Duration = Duration::from_secs(14);

/// Frames that never end a message.
fn fragments() -> [(&'static str, Frame); 2] {
    [
        ("empty fragments", Frame::continuation([]).unfinished()),
        ("fragments of one byte", Frame::continuation([b'x']).unfinished()),
    ]
}

/// W4: they are neither messages nor large, and a socket pushes millions of them a second.
#[test]
fn endless_fragments_cost_next_to_nothing_and_end_in_time() {
    let server = TestServer::start();
    let mut witness = joined(&server, "witness");
    for (about, fragment) in fragments() {
        let mut client = joined(&server, "ada");
        client.send_frame(&Frame::text([]).unfinished());
        let cost = Cost::of(&server);
        let flood = client.flood(fragment.bytes().repeat(10_000));
        let code = client.close_code();
        assert!(matches!(code, Some(4003 | 4008)), "{about}: {code:?}");
        assert!(cost.took() < BORNE, "{about}: {:?}", cost.took());
        assert!(cost.growth() < GROWTH, "{about}: grew by {}", cost.growth());
        let cores = cost.cores();
        assert!(cores < CORES, "{about}: {cores} of a core in {:?}", cost.took());
        drop(client);
        flood.join().expect("no panic");
        let left = witness.message_of_type("user_left");
        assert_eq!(left["reason"], "misbehaved", "{about}");
    }
    witness.messages_until_pong();
}

/// W4
#[test]
fn endless_fragments_on_a_document_end_with_4008() {
    let server = TestServer::start();
    let mut client = RawClient::upgraded(server.address(), "/ws/documents/1/notes");
    client.send_frame(&Frame::new(opcode::BINARY, []).unfinished());
    let cost = Cost::of(&server);
    let flood = client.flood(Frame::continuation([]).unfinished().bytes().repeat(10_000));
    assert_eq!(client.close_code(), Some(4008));
    assert!(cost.took() < BORNE, "{:?}", cost.took());
    let cores = cost.cores();
    assert!(cores < CORES, "{cores} of a core in {:?}", cost.took());
    drop(client);
    flood.join().expect("no panic");
}

/// W6: seven million pings, and as many pongs that nobody asked for.
#[test]
fn floods_of_pings_and_pongs_are_cut_off_at_once_and_leave_no_memory() {
    let server = TestServer::start();
    for kind in [opcode::PING, opcode::PONG] {
        for payload in [0, 125] {
            let mut client = joined(&server, "ada");
            let cost = Cost::of(&server);
            let flood = client.flood(Frame::new(kind, vec![b'x'; payload]).bytes().repeat(7_000));
            assert_eq!(client.close_code(), Some(4003), "kind {kind}, {payload} bytes");
            drop(client);
            flood.join().expect("no panic");
            server.settled();
            assert!(cost.growth() < GROWTH, "kind {kind}, {payload} bytes: grew by {}", cost.growth());
            let cpu = cost.now().cpu.saturating_sub(cost.before.cpu);
            assert!(cpu < Duration::from_secs(1), "kind {kind}, {payload} bytes: {cpu:?} of CPU time");
        }
    }
}

/// W6, R2: the answers to pings wait for a client that does not read, and no more of them than a few.
#[test]
fn answers_that_nobody_reads_do_not_add_up() {
    let flags = [&FULL_SPEED[..], &["--heartbeat-interval", "2s", "--silence-timeout", "60s"]].concat();
    let server = TestServer::start_with(&flags);
    let mut client = RawClient::connect_narrow(server.address());
    client.send(upgrade_request(&v2_path(1), ""));
    assert_eq!(client.response().status, 101);
    client.join("deaf");
    let cost = Cost::of(&server);
    let flood = client.flood(Frame::ping(vec![b'x'; 125]).bytes().repeat(1000));
    // It takes nothing for five seconds.
    let mut growth = 0;
    eventually(Duration::from_secs(20), "end of a client that does not read", || {
        growth = growth.max(cost.growth());
        (server.state().connections == 0).then_some(())
    });
    assert!(growth < GROWTH, "grew by {growth}");
    assert!(cost.cores() < 0.5, "{} of a core", cost.cores());
    drop(client);
    let sent = flood.join().expect("no panic");
    assert!(sent > 0, "nothing was sent");
    let metrics = server.log();
    assert!(!metrics.contains("ERROR"), "{metrics}");
}

/// B3: large messages at a rate that is allowed for messages, and not for bytes.
#[test]
fn who_sends_more_bytes_than_allowed_is_held_back_and_after_ten_seconds_closed_with_4003() {
    let server = TestServer::start();
    let mut client = joined(&server, "ada");
    let cost = Cost::of(&server);
    let large = format!(r#"{{"type":"ping","data":"{}"}}"#, "x".repeat(60_000));
    let flood = client.flood(Frame::text(large).bytes());
    assert_eq!(client.close_code(), Some(4003));
    let took = cost.took();
    assert!(took > Duration::from_secs(10) && took < Duration::from_secs(16), "{took:?}");
    drop(client);
    let sent = flood.join().expect("no panic");
    // The burst, ten seconds of the rate, and what fits into the kernel's buffers and the time after the close.
    assert!(sent < 64 << 20, "{sent} bytes were taken");
}
