//! Heads of requests that want to become a WebSocket, row by row.

use serde::Deserialize;

use super::bytes;
use crate::support::{Bystanders, Frame, RawClient, SECRET, TestServer};

const HEADS: &str = include_str!("heads.json");

const BASE: [&str; 5] = [
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

#[derive(Debug, Deserialize)]
struct Table {
    rows: Vec<Row>,
}

/// One head: a correct one with something changed, or `raw` bytes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// What it is.
    what: String,
    /// The first line.
    line: Option<String>,
    /// Its path, where the rest of it is as usual.
    path: Option<String>,
    /// Names of header lines that are left out.
    #[serde(default)]
    without: Vec<String>,
    /// Header lines that come before all others.
    #[serde(default)]
    first: Vec<String>,
    /// Header lines that come last.
    #[serde(default)]
    with: Vec<String>,
    /// How often those are there.
    times: Option<usize>,
    /// How lines end.
    ending: Option<String>,
    /// What follows the head in the same packet.
    #[serde(default)]
    then: String,
    /// All of it, as it is.
    raw: Option<String>,
    /// To a server that wants tokens.
    #[serde(default)]
    secured: bool,
    answer: Answer,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Answer {
    Status(u16),
    /// `cut`: the connection ends without a word.
    Word(String),
}

impl Row {
    fn packet(&self) -> Vec<u8> {
        if let Some(raw) = &self.raw {
            return bytes(raw);
        }
        let path = self.path.as_deref().unwrap_or("/ws/collaboration/v2?project_id=1");
        let line = self.line.clone().unwrap_or_else(|| format!("GET {path} HTTP/1.1"));
        let is_kept = |line: &&str| {
            let name = line.split(':').next().unwrap_or_default();
            !self.without.iter().any(|left_out| left_out == name)
        };
        let mut lines = vec![line.as_str()];
        lines.extend(self.first.iter().map(String::as_str));
        lines.extend(BASE.into_iter().filter(is_kept));
        for _ in 0..self.times.unwrap_or(1) {
            lines.extend(self.with.iter().map(String::as_str));
        }
        let ending = self.ending.as_deref().unwrap_or("\r\n");
        let mut packet: Vec<u8> =
            lines.into_iter().flat_map(|line| bytes(&format!("{line}{ending}"))).collect();
        packet.extend(bytes(ending));
        packet.extend(bytes(&self.then));
        packet
    }
}

/// What becomes of it: a status, or the end of the connection. A WebSocket must be one.
fn answer(server: &TestServer, row: &Row) -> Answer {
    let mut client = RawClient::connect(server.address());
    client.send(row.packet());
    let Some(response) = client.response_or_end() else { return Answer::Word("cut".to_owned()) };
    if response.status == 101 {
        // No extension is ever taken, whatever is offered (W8).
        assert_eq!(response.header("sec-websocket-extensions"), None, "{}", row.what);
        assert_eq!(response.header("upgrade"), Some("websocket"), "{}", row.what);
        client.send_frame(&Frame::ping(*b"is this a WebSocket?"));
        while let Some(frame) = client.frame() {
            if frame.payload == b"is this a WebSocket?" {
                return Answer::Status(101);
            }
        }
        return Answer::Word("a WebSocket that ends".to_owned());
    }
    Answer::Status(response.status)
}

/// W13, W8: a WebSocket exactly where one is due, and an answer or the end of the connection otherwise.
#[test]
fn a_head_becomes_a_websocket_only_when_it_asks_for_one() {
    let open = TestServer::start_with(&["--header-timeout", "1s"]);
    let secured = TestServer::start_with(&["--auth-secret", SECRET, "--auth-query-token"]);
    let watched = [Bystanders::beside(&open), Bystanders::beside(&secured)];
    let table: Table = serde_json::from_str(HEADS).expect("the table");
    assert!(table.rows.len() >= 60, "only {} rows", table.rows.len());
    let others: Vec<String> = table
        .rows
        .iter()
        .filter_map(|row| {
            let given = answer(if row.secured { &secured } else { &open }, row);
            (given != row.answer).then(|| format!("{}: {:?}, not {:?}", row.what, given, row.answer))
        })
        .collect();
    assert!(others.is_empty(), "answered otherwise:\n{}", others.join("\n"));
    watched.into_iter().for_each(Bystanders::noticed_nothing);
}
