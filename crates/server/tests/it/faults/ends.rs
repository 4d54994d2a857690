//! A server that cannot serve any more ends, so that its supervisor starts another.

use std::time::Duration;

use collabd_loadgen::Client;
use tokio::time::Instant;

use super::{ask_for, faulty, faulty_with};
use crate::support::{TestServer, canvas_at, cursor_in, member_in};

/// The exit status of a fault of the server itself.
const FAULT: i32 = 70;

/// The deadline for closes, half a second, and room for a busy machine.
const AFTER_THE_DRAIN: Duration = Duration::from_secs(9);

/// Ten seconds without progress, and room for a busy machine.
const STUCK: Duration = Duration::from_secs(25);

/// O6
#[tokio::test]
async fn without_its_coordinator_the_process_ends_within_a_second() {
    let mut server = faulty();
    let (mut member, _) = member_in(&server.v2(1), "ann", "plan").await;
    ask_for(&server, "coordinator").await;
    open_another_project(&server).await;
    assert_eq!(server.wait_for_exit(Duration::from_secs(1)).code(), Some(FAULT));
    let log = server.log();
    assert!(log.contains("cannot do without part=\"coordinator\""), "{log}");
    // Its project may have had the time to say why.
    member.wait_for_close().await.expect("the end");
}

/// O5
#[tokio::test]
async fn a_stuck_coordinator_ends_the_process_after_ten_seconds() {
    let server = faulty();
    ask_for(&server, "coordinator?stall_ms=60000").await;
    open_another_project(&server).await;
    assert_ends(server, "coordinator");
}

/// O5
#[tokio::test]
async fn a_stuck_runtime_ends_the_process_after_ten_seconds() {
    let server = faulty();
    ask_for(&server, "runtime?stall_ms=60000").await;
    assert_ends(server, "runtime");
}

/// O5, D1: what is stuck at the end does not hold it up.
#[tokio::test]
async fn a_turn_without_an_end_does_not_keep_the_process() {
    let mut server = faulty_with(&["--drain", "1s"]);
    let (mut member, _) = member_in(&server.v2(1), "ann", "plan").await;
    ask_for(&server, "project:1?stall_ms=60000").await;
    member.send(&cursor_in("plan", canvas_at(1.0))).await.expect("sends");
    server.signal("TERM");
    assert_eq!(server.wait_for_exit(AFTER_THE_DRAIN).code(), Some(0));
    let log = server.log();
    assert!(log.contains("tasks left at the shutdown deadline"), "{log}");
}

fn assert_ends(mut server: TestServer, part: &str) {
    let began = Instant::now();
    assert_eq!(server.wait_for_exit(STUCK).code(), Some(FAULT));
    assert!(began.elapsed() > Duration::from_secs(8), "after {:?} already", began.elapsed());
    let log = server.log();
    assert!(log.contains(&format!("stuck kind=\"{part}\"")), "{log}");
    assert!(log.contains(&format!("{part} has not gone on for 10 s")), "{log}");
}

/// Has the coordinator do something; whether it answers is not the question.
async fn open_another_project(server: &TestServer) {
    let mut client = Client::connect(&server.v2(2)).await.expect("connects");
    client.join_as("bob", "Bob").await.expect("sends its join");
}
