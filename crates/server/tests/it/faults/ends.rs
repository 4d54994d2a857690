//! A server that cannot serve any more ends, so that its supervisor starts another.

use std::time::Duration;

use collabd_loadgen::Client;
use tokio::time::Instant;

use super::{ask_for, faulty};
use crate::support::{TestServer, member_in};

/// The exit status of a fault of the server itself.
const FAULT: i32 = 70;

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
