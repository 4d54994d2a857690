//! Where a client comes from, and who is believed about it.

use super::{admitted, behind_a_proxy, from, refused};
use crate::support::{SECRET, TestServer};

/// A12
#[test]
fn only_the_word_of_a_trusted_proxy_moves_a_client_to_another_address() {
    let flags =
        ["--auth-secret", SECRET, "--connections-per-address=1", "--connections-per-second-per-address=1"];
    let lines = [
        "",
        "X-Forwarded-For: 203.0.113.1\r\n",
        "Forwarded: for=203.0.113.1\r\n",
        "X-Real-IP: 203.0.113.1\r\n",
    ];
    // Nobody is trusted, or somebody else is: whatever is written counts for nothing, and this machine is no stranger.
    for trusted in [None, Some("--trusted-proxies=203.0.113.0/24,10.0.0.0/8,::/0")] {
        let flags: Vec<_> = flags.into_iter().chain(trusted).collect();
        let server = TestServer::start_with(&flags);
        let clients: Vec<_> = lines.iter().cycle().take(20).map(|line| admitted(&server, line)).collect();
        assert_eq!(server.state().admission.addresses, 0);
        drop(clients);
    }
    let server = behind_a_proxy(&["--connections-per-address=1"]);
    let mut clients = Vec::new();
    for (first, again) in [
        (from("203.0.113.1"), from("203.0.113.1")),
        // What a client wrote itself stands before what the proxy heard.
        (from("203.0.113.2"), from("192.0.2.1, 203.0.113.2")),
        (from("203.0.113.3"), from("192.0.2.2") + &from("203.0.113.3")),
        (from("[2001:db8::1]:4711"), from("2001:db8::1")),
        (from("203.0.113.4:80"), from("::ffff:203.0.113.4")),
        // Nothing that can be read: the proxy itself, which has no privilege although it is on this machine.
        (from("nonsense"), from("203.0.113.5, also nonsense")),
    ] {
        clients.push(admitted(&server, &first));
        refused(&server, &again, 429, "connections_per_address", 1);
    }
    refused(&server, "", 429, "connections_per_address", 1);
    refused(&server, "Forwarded: for=203.0.113.9\r\n", 429, "connections_per_address", 1);
    assert_eq!(server.state().admission.addresses, clients.len());
    assert!(server.log().contains("203.0.113.1"), "the log names who met the limit: {}", server.log());
}

/// A12
#[test]
fn the_standard_header_takes_the_place_of_the_other_one() {
    let server = behind_a_proxy(&["--connections-per-address=1", "--proxy-header=forwarded"]);
    let _client = admitted(&server, "Forwarded: for=\"[2001:db8::1]:4711\";proto=https\r\n");
    let forged = from("203.0.113.1") + "Forwarded: for=192.0.2.1, for=\"[2001:db8::2]\"\r\n";
    refused(&server, &forged, 429, "connections_per_address", 1);
}
