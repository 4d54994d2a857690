//! Peers that are silent, and a server that was (H1, H2).

use std::time::Duration;

use collabd_loadgen::Client;
use collabd_protocol::{DepartureReason, ServerMessage};
use tokio::time::{Instant, timeout};

use crate::support::{TestServer, member};

const FLAGS: [&str; 6] = ["--heartbeat-interval", "300ms", "--silence-timeout", "1s", "--grace", "100ms"];

/// Reads whatever comes for a while: a client that is read answers pings.
async fn live_for(client: &mut Client, while_: Duration) {
    let until = Instant::now() + while_;
    while let Ok(event) = tokio::time::timeout_at(until, client.next_event()).await {
        event.expect("the connection lives");
    }
}

/// H1: the server's own timer ends it, with nothing arriving that could wake a check.
#[tokio::test]
async fn a_peer_that_never_answers_pings_is_closed_with_4001() {
    let server = TestServer::start_with(&FLAGS);
    let (mut witness, _) = member(&server.v2(1), "witness").await;
    let (mut mute, _) = member(&server.v2(1), "mute").await;
    let reason = witness.wait_for(|message| match message {
        ServerMessage::UserLeft { user_id, reason } if user_id.as_str() == "mute" => Some(reason),
        _ => None,
    });
    assert_eq!(reason.await.expect("mute's leave"), DepartureReason::HeartbeatTimeout);
    assert_eq!(mute.wait_for_close().await.expect("a close").code, Some(4001));
    // The witness said nothing either, but answered pings all the while.
    witness.messages_until_pong().await.expect("a pong");
    assert!(witness.frame_counts().pings > 0);
}

/// H2, L7
#[tokio::test]
async fn a_frozen_server_does_not_blame_its_clients() {
    let server = TestServer::start_with(&FLAGS);
    let (mut ann, _) = member(&server.v2(1), "ann").await;
    live_for(&mut ann, Duration::from_millis(500)).await;
    server.signal("STOP");
    // The freeze itself: long enough for any silence to be over the limit.
    assert!(timeout(Duration::from_secs(4), ann.wait_for_close()).await.is_err(), "closed while frozen");
    server.signal("CONT");
    live_for(&mut ann, Duration::from_secs(3)).await;
    ann.messages_until_pong().await.expect("a pong");
    ann.close().await.expect("closes");
}
