//! Limits as those meet them who reach them: refused with the limit's name and numbers, counted, and let in again when
//! somebody else has gone.
//!
//! A proxy that is trusted speaks for the clients here, so that they come from wherever a test wants.

mod content;
mod costs;
mod crowd;
mod descriptors;
mod flood;
mod places;
mod proxies;

use serde_json::Value;

use crate::support::{Issuer, RawClient, RawResponse, SECRET, TestServer, upgrade_request, v2_path};

/// A secured server that believes this machine about where clients come from.
fn behind_a_proxy(flags: &[&str]) -> TestServer {
    let secured = ["--auth-secret", SECRET, "--trusted-proxies", "127.0.0.1"];
    TestServer::start_with(&[&secured[..], flags].concat())
}

/// The header line of a proxy that speaks for `address`.
fn from(address: &str) -> String {
    format!("X-Forwarded-For: {address}\r\n")
}

/// The header line of `user`, who may edit project 1.
fn bearer(user: &str) -> String {
    format!("Authorization: Bearer {}\r\n", Issuer::secret().token(user, 1, "editor"))
}

/// Asks for an upgrade with these header lines; the connection is given back with the answer.
fn ask(server: &TestServer, lines: &str) -> (RawClient, RawResponse) {
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request(&v2_path(1), lines));
    let response = client.response();
    (client, response)
}

/// Asks, and must be let in.
fn admitted(server: &TestServer, lines: &str) -> RawClient {
    let (client, response) = ask(server, lines);
    assert_eq!(response.status, 101, "{lines}: {response:?}");
    client
}

/// Asks, and must be refused by this limit.
fn refused(server: &TestServer, lines: &str, status: u16, name: &str, max: u64) {
    let before = hits(server, name);
    let (_, response) = ask(server, lines);
    assert_refusal(&response, status, name, max);
    assert_eq!(hits(server, name), before + 1, "{name} is counted once");
}

/// All that the protocol says about a refusal.
fn assert_refusal(response: &RawResponse, status: u16, name: &str, max: u64) {
    assert_eq!(response.status, status, "{name}: {response:?}");
    let body: Value = serde_json::from_str(&response.body).expect("JSON");
    assert_limit(&body, name, max);
    assert_eq!(body["code"], "limit_exceeded");
    assert!(response.error().contains(name), "{body}");
    let milliseconds = body["retryAfterMs"].as_u64().expect("a time");
    assert!((1000..=5001).contains(&milliseconds), "{body}");
    let seconds: u64 = response.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert_eq!(seconds, milliseconds.div_ceil(1000), "{response:?}");
}

/// What is told of a limit of which all is in use.
fn assert_limit(told: &Value, name: &str, max: u64) {
    let expected = serde_json::json!({ "name": name, "max": max, "current": max });
    assert_eq!(told["limit"], expected, "{told}");
}

/// How often a limit was met.
fn hits(server: &TestServer, name: &str) -> u64 {
    let sample = format!("collabd_limit_hits_total{{limit=\"{name}\"}} ");
    let metrics = metrics(server);
    let value = metrics.lines().find_map(|line| line.strip_prefix(&sample));
    value.map_or(0, |value| value.parse().expect("a number"))
}

fn metrics(server: &TestServer) -> String {
    let mut client = RawClient::connect(server.reports());
    client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.response().body
}

/// A limit that cannot be set is as large as the handbook says.
fn assert_documented(name: &str, max: u64) {
    let handbook = include_str!("../../../../../docs/operations.md");
    let row = handbook.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
    let row = row.unwrap_or_else(|| panic!("{name} is not in the handbook"));
    assert!(row.contains(&format!("| {max} |")), "{max} is not in {row}");
}
