//! What is stuck is named, and holds up nobody but those who need it.

use std::time::Duration;

use collabd_loadgen::Client;
use collabd_loadgen::http::HttpClient;
use collabd_protocol::client::SetStatus;
use collabd_protocol::{ClientMessage, ErrorCode, ServerMessage, Status};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{ask_for, count, faulty, faulty_with};
use crate::support::{TestServer, canvas_at, cursor_in, member_in};

/// What `/health/live` says.
async fn liveness(server: &TestServer) -> (u16, Value) {
    let answer = HttpClient::new(server.reports()).get("/health/live").await.expect("an answer");
    (answer.status.as_u16(), answer.json().expect("JSON"))
}

/// One move that is seen by its mover's neighbour.
async fn round(mover: &mut Client, neighbour: &mut Client, x: f64) {
    mover.send(&cursor_in("plan", canvas_at(x))).await.expect("sends");
    let seen = neighbour.wait_for(|message| match message {
        ServerMessage::CursorUpdate { data } if data.position == canvas_at(x) => Some(()),
        _ => None,
    });
    seen.await.expect("the move");
}

/// O5
#[tokio::test]
async fn a_stuck_project_is_named_and_everybody_elses_goes_on() {
    let server = faulty_with(&["--messages-per-second", "100000", "--message-burst", "100000"]);
    let (mut stuck, _) = member_in(&server.v2(7), "ann", "plan").await;
    let (mut mover, _) = member_in(&server.v2(8), "bob", "plan").await;
    let (mut neighbour, _) = member_in(&server.v2(8), "cid", "plan").await;
    ask_for(&server, "project:7?stall_ms=8000").await;
    stuck.send(&cursor_in("plan", canvas_at(1.0))).await.expect("sends");
    let mut rounds = 0.0;
    let mut slowest = Duration::ZERO;
    while liveness(&server).await.0 == 200 {
        let began = Instant::now();
        rounds += 1.0;
        round(&mut mover, &mut neighbour, rounds).await;
        slowest = slowest.max(began.elapsed());
    }
    let (status, said) = liveness(&server).await;
    assert_eq!((status, &said["status"]), (503, &Value::from("stuck")));
    let reason = said["reason"].as_str().expect("a reason");
    assert!(
        reason.starts_with("project 7 has not gone on for ") && reason.ends_with(" s (move)"),
        "{reason}"
    );
    assert!(rounds > 50.0 && slowest < Duration::from_secs(2), "{rounds} rounds, the slowest {slowest:?}");
    assert_eq!(count(&server, "collabd_stalls_total{where=\"project\"}").await, 1);
    let log = server.log();
    assert!(log.contains("stuck kind=\"project\" which=\"7\" doing=\"move\""), "{log}");
    while liveness(&server).await.0 != 200 {
        round(&mut mover, &mut neighbour, -1.0).await;
        rounds += 1.0;
        round(&mut mover, &mut neighbour, rounds).await;
    }
    stuck.messages_until_pong().await.expect("it goes on");
    for client in [stuck, mover, neighbour] {
        client.close().await.expect("closes");
    }
}

/// L4
#[tokio::test]
async fn whoever_needs_a_busy_project_hears_so_at_once() {
    let server = faulty_with(&["--messages-per-second", "100000", "--message-burst", "100000"]);
    let (mut first, _) = member_in(&server.v2(7), "ann", "plan").await;
    let (mut second, _) = member_in(&server.v2(7), "bob", "plan").await;
    ask_for(&server, "project:7?stall_ms=4000").await;
    first.send(&cursor_in("plan", canvas_at(1.0))).await.expect("sends");
    // A join waits for an answer, so it hears of it before anything is full.
    let mut newcomer = Client::connect(&server.v2(7)).await.expect("connects");
    newcomer.messages_until_pong().await.expect("connected");
    let asked = Instant::now();
    newcomer.join_as("eve", "Eve").await.expect("sends its join");
    assert!(overloaded(&mut newcomer).await > 0);
    let waited = asked.elapsed();
    assert!(waited < Duration::from_millis(600), "the join was answered after {waited:?}");
    for _ in 0..1_100 {
        let status = SetStatus { status: Status::Away };
        second.send(&ClientMessage::SetStatus(status)).await.expect("sends");
    }
    assert!(overloaded(&mut second).await > 0);
    assert!(asked.elapsed() < Duration::from_secs(4), "it was no longer busy");
    // What does not need the project is answered all the while.
    newcomer.messages_until_pong().await.expect("a pong");
    for client in [first, second, newcomer] {
        client.close().await.expect("closes");
    }
}

/// Waits for `overloaded` and returns when to come back, in milliseconds.
async fn overloaded(client: &mut Client) -> u64 {
    let told = client.wait_for(|message| match message {
        ServerMessage::Error(error) if error.code == ErrorCode::Overloaded => error.retry_after_ms,
        _ => None,
    });
    told.await.expect("overloaded")
}

/// H2: time in which nothing could run is nobody's fault.
#[tokio::test]
async fn a_frozen_process_is_not_taken_for_a_stuck_one() {
    let server = faulty();
    let (mut member, _) = member_in(&server.v2(7), "ann", "plan").await;
    server.signal("STOP");
    // The freeze itself: longer than anything may be stuck.
    sleep(Duration::from_secs(12)).await;
    server.signal("CONT");
    member.messages_until_pong().await.expect("a pong");
    let thawed = Instant::now();
    while thawed.elapsed() < Duration::from_secs(2) {
        assert_eq!(liveness(&server).await.0, 200);
    }
    member.messages_until_pong().await.expect("a pong");
    assert!(!server.log().contains("stuck"), "{}", server.log());
    member.close().await.expect("closes");
}
