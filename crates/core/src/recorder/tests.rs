//! What is kept, for how long, and what is written by whom.

use collabd_protocol::ids::Incarnation;
use collabd_protocol::{CloseCode, DepartureReason, SessionId, UserId, UserName};
use jiff::{SignedDuration, Timestamp};

use super::log::{TOLD, Told};
use super::{
    Close, EVENTS_PER_PROJECT, FlightRecorder, PROJECTS, ProjectEvent, Record, SERVER_EVENTS, ServerEvent,
    Tapes, Target, Who,
};
use crate::limits::OutboxLimits;
use crate::testing::{Member, Server, document, pass, profile, project, settle};

fn opened(name: usize) -> ProjectEvent {
    ProjectEvent::DocumentOpened(document(&name.to_string()))
}

fn events(recorder: &FlightRecorder, number: i32) -> Vec<ProjectEvent> {
    let mut records = recorder.of_project(project(number), None);
    records.reverse();
    assert!(records.is_sorted_by_key(|record| record.number));
    records.into_iter().map(|record| record.event).collect()
}

fn who(name: &str, session: SessionId) -> Who {
    Who::of(session, &profile(name))
}

#[test]
fn a_project_keeps_its_last_events_and_nothing_of_another() {
    let recorder = FlightRecorder::default();
    recorder.project(project(2), ProjectEvent::Opened);
    for number in 0..=EVENTS_PER_PROJECT {
        recorder.project(project(1), opened(number));
    }
    let kept: Vec<_> = (1..=EVENTS_PER_PROJECT).map(opened).collect();
    assert_eq!(events(&recorder, 1), kept);
    assert_eq!(events(&recorder, 2), [ProjectEvent::Opened]);
    assert_eq!(events(&recorder, 3), []);
}

#[test]
fn the_project_in_which_nothing_happened_for_longest_is_forgotten() {
    let recorder = FlightRecorder::default();
    let most = i32::try_from(PROJECTS).unwrap();
    for number in 1..=most {
        recorder.project(project(number), ProjectEvent::Opened);
    }
    // Somebody is still busy in the oldest one.
    recorder.project(project(1), ProjectEvent::Ended);
    assert_eq!(events(&recorder, 2), [ProjectEvent::Opened]);
    recorder.project(project(most + 1), ProjectEvent::Opened);
    assert_eq!(events(&recorder, 2), []);
    assert_eq!(events(&recorder, 1), [ProjectEvent::Opened, ProjectEvent::Ended]);
    let tapes = recorder.tapes();
    assert_eq!((tapes.projects.len(), tapes.by_last.len()), (PROJECTS, PROJECTS));
}

#[test]
fn only_what_is_new_can_be_asked_for() {
    let recorder = FlightRecorder::default();
    for number in 0..3 {
        recorder.project(project(1), opened(number));
    }
    let all = recorder.of_project(project(1), None);
    let after = Some(all[1].number);
    assert_eq!(recorder.of_project(project(1), after), all[..1]);
    assert_eq!(recorder.of_project(project(1), Some(all[0].number)), []);
}

#[test]
fn the_servers_events_are_counted_when_they_repeat_and_never_more_than_the_bound() {
    let (mut tapes, start) = (Tapes::default(), Timestamp::UNIX_EPOCH);
    let at = |seconds| start + SignedDuration::from_secs(seconds);
    tapes.server(ServerEvent::Refused("full"), at(0));
    tapes.server(ServerEvent::Refused("origin"), at(1));
    tapes.server(ServerEvent::Refused("full"), at(9));
    tapes.server(ServerEvent::Refused("full"), at(10));
    let newest_first: Vec<_> = tapes
        .server
        .newest_first(None)
        .into_iter()
        .map(|Record { at, times, event, .. }| (at, times, event))
        .collect();
    assert_eq!(
        newest_first,
        [
            (at(10), 1, ServerEvent::Refused("full")),
            (at(1), 1, ServerEvent::Refused("origin")),
            (at(0), 2, ServerEvent::Refused("full")),
        ]
    );
    for second in 0..1000 {
        tapes.server(ServerEvent::Started, at(20 * second));
    }
    assert_eq!(tapes.server.newest_first(None).len(), SERVER_EVENTS);
}

