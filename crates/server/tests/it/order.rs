//! What must come before what: joins in time, leaves at once or after the grace period, events after snapshots.

use std::collections::HashMap;
use std::time::Duration;

use collabd_loadgen::{Client, Endpoint};
use collabd_protocol::client::SetStatus;
use collabd_protocol::{ClientMessage, CursorPosition, DepartureReason, Presence, ServerMessage, Status};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::support::{
    FULL_SPEED, Frame, RawClient, TestServer, canvas_at, cursor_in, eventually, member, member_in, opcode,
    v1_path, v2_path,
};

const PING: &str = r#"{"type":"ping"}"#;

/// J1, Attack P2: neither pings of both kinds nor refused messages are a join.
#[test]
fn a_connection_that_does_not_join_in_time_is_closed_with_4007_whatever_else_it_sends() {
    let server = TestServer::start_with(&["--join-timeout", "1s"]);
    for (path, notice) in [(v2_path(1), Some(4007)), (v1_path(1), None)] {
        let began = Instant::now();
        let mut client = RawClient::upgraded(server.address(), &path);
        // The server ends its direction after the close frame, and the client talks on until then.
        while !client.has_ended_within(Duration::from_millis(20)) {
            assert!(began.elapsed() < Duration::from_secs(3), "not closed for {:?}", began.elapsed());
            client.send_frame(&Frame::ping(*b"here"));
            client.send_text(r#"{"type":"set_status","data":{"status":"active"}}"#);
            client.send_text(PING);
        }
        let waited = began.elapsed();
        assert!(waited > Duration::from_millis(950), "closed after {waited:?}");
        let end = client.end();
        assert_eq!((end.notice, end.code, end.reason.as_str()), (notice, Some(4007), "join_timeout"));
    }
}

/// J1: one join is enough, and a refused one is none.
#[test]
fn only_a_join_that_succeeds_stops_the_clock() {
    let server = TestServer::start_with(&["--join-timeout", "1s", "--project-members", "2"]);
    let mut member = RawClient::joined(server.address(), &v2_path(1), "ada");
    let mut leaver = RawClient::joined(server.address(), &v2_path(1), "bob");
    let mut refused = RawClient::upgraded(server.address(), &v2_path(1));
    refused.send_join("eve");
    assert_eq!(refused.message()["code"], "limit_exceeded");
    leaver.send_text(r#"{"type":"leave_session"}"#);
    assert_eq!(refused.end().code, Some(4007));
    // The others are older than the one that was closed.
    assert!(!member.messages_until_pong().is_empty(), "the leave");
    leaver.messages_until_pong();
    leaver.join("carl");
}

/// P3, J2
#[tokio::test]
async fn leaving_and_joining_again_on_one_connection_is_a_new_session_each_time() {
    let server = TestServer::start();
    let (mut witness, _) = member(&server.v2(1), "witness").await;
    let (mut client, first) = member(&server.v2(1), "ada").await;
    let mut sessions = vec![first.session_id];
    for _ in 0..10 {
        client.leave().await.expect("sends");
        client.join_as("ada", "Ada").await.expect("sends");
        let again = client.joined().await.expect("joins");
        assert_eq!(again.users.len(), 2, "{:?}", again.users);
        assert!(!sessions.contains(&again.session_id), "{} again", again.session_id);
        sessions.push(again.session_id);
    }
    let mut story = Vec::new();
    while story.len() < 21 {
        match witness.next_message().await.expect("an event") {
            ServerMessage::UserJoined { .. } => story.push("joined"),
            ServerMessage::UserLeft { reason: DepartureReason::Left, .. } => story.push("left"),
            other => panic!("{other:?}"),
        }
    }
    assert!(story.chunks(2).all(|pair| pair[0] == "joined" && pair.get(1).is_none_or(|end| *end == "left")));
    client.close().await.expect("closes");
    witness.close().await.expect("closes");
}

/// A way for a member to go.
#[derive(Clone, Copy)]
enum Ending {
    Text(&'static str),
    Frame(fn() -> Frame),
    HalfClose,
    Reset,
}

impl Ending {
    /// What is left of the client is kept, since its drop would end the connection, too.
    fn of(self, mut client: RawClient) -> Option<RawClient> {
        match self {
            Self::Text(text) => client.send_text(text),
            Self::Frame(frame) => client.send_frame(&frame()),
            Self::HalfClose => client.half_close(),
            Self::Reset => {
                client.reset();
                return None;
            }
        }
        Some(client)
    }
}

/// Every way to go, and the reason that the others hear.
const ENDINGS: [(DepartureReason, Ending); 9] = [
    (DepartureReason::Left, Ending::Text(r#"{"type":"leave_session"}"#)),
    (DepartureReason::Left, Ending::Frame(|| Frame::close(1000, b""))),
    (DepartureReason::ConnectionLost, Ending::Frame(|| Frame::close(1001, b""))),
    (DepartureReason::ConnectionLost, Ending::Frame(|| Frame::close(4999, b""))),
    (DepartureReason::ConnectionLost, Ending::Frame(|| Frame::new(opcode::CLOSE, []))),
    (DepartureReason::ConnectionLost, Ending::HalfClose),
    (DepartureReason::ConnectionLost, Ending::Reset),
    (DepartureReason::Misbehaved, Ending::Frame(|| Frame::new(opcode::BINARY, []))),
    (DepartureReason::Misbehaved, Ending::Frame(|| Frame::text(PING).unmasked())),
];

/// P3
#[tokio::test]
async fn a_wish_to_leave_is_granted_at_once_and_any_other_end_after_the_grace_period() {
    const GRACE: Duration = Duration::from_secs(1);
    let server = TestServer::start_with(&["--grace", "1s"]);
    let (mut witness, _) = member(&server.v2(1), "witness").await;
    let leaving: Vec<_> = (0..ENDINGS.len())
        .map(|number| RawClient::joined(server.address(), &v2_path(1), &format!("user-{number}")))
        .collect();
    let began = Instant::now();
    let remains: Vec<_> =
        ENDINGS.iter().zip(leaving).map(|((_, ending), client)| ending.of(client)).collect();
    let ended = began.elapsed();
    let mut departures = HashMap::new();
    while departures.len() < ENDINGS.len() {
        if let ServerMessage::UserLeft { user_id, reason } = witness.next_message().await.expect("an event") {
            let again = departures.insert(user_id.as_str().to_owned(), (reason, began.elapsed()));
            assert_eq!(again, None, "{user_id} left twice");
        }
    }
    for (number, (reason, _)) in ENDINGS.iter().enumerate() {
        let (told, after) = departures[&format!("user-{number}")];
        assert_eq!(told, *reason, "ending {number}");
        let is_kept = after >= GRACE;
        assert_eq!(
            is_kept,
            reason.keeps_grace(),
            "ending {number} after {after:?}, all sent after {ended:?}"
        );
    }
    drop(remains);
}

/// P3: whoever comes back within the grace period has never been away.
#[tokio::test]
async fn a_member_that_comes_back_in_time_has_not_left() {
    let server = TestServer::start_with(&["--grace", "5s"]);
    let (mut witness, _) = member(&server.v2(1), "witness").await;
    for (_, ending) in ENDINGS.iter().filter(|(reason, _)| reason.keeps_grace()) {
        let remains = ending.of(RawClient::joined(server.address(), &v2_path(1), "ada"));
        eventually(Duration::from_secs(2), "end of the session", || {
            (server.state().sessions == 1).then_some(())
        });
        drop(remains);
    }
    let (mut back, snapshot) = member(&server.v2(1), "ada").await;
    assert_eq!(snapshot.users.len(), 2);
    back.send(&ClientMessage::SetStatus(SetStatus { status: Status::Away })).await.expect("sends");
    let mut joins = 0;
    let away = witness.wait_for(|message| match message {
        ServerMessage::UserJoined { .. } => {
            joins += 1;
            None
        }
        ServerMessage::UserUpdated { user } => (user.status == Status::Away).then_some(()),
        other => panic!("{other:?}"),
    });
    away.await.expect("the new status");
    assert_eq!(joins, 1);
    back.close().await.expect("closes");
    witness.close().await.expect("closes");
}

/// The mover's place as the snapshot tells it.
fn position_of(users: &[Presence], user: &str) -> Option<f64> {
    let user = users.iter().find(|presence| presence.user_id.as_str() == user)?;
    x_of(user.documents.values().next()?.position.as_ref()?)
}

fn x_of(position: &CursorPosition) -> Option<f64> {
    match position {
        CursorPosition::Canvas(canvas) => Some(canvas.x),
        _ => None,
    }
}

/// Moves once a millisecond, each time a step further.
async fn move_on(mover: &mut Client, steps: u32) {
    let mut ticks = interval(Duration::from_millis(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for step in 1..=steps {
        ticks.tick().await;
        mover.send(&cursor_in("plan", canvas_at(f64::from(step)))).await.expect("sends");
    }
}

/// Joins one after the other while the mover moves, each with the position its snapshot tells.
async fn join_one_by_one(endpoints: &[Endpoint], count: usize) -> Vec<(Client, f64)> {
    let mut joiners = Vec::new();
    for number in 0..count {
        let endpoint = &endpoints[number % endpoints.len()];
        let (client, snapshot) = member_in(endpoint, &format!("joiner-{number}"), "plan").await;
        joiners.push((client, position_of(&snapshot.users, "mover").unwrap_or(0.0)));
    }
    joiners
}

/// J3, C2, C3
#[tokio::test]
async fn a_member_that_joins_while_another_moves_misses_nothing() {
    const STEPS: u32 = 1500;
    let server = TestServer::start_with(&FULL_SPEED);
    let (mut mover, _) = member_in(&server.v2(1), "mover", "plan").await;
    let endpoints = [server.v2(1), server.batch(1)];
    let (joiners, ()) = tokio::join!(join_one_by_one(&endpoints, 40), move_on(&mut mover, STEPS));
    let starts: Vec<_> = joiners.iter().map(|(_, start)| *start).collect();
    assert!(starts[0] < starts[39] && starts[39] > 0.0, "nobody joined during the moves: {starts:?}");
    for (mut client, start) in joiners {
        let mut known = start;
        let newest = client.wait_for(|message| match message {
            ServerMessage::CursorUpdate { data } if data.user_id.as_str() == "mover" => {
                let x = x_of(&data.position).expect("a place on a canvas");
                assert!(x >= known, "{x} after {known}");
                known = x;
                (x >= f64::from(STEPS)).then_some(())
            }
            ServerMessage::UserJoined { user } => {
                assert_ne!(user.user_id.as_str(), "mover", "told of a join that was in the snapshot");
                None
            }
            _ => None,
        });
        newest.await.expect("the newest position");
        client.close().await.expect("closes");
    }
    mover.close().await.expect("closes");
}
