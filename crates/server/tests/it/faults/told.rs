//! What the log tells beside a fault: who was there, and what happened before.

use std::time::Duration;

use super::{ask_for, faulty};
use crate::support::{DocumentClient, TestServer, canvas_at, cursor_in, eventually, member_in};

/// The line with the last events that follows the first line with `fault`.
fn told_after(server: &TestServer, fault: &str) -> String {
    eventually(Duration::from_secs(20), "line about what happened", || {
        let log = server.log();
        let mut lines = log.lines().skip_while(|line| !line.contains(fault));
        lines.find(|line| line.contains("what happened before")).map(str::to_owned)
    })
}

fn assert_in_order(line: &str, parts: &[&str]) {
    let mut rest = line;
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("no {part:?} where it belongs in {line}"));
        rest = &rest[at + part.len()..];
    }
}

/// O3
#[tokio::test]
async fn the_log_tells_what_happened_in_a_project_before_it_panicked() {
    let server = faulty();
    let (other, _) = member_in(&server.v2(8), "eve", "secret").await;
    let (leaver, _) = member_in(&server.v2(7), "bob", "plan").await;
    leaver.close().await.expect("closes");
    let (mut ann, _) = member_in(&server.v2(7), "ann", "plan").await;
    ask_for(&server, "project:7").await;
    ann.send(&cursor_in("plan", canvas_at(1.0))).await.expect("sends");
    assert_eq!(ann.wait_for_close().await.expect("a close").code, Some(4004));
    let line = told_after(&server, "project actor panicked project=7");
    assert_in_order(&line, &["project=7", "opened; ", "joined \"bob\"", "joined \"ann\"", "; ", "restarted"]);
    assert!(line.contains("departed \"bob\"") && !line.contains("\"eve\""), "{line}");
    other.close().await.expect("closes");
}

/// O4
#[tokio::test]
async fn the_log_tells_what_happened_in_the_project_of_a_document_that_panicked() {
    let server = faulty();
    ask_for(&server, "document:1/notes").await;
    DocumentClient::synced(&server, "1/notes").await.leave().await;
    let line = told_after(&server, "document actor panicked document=1/notes");
    assert_in_order(
        &line,
        &["project=1", "joined", "document opened \"notes\"", "document restarted \"notes\""],
    );
}

/// O5
#[tokio::test]
async fn the_log_tells_what_happened_before_something_was_stuck() {
    let server = faulty();
    let (mut ann, _) = member_in(&server.v2(7), "ann", "plan").await;
    ask_for(&server, "project:7?stall_ms=2000").await;
    ann.send(&cursor_in("plan", canvas_at(1.0))).await.expect("sends");
    let line = told_after(&server, "stuck kind=\"project\" which=\"7\"");
    assert_in_order(&line, &["project=7", "opened; ", "joined \"ann\""]);
    ann.messages_until_pong().await.expect("it goes on");
    ann.close().await.expect("closes");

    // What is nobody's project has the server's events.
    ask_for(&server, "runtime?stall_ms=2000").await;
    let line = told_after(&server, "stuck kind=\"runtime\"");
    assert_in_order(&line, &["what happened before events=", "started"]);
}