#[test]
fn the_log_tells_the_last_events_in_their_order_with_ids_and_without_names() {
    let recorder = FlightRecorder::default();
    recorder.project(project(1), ProjectEvent::Ended);
    for number in 0..TOLD - 3 {
        recorder.project(project(1), opened(number));
    }
    let (ann, session) =
        (UserId::new("ann b").unwrap(), SessionId { incarnation: Incarnation(7), number: 3 });
    let who = Who { session, user: ann.clone(), name: UserName::new("Ann Bo").unwrap() };
    let close = Some(Close::Server(CloseCode::Kicked));
    for event in [
        ProjectEvent::Joined { who: who.clone(), document: Some(document("plan")) },
        ProjectEvent::Kicked { target: Target::User(ann.clone()), by: None },
        ProjectEvent::Departed { who, reason: DepartureReason::Revoked, close },
    ] {
        recorder.project(project(1), event);
    }
    let told = Told(recorder.of_project(project(1), None)).to_string();
    let events: Vec<_> = told.split("; ").map(|event| event.split_once("Z ").unwrap().1).collect();
    assert_eq!(events.len(), TOLD);
    assert_eq!(events[0], r#"document opened "0""#, "the oldest that is told");
    let joined = format!(r#"joined "ann b" {session} in "plan""#);
    let departed = format!(r#"departed "ann b" {session} revoked by server with 4508"#);
    assert_eq!(events[TOLD - 3..], [joined.as_str(), r#"kicked "ann b""#, departed.as_str()]);

    let mut tapes = Tapes::default();
    for _ in 0..2 {
        tapes.server(ServerEvent::Refused("full"), Timestamp::UNIX_EPOCH);
    }
    tapes.server(ServerEvent::Evicted { project: project(1), user: ann }, Timestamp::UNIX_EPOCH);
    assert_eq!(
        Told(tapes.server.newest_first(None)).to_string(),
        r#"1970-01-01T00:00:00.000Z refused full 2 times; 1970-01-01T00:00:00.000Z evicted "ann b" of project 1"#
    );
}

#[tokio::test(start_paused = true)]
async fn whoever_came_and_went_is_written_down_with_the_reason_and_stays_after_the_project() {
    let server = Server::start();
    let ada = server.join(1, "Ada").await;
    let bob = server.join(1, "Bob").await;
    let cy = server.join(2, "Cy").await;
    let (first, second) = (who("Ada", ada.id()), who("Bob", bob.id()));
    ada.leave();
    drop(bob);
    pass(10_000).await;
    assert_eq!(server.coordinator.report(project(1)), None, "the project has ended");
    let left = DepartureReason::Left;
    let lost = DepartureReason::ConnectionLost;
    assert_eq!(
        events(&server.recorder, 1),
        [
            ProjectEvent::Opened,
            ProjectEvent::Joined { who: first.clone(), document: None },
            ProjectEvent::Joined { who: second.clone(), document: None },
            ProjectEvent::Departed { who: first, reason: left, close: Some(Close::Client(Some(1000))) },
            ProjectEvent::Departed { who: second, reason: lost, close: None },
            ProjectEvent::Ended,
        ]
    );
    assert_eq!(events(&server.recorder, 2).len(), 2);
    drop(cy);
    server.end().await;
}

/// B2
#[tokio::test(start_paused = true)]
async fn an_eviction_is_written_down_once_in_its_project_and_for_the_server() {
    let server = Server::start();
    let opened = server.coordinator.open(project(1)).await.unwrap();
    let one_message = OutboxLimits { items: 1, ..OutboxLimits::default() };
    let slow = Member::join_with(&opened, "Slow", one_message).await.unwrap();
    let evicted = who("Slow", slow.id());
    // The snapshot still waits, so that there is no room for this.
    let other = server.join(1, "Other").await;
    settle().await;
    drop(slow);
    settle().await;
    let departures: Vec<_> = events(&server.recorder, 1)
        .into_iter()
        .filter(|event| matches!(event, ProjectEvent::Departed { .. }))
        .collect();
    let close = Some(Close::Server(CloseCode::SlowConsumer));
    let reason = DepartureReason::SlowConsumer;
    let user = evicted.user.clone();
    assert_eq!(departures, [ProjectEvent::Departed { who: evicted, reason, close }]);
    let of_server: Vec<_> = server.recorder.of_server(None).into_iter().map(|record| record.event).collect();
    assert_eq!(of_server, [ServerEvent::Evicted { project: project(1), user }]);
    drop(other);
    server.end().await;
}
