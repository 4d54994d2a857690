//! Requests that never quite come.

use std::time::Duration;

use tokio::time::Instant;

use crate::support::{Bystanders, RawClient, TestServer};

/// Enough that they would be noticed if each held up anything.
const SLOW: usize = 200;

/// W14: a byte now and then holds no connection for long.
#[test]
fn a_body_that_comes_a_byte_at_a_time_is_cut_after_ten_seconds() {
    let server = TestServer::start();
    let bystanders = Bystanders::beside(&server);
    let head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 1000\r\n\r\n{";
    let began = Instant::now();
    let mut slow: Vec<_> = (0..SLOW)
        .map(|_| {
            let mut client = RawClient::connect(server.address());
            client.send(head);
            client
        })
        .collect();
    while slow.len() > SLOW / 2 {
        assert!(began.elapsed() < Duration::from_secs(25), "{} are still there", slow.len());
        slow.retain_mut(|client| {
            client.send(b" ");
            !client.has_ended_within(Duration::from_millis(5))
        });
    }
    let took = began.elapsed();
    assert!(took > Duration::from_secs(9), "cut after {took:?}");
    for mut client in slow {
        client.wait_for_end();
    }
    bystanders.noticed_nothing();
}

/// W14: whoever connects and says nothing, or half of a head, is gone after five seconds.
#[test]
fn connections_that_say_nothing_are_cut_after_five_seconds() {
    let server = TestServer::start();
    let bystanders = Bystanders::beside(&server);
    let began = Instant::now();
    let mut silent: Vec<_> = (0..SLOW).map(|_| RawClient::connect(server.address())).collect();
    for client in silent.iter_mut().step_by(2) {
        client.send("GET /health HTTP/1.1\r\nHost:");
    }
    for mut client in silent {
        client.wait_for_end();
    }
    let took = began.elapsed();
    assert!(took > Duration::from_secs(4) && took < Duration::from_secs(15), "{took:?}");
    bystanders.noticed_nothing();
}
