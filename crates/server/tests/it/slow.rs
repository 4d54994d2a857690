//! Members that do not read (B1, B2): they lose their own connection and cost nobody anything.

use std::time::Duration;

use collabd_loadgen::{Client, Endpoint};
use collabd_protocol::client::SetStatus;
use collabd_protocol::{ClientMessage, CursorPosition, ServerMessage, Status};

use crate::support::{
    FULL_SPEED, Frame, RawClient, TestServer, canvas_at, cursor_in, member, member_in, upgrade_request,
    v2_path,
};

/// A client whose kernel takes little, and which reads nothing after its join.
fn tiny(endpoint: &Endpoint) -> Endpoint {
    endpoint.clone().with_receive_buffer(2048)
}

/// The mover moves, the neighbour sees it: one turn of ordinary work.
async fn round(mover: &mut Client, neighbour: &mut Client, at: f64) {
    mover.send(&cursor_in("plan", canvas_at(at))).await.expect("sends");
    neighbour
        .wait_for(|message| cursor(message).filter(|seen| *seen == canvas_at(at)))
        .await
        .expect("the move");
}

fn cursor(message: ServerMessage) -> Option<CursorPosition> {
    match message {
        ServerMessage::CursorUpdate { data } => Some(data.position),
        _ => None,
    }
}

/// Reads to the end and says how the server closed.
async fn end_of(mut client: Client) -> Option<u16> {
    client.wait_for_close().await.expect("a close").code
}

/// S1, R2: a room under load with a member that never reads, to the moment it is cut off.
#[tokio::test]
async fn a_member_that_stops_reading_is_closed_alone_with_4000() {
    let flags = [&FULL_SPEED[..], &["--close-timeout", "30s"]].concat();
    let server = TestServer::start_with(&flags);
    let endpoint = server.batch(1);
    let (deaf, _) = member_in(&tiny(&endpoint), "deaf", "plan").await;
    let (mut mover, _) = member_in(&endpoint, "mover", "plan").await;
    let (mut neighbour, _) = member_in(&endpoint, "neighbour", "plan").await;
    let mut rounds = 0;
    let gone = tokio::time::timeout(Duration::from_secs(20), async {
        // Everybody else works on, in this project and with newcomers in others, until the deaf one is gone.
        while server.state().sessions > 2 {
            for _ in 0..50 {
                rounds += 1;
                round(&mut mover, &mut neighbour, f64::from(rounds)).await;
            }
            let (other, _) = member_in(&server.v2(2), "elsewhere", "plan").await;
            other.close().await.expect("closes");
        }
    });
    gone.await.expect("the member that does not read is gone within 20 s");
    assert_eq!(end_of(deaf).await, Some(4000));
    round(&mut mover, &mut neighbour, -1.0).await;
    let metrics = server.http().get("/metrics").await.expect("metrics").text();
    assert!(metrics.contains("collabd_connections_closed_total{reason=\"slow_consumer\"} 1"), "{metrics}");
    mover.close().await.expect("closes");
    neighbour.close().await.expect("closes");
}

/// S8: its own answers are what fills its outbox, and nothing waits until it reads them.
#[test]
fn a_client_that_floods_and_does_not_read_the_answers_is_closed_with_4000() {
    let flags = [&FULL_SPEED[..], &["--close-timeout", "30s"]].concat();
    let server = TestServer::start_with(&flags);
    let mut witness = RawClient::joined(server.address(), &v2_path(1), "witness");
    let mut deaf = RawClient::connect_narrow(server.address());
    deaf.send(upgrade_request(&v2_path(1), ""));
    assert_eq!(deaf.response().status, 101);
    deaf.join("deaf");
    let flood = deaf.flood(Frame::text(r#"{"type":"ping"}"#).bytes().repeat(1000));
    let left = witness.message_of_type("user_left");
    assert_eq!(left["reason"], "slow_consumer", "{left}");
    assert_eq!(deaf.close_code(), Some(4000));
    drop(deaf);
    flood.join().expect("no panic");
    witness.messages_until_pong();
}

/// B2: what may not be dropped is bounded, too.
#[tokio::test]
async fn a_full_outbox_evicts_its_session_and_nobody_else() {
    let flags = [&FULL_SPEED[..], &["--outbox-items", "256", "--close-timeout", "30s"]].concat();
    let server = TestServer::start_with(&flags);
    let (deaf, _) = member(&tiny(&server.v2(1)), "deaf").await;
    let (mut busy, _) = member(&server.v2(1), "busy").await;
    while server.state().sessions > 1 {
        for status in [Status::Away, Status::Active] {
            busy.send(&ClientMessage::SetStatus(SetStatus { status })).await.expect("sends");
            let seen = busy.wait_for(|message| match message {
                ServerMessage::UserUpdated { user } if user.user_id.as_str() == "busy" => Some(user.status),
                _ => None,
            });
            assert_eq!(seen.await.expect("one's own change"), status);
        }
    }
    assert_eq!(end_of(deaf).await, Some(4000));
    busy.close().await.expect("closes");
}

/// C2: a reader that pauses skips positions, keeps its connection and ends with the newest one.
#[tokio::test]
async fn a_reader_that_falls_behind_catches_up_to_the_last_position() {
    let flags = [&FULL_SPEED[..], &["--write-timeout", "60s"]].concat();
    let server = TestServer::start_with(&flags);
    let endpoint = server.batch(1);
    let (mut late, _) = member_in(&tiny(&endpoint), "late", "plan").await;
    let (mut mover, _) = member_in(&endpoint, "mover", "plan").await;
    let (mut neighbour, _) = member_in(&endpoint, "neighbour", "plan").await;
    let mut at = 0.0;
    let has_lagged = |metrics: &str| !metrics.contains("collabd_lagging_receivers_total 0");
    while !has_lagged(&server.http().get("/metrics").await.expect("metrics").text()) {
        for _ in 0..100 {
            at += 1.0;
            round(&mut mover, &mut neighbour, at).await;
        }
    }
    let last = canvas_at(at);
    let mut seen = 0;
    let caught_up = late.wait_for(|message| {
        let position = cursor(message)?;
        seen += 1;
        (position == last).then_some(())
    });
    caught_up.await.expect("the newest position");
    assert!(f64::from(seen) < at, "{seen} of {at} moves: nothing was skipped");
    for client in [late, mover, neighbour] {
        client.close().await.expect("closes");
    }
}
