//! Bounds on what one client can take, and what a client hears at each (B3, C1, C2).

use std::time::Duration;

use collabd_loadgen::Client;
use collabd_protocol::client::SetStatus;
use collabd_protocol::{ClientMessage, ErrorCode, ServerMessage, Status, WireError};
use serde_json::Value;
use tokio::time::{Instant, interval};

use crate::support::{
    FULL_SPEED, Frame, RawClient, RawResponse, TestServer, canvas_at, cursor_in, eventually, member,
    member_in, opcode, upgrade_request, v2_path,
};

/// Asks for an upgrade; the connection is given back with the answer.
fn ask(server: &TestServer) -> (RawClient, RawResponse) {
    let mut client = RawClient::connect(server.address());
    client.send(upgrade_request(&v2_path(1), ""));
    let response = client.response();
    (client, response)
}

fn assert_full(server: &TestServer, case: &str) {
    let (_, response) = ask(server);
    assert_eq!(response.status, 503, "{case}: {response:?}");
    let seconds: u64 = response.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{case}: {response:?}");
    assert!(response.error().contains("limit"), "{case}: {response:?}");
}

type Ending = (&'static str, fn(RawClient));

/// How a connection gives its place back.
const ENDINGS: [Ending; 9] = [
    ("a close", |mut client| {
        client.send_frame(&Frame::close(1000, b""));
        client.end();
    }),
    ("the end of TCP", drop),
    ("the end of one direction", |mut client| {
        client.half_close();
        client.wait_for_end();
    }),
    ("a reset", RawClient::reset),
    ("a broken frame", |mut client| {
        client.send_frame(&Frame::text("{}").unmasked());
        assert_eq!(client.end().code, Some(1002));
    }),
    ("a frame that is too big", |mut client| {
        client.send_frame(&Frame::text([]).claiming(1 << 40));
        assert_eq!(client.end().code, Some(1009));
    }),
    ("no join", |mut client| {
        client.send_text(r#"{"type":"leave_session"}"#);
        assert_eq!(client.end().code, Some(4007));
    }),
    ("too many errors", |mut client| {
        for _ in 0..20 {
            client.send_text("nonsense");
        }
        assert_eq!(client.end().code, Some(4509));
    }),
    ("a close that nobody answers", |mut client| {
        client.send_frame(&Frame::new(opcode::BINARY, []));
        client.wait_for_end();
    }),
];

/// L1
#[test]
fn the_connection_limit_is_exact_and_every_end_gives_its_place_back() {
    let flags = ["--max-connections", "3", "--join-timeout", "1s", "--close-timeout", "500ms"];
    let server = TestServer::start_with(&flags);
    let mut members = ["ada", "bob"].map(|user| RawClient::joined(server.address(), &v2_path(1), user));
    for (about, end) in ENDINGS {
        let third = eventually(Duration::from_secs(5), "free place", || {
            let (client, response) = ask(&server);
            (response.status == 101).then_some(client)
        });
        assert_full(&server, about);
        end(third);
        let taken = || (server.state().connections == 2).then_some(());
        eventually(Duration::from_secs(5), about, taken);
    }
    for member in &mut members {
        member.messages_until_pong();
    }
}

/// A request that gets no WebSocket takes no place.
#[test]
fn refused_upgrades_and_plain_requests_take_no_place() {
    let server = TestServer::start_with(&["--max-connections", "1"]);
    for head in [
        upgrade_request("/ws/collaboration/v2?project_id=0", ""),
        upgrade_request(&v2_path(1), "Sec-WebSocket-Protocol: mqtt\r\n"),
        upgrade_request(&v2_path(1), "").replace("Version: 13", "Version: 12"),
        upgrade_request(&v2_path(1), "").replacen("GET", "POST", 1),
        "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
    ] {
        let mut client = RawClient::connect(server.address());
        client.send(&head);
        assert_ne!(client.response().status, 503, "{head}");
        assert_eq!(server.state().connections, 0, "{head}");
    }
    // A client that is gone before it is answered leaves its place, too.
    for _ in 0..20 {
        let mut client = RawClient::connect(server.address());
        client.send(upgrade_request(&v2_path(1), ""));
        client.reset();
    }
    eventually(Duration::from_secs(5), "free place", || (ask(&server).1.status == 101).then_some(()));
}

async fn refusal(client: &mut Client) -> WireError {
    let refusal = client.wait_for(|message| match message {
        ServerMessage::Error(error) => Some(error),
        _ => None,
    });
    refusal.await.expect("a refusal")
}

#[tokio::test]
async fn a_project_that_is_full_refuses_a_join_until_somebody_leaves() {
    let server = TestServer::start_with(&["--project-members", "2"]);
    let (mut ada, _) = member(&server.v2(1), "ada").await;
    let (bob, _) = member(&server.v2(1), "bob").await;
    let mut eve = Client::connect(&server.v2(1)).await.expect("connects");
    eve.join_as("eve", "Eve").await.expect("sends");
    let refusal = refusal(&mut eve).await;
    assert_eq!((refusal.code, refusal.temporary), (ErrorCode::LimitExceeded, true), "{refusal:?}");
    assert!(refusal.message.contains('2'), "{refusal:?}");
    assert!(eve.messages_until_pong().await.expect("a pong").is_empty());
    // The limit is that of a project: another one has room.
    let (elsewhere, _) = member(&server.v2(2), "eve").await;
    ada.leave().await.expect("sends");
    ada.messages_until_pong().await.expect("a pong");
    eve.join_as("eve", "Eve").await.expect("sends");
    assert_eq!(eve.joined().await.expect("joins").users.len(), 2);
    for client in [ada, bob, eve, elsewhere] {
        client.close().await.expect("closes");
    }
}

fn set_status(status: Status) -> ClientMessage {
    ClientMessage::SetStatus(SetStatus { status })
}

fn refusals(messages: Vec<ServerMessage>) -> Vec<WireError> {
    let refusal = |message| match message {
        ServerMessage::Error(error) => Some(error),
        _ => None,
    };
    messages.into_iter().filter_map(refusal).collect()
}

/// B3
#[tokio::test]
async fn what_is_over_the_rate_is_refused_once_a_second_with_the_time_to_wait() {
    let server = TestServer::start();
    let (mut client, _) = member(&server.v2(1), "ada").await;
    for _ in 0..40 {
        client.send(&set_status(Status::Idle)).await.expect("sends");
    }
    assert_eq!(refusals(client.messages_until_pong().await.expect("a pong")), [], "the burst is allowed");
    let began = Instant::now();
    let mut told = Vec::new();
    // Five times the rate is no flood yet.
    let mut pace = interval(Duration::from_millis(10));
    while began.elapsed() < Duration::from_millis(2500) {
        pace.tick().await;
        client.send(&set_status(Status::Away)).await.expect("sends");
        let answers = client.messages_until_pong().await.expect("a pong");
        told.extend(refusals(answers).into_iter().map(|refusal| (began.elapsed(), refusal)));
    }
    assert!((2..=3).contains(&told.len()), "{told:?}");
    let second = Duration::from_millis(900);
    assert!(told.windows(2).all(|pair| pair[1].0.saturating_sub(pair[0].0) > second), "{told:?}");
    for (_, refusal) in told {
        assert_eq!((refusal.code, refusal.temporary), (ErrorCode::RateLimited, true));
        let wait = refusal.retry_after_ms.expect("a time to wait");
        assert!((1..=50).contains(&wait), "{refusal:?}");
    }
    client.close().await.expect("closes");
}

/// B3, C2, L2: nothing of a burst of moves is refused, and its last position arrives.
#[tokio::test]
async fn cursors_over_the_rate_conflate_and_the_last_position_arrives() {
    let server = TestServer::start();
    let (mut mover, _) = member_in(&server.v2(1), "mover", "plan").await;
    let (mut witness, _) = member_in(&server.v2(1), "witness", "plan").await;
    for step in 1..=500 {
        mover.send(&cursor_in("plan", canvas_at(f64::from(step)))).await.expect("sends");
    }
    let mut seen = Vec::new();
    let last = witness.wait_for(|message| match message {
        ServerMessage::CursorUpdate { data } => {
            seen.push(data.position.clone());
            (data.position == canvas_at(500.0)).then_some(())
        }
        _ => None,
    });
    last.await.expect("the last position");
    assert!(seen.len() < 100, "{} positions of a burst", seen.len());
    assert_eq!(refusals(mover.messages_until_pong().await.expect("a pong")), []);
    mover.close().await.expect("closes");
    witness.close().await.expect("closes");
}

/// B3: they cost nothing of the rate; fifty joins are less than the budget for those.
#[tokio::test]
async fn pings_joins_and_leaves_are_never_refused() {
    let server = TestServer::start();
    let (mut client, _) = member(&server.v2(1), "ada").await;
    // The budget is used up, and stays so.
    for _ in 0..60 {
        client.send(&set_status(Status::Away)).await.expect("sends");
    }
    client.messages_until_pong().await.expect("a pong");
    for _ in 0..50 {
        client.leave().await.expect("sends");
        client.join_as("ada", "Ada").await.expect("sends");
        client.joined().await.expect("joins");
    }
    for _ in 0..200 {
        client.send(&ClientMessage::Ping).await.expect("sends");
    }
    for _ in 0..200 {
        assert_eq!(client.next_message().await.expect("a message"), ServerMessage::Pong);
    }
    client.close().await.expect("closes");
}

/// B3: more frames than an outbox holds, in one packet, from a client that reads all answers.
#[test]
fn a_burst_of_pings_is_answered_whole() {
    let flags = [&FULL_SPEED[..], &["--outbox-items", "16"]].concat();
    let server = TestServer::start_with(&flags);
    let mut client = RawClient::joined(server.address(), &v2_path(1), "ada");
    for round in 0..50 {
        client.send(Frame::text(r#"{"type":"ping"}"#).bytes().repeat(500));
        for answer in 0..500 {
            assert_eq!(client.message()["type"], "pong", "answer {answer} of round {round}");
        }
    }
}

/// B3, L2, W6
#[test]
fn a_sustained_flood_is_closed_with_4003_whatever_it_is_made_of() {
    let server = TestServer::start();
    let mut witness = RawClient::joined(server.address(), &v2_path(1), "witness");
    for frame in [
        Frame::text(r#"{"type":"ping"}"#),
        Frame::text(r#"{"type":"set_status","data":{"status":"idle"}}"#),
        Frame::text(r#"{"type":"leave_session"}"#),
        Frame::ping([]),
        Frame::new(opcode::PONG, []),
    ] {
        let mut client = RawClient::joined(server.address(), &v2_path(1), "ada");
        client.send(frame.bytes().repeat(3000));
        let end = client.end();
        assert_eq!(
            (end.notice, end.code, end.reason.as_str()),
            (Some(4003), Some(4003), "rate_limited"),
            "{frame:?}"
        );
    }
    witness.messages_until_pong();
}

/// The documents of a project as the server tells them.
fn documents(server: &TestServer) -> u64 {
    let mut client = RawClient::connect(server.address());
    client.send("GET /health/collaboration HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let report: Value = serde_json::from_str(&client.response().body).expect("a report");
    report["projects"][0]["documents"].as_u64().unwrap_or_else(|| panic!("{report}"))
}

/// Moves in as many documents, one after the other, and never waits long for the news of it.
async fn invent(client: &mut Client, count: u32) {
    for number in 1..=count {
        let document = format!("invented-{number}");
        client.send(&cursor_in(&document, canvas_at(f64::from(number)))).await.expect("sends");
        if number % 50 != 0 {
            continue;
        }
        // A member hears of its own documents.
        let entered = client.wait_for(|message| match message {
            ServerMessage::UserUpdated { user } => {
                assert!(user.documents.len() <= 8, "in {} documents", user.documents.len());
                user.documents.keys().any(|entered| entered.as_str() == document).then_some(())
            }
            ServerMessage::DocumentActivity { .. } => None,
            other => panic!("{other:?}"),
        });
        entered.await.expect("the last document");
    }
}

/// C1, R3
#[tokio::test]
async fn invented_documents_do_not_add_up() {
    let server = TestServer::start_with(&FULL_SPEED);
    let (mut inventor, _) = member(&server.v2(1), "inventor").await;
    invent(&mut inventor, 4000).await;
    assert_eq!(documents(&server), 8);
    let (mut newcomer, snapshot) = member(&server.v2(1), "newcomer").await;
    assert_eq!(snapshot.users[0].documents.len(), 8);
    assert!(newcomer.frame_counts().text_bytes < 4096, "{:?}", newcomer.frame_counts());
    inventor.leave().await.expect("sends");
    newcomer
        .wait_for(|message| matches!(message, ServerMessage::UserLeft { .. }).then_some(()))
        .await
        .expect("the leave");
    eventually(Duration::from_secs(1), "forgotten document", || (documents(&server) == 0).then_some(()));
    for client in [inventor, newcomer] {
        client.close().await.expect("closes");
    }
}

/// C1, B3, R3: at the ordinary rate, too, what waits for its turn is bounded.
#[tokio::test]
async fn invented_documents_over_the_rate_are_bounded_as_well() {
    let server = TestServer::start();
    let (mut inventor, _) = member(&server.v2(1), "inventor").await;
    for number in 1..=900 {
        let at = canvas_at(f64::from(number));
        inventor.send(&cursor_in(&format!("invented-{number}"), at)).await.expect("sends");
    }
    assert_eq!(refusals(inventor.messages_until_pong().await.expect("a pong")), []);
    let (mut witness, _) = member_in(&server.v2(1), "witness", "invented-900").await;
    let last = witness.wait_for(|message| match message {
        ServerMessage::CursorUpdate { data } => Some(data.position),
        _ => None,
    });
    assert_eq!(last.await.expect("the last document's cursor"), canvas_at(900.0));
    let count = documents(&server);
    assert!(count <= 9, "{count} documents");
    for client in [inventor, witness] {
        client.close().await.expect("closes");
    }
}
