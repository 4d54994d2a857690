//! Coming and going: storms of reconnections, each of which opens a document, and what must be left of them.

use std::time::Duration;

use collabd_loadgen::{Client, Endpoint};
use collabd_protocol::{DepartureReason, ServerMessage};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::{TestServer, canvas_at, cursor_in, member, member_in};

/// How one visit ends.
#[derive(Clone, Copy)]
enum Ending {
    Close,
    Drop,
    Reset,
    /// Without even waiting for the answer to the join.
    DropUnjoined,
}

const ENDINGS: [Ending; 4] = [Ending::Close, Ending::Drop, Ending::Reset, Ending::DropUnjoined];

async fn visit(endpoint: Endpoint, user: String, ending: Ending) {
    if let Ending::DropUnjoined = ending {
        let mut client = Client::connect(&endpoint).await.expect("connects");
        client.join_as(&user, "someone").await.expect("sends its join");
        return;
    }
    let (mut client, _) = member_in(&endpoint, &user, "plan").await;
    client.send(&cursor_in("plan", canvas_at(1.0))).await.expect("sends");
    match ending {
        Ending::Close => drop(client.close().await.expect("closes")),
        Ending::Reset => client.abort().expect("resets"),
        Ending::Drop | Ending::DropUnjoined => drop(client),
    }
}

async fn is_healthy_within_a_second(server: &TestServer) {
    let asked = Instant::now();
    let response = server.http().get("/health").await.expect("an answer");
    assert_eq!(response.status.as_u16(), 200);
    assert!(asked.elapsed() < Duration::from_secs(1), "health took {:?}", asked.elapsed());
    assert_eq!(server.http().get("/health/ready").await.expect("an answer").status.as_u16(), 200);
}

/// The failure that this server exists to end: a page that reconnects a few times, with a document open.
#[tokio::test]
async fn rapid_reconnections_of_one_user_leave_a_healthy_server_and_nothing_else() {
    for cycles in [20, 100] {
        let server = TestServer::start();
        for cycle in 0..cycles {
            visit(server.v2(1), "ann".to_owned(), ENDINGS[cycle % ENDINGS.len()]).await;
        }
        is_healthy_within_a_second(&server).await;
        server.settled();
    }
}

/// R5
#[tokio::test]
async fn a_storm_of_many_users_in_several_projects_leaves_nothing() {
    let server = TestServer::start();
    let mut visitors = JoinSet::new();
    for visitor in 0..20 {
        let endpoint = server.batch([1, 2, 3][visitor % 3]);
        visitors.spawn(async move {
            for cycle in 0..10 {
                let ending = ENDINGS[(cycle + visitor) % ENDINGS.len()];
                visit(endpoint.clone(), format!("user-{visitor}"), ending).await;
            }
        });
    }
    while let Some(visited) = visitors.join_next().await {
        visited.expect("a visitor");
    }
    is_healthy_within_a_second(&server).await;
    server.settled();
}

/// P2
#[tokio::test]
async fn an_old_sockets_late_close_takes_nothing_from_the_new_one() {
    let server = TestServer::start();
    let (mut witness, _) = member_in(&server.v2(1), "witness", "plan").await;
    let (old, _) = member_in(&server.v2(1), "ann", "plan").await;
    let (mut new, _) = member_in(&server.v2(1), "ann", "plan").await;
    old.close().await.expect("closes");
    new.send(&cursor_in("plan", canvas_at(5.0))).await.expect("sends");
    let mut left = 0;
    let moved = witness.wait_for(|message| match message {
        ServerMessage::UserLeft { .. } => {
            left += 1;
            None
        }
        ServerMessage::CursorUpdate { data } => Some(data.position),
        _ => None,
    });
    assert_eq!(moved.await.expect("the new socket's cursor"), canvas_at(5.0));
    assert_eq!(left, 0, "ann never left");
    let (_, users) = member(&server.v2(1), "late").await;
    let ann = users.users.iter().find(|user| user.user_id.as_str() == "ann").expect("ann is here");
    assert_eq!((ann.sessions, ann.documents.len()), (1, 1));
}

/// P3
#[tokio::test]
async fn a_page_refresh_shows_the_others_nothing() {
    let server = TestServer::start();
    let (mut witness, _) = member_in(&server.v2(1), "witness", "plan").await;
    let (old, _) = member_in(&server.v2(1), "ann", "plan").await;
    let joined = witness.wait_for(|message| match message {
        ServerMessage::UserJoined { user } => Some(user.user_id),
        _ => None,
    });
    assert_eq!(joined.await.expect("ann's join").as_str(), "ann");
    old.abort().expect("resets");
    let (new, _) = member_in(&server.v2(1), "ann", "plan").await;
    // The next user's join is a barrier: whatever the refresh caused was queued before it.
    let (_bob, _) = member(&server.v2(1), "bob").await;
    let seen = witness.wait_for(|message| match message {
        ServerMessage::UserLeft { user_id, .. } => Some(user_id),
        ServerMessage::UserUpdated { user } | ServerMessage::UserJoined { user } => Some(user.user_id),
        _ => None,
    });
    assert_eq!(seen.await.expect("a change").as_str(), "bob");
    new.close().await.expect("closes");
}

/// P3
#[tokio::test]
async fn an_abrupt_reset_is_a_leave_once_the_grace_period_is_over() {
    let server = TestServer::start_with(&["--grace", "200ms"]);
    let (mut witness, _) = member_in(&server.v2(1), "witness", "plan").await;
    let (ann, _) = member_in(&server.v2(1), "ann", "plan").await;
    ann.abort().expect("resets");
    let reason = witness.wait_for(|message| match message {
        ServerMessage::UserLeft { user_id, reason } if user_id.as_str() == "ann" => Some(reason),
        _ => None,
    });
    assert_eq!(reason.await.expect("ann's leave"), DepartureReason::ConnectionLost);
}

#[tokio::test]
async fn an_empty_project_is_dropped() {
    let server = TestServer::start();
    let (ann, _) = member_in(&server.v2(7), "ann", "plan").await;
    assert_eq!(server.state().projects, 1);
    ann.close().await.expect("closes");
    server.settled();
    assert_eq!(server.state().projects, 0);
}
