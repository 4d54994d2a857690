//! B1 and B2: a project without a turn, and members that do not read.

use std::pin::pin;

use collabd_protocol::{CloseCode, DocumentType, Status};
use tokio::time::{Duration, Instant};

use crate::limits::{Limits, OutboxLimits};
use crate::project::{JoinError, ProjectError};
use crate::testing::{Member, News, Project, document, line, move_to, pass, poll_once, settle};

/// Queues of one, so that every wait shows.
fn tight() -> Limits {
    Limits { project_inbox: 1, ..Limits::default() }
}

fn assert_patience(start: Instant) {
    let (waited, patience) = (start.elapsed(), Limits::default().patience);
    assert!(waited >= patience && waited <= patience + Duration::from_millis(1), "waited {waited:?}");
}

/// B1
#[tokio::test(start_paused = true)]
async fn a_join_waits_for_a_project_without_a_turn_only_as_long_as_the_patience() {
    let (project, actor) = Project::build(tight());
    let start = Instant::now();
    let (queued, refused) =
        tokio::join!(Member::join(&project.handle, "ada"), Member::join(&project.handle, "bob"));
    assert_eq!(queued.unwrap_err(), JoinError::Overloaded);
    assert_eq!(refused.unwrap_err(), JoinError::Overloaded);
    assert_patience(start);
    project.tasks.spawn(actor.run());
    settle().await;
    assert_eq!(project.handle.report().users, 0, "who heard a refusal is not here");
    project.end().await;
}

/// B1, C2, L4
#[tokio::test(start_paused = true)]
async fn a_full_inbox_refuses_a_move_at_once_and_anything_else_after_the_patience() {
    let (project, actor) = Project::build(tight());
    let mut run = Box::pin(actor.run());
    let ada = {
        let mut join = pin!(Member::join(&project.handle, "ada"));
        assert!(poll_once(join.as_mut()).is_pending());
        assert!(poll_once(run.as_mut()).is_pending());
        join.await.unwrap()
    };
    let start = Instant::now();
    let overloaded = Err(ProjectError::Overloaded);
    assert_eq!(ada.session.move_cursor(move_to("plan", line(1))), Ok(()));
    assert_eq!(ada.session.move_cursor(move_to("plan", line(2))), overloaded);
    assert_eq!(ada.session.catch_up(document("plan")), overloaded);
    assert_eq!(start.elapsed(), Duration::ZERO);
    let switch = ada.session.switch_document(document("notes"), DocumentType::Canvas);
    assert_eq!(switch.await, overloaded);
    assert_patience(start);
    assert!(poll_once(run.as_mut()).is_pending());
    assert_eq!(ada.session.move_cursor(move_to("plan", line(3))), Ok(()));
}

/// Invariant 3
#[tokio::test(start_paused = true)]
async fn a_command_given_up_while_it_waited_for_a_place_never_happened() {
    let (project, actor) = Project::build(tight());
    let mut run = Box::pin(actor.run());
    let ada = {
        let mut join = pin!(Member::join(&project.handle, "ada"));
        assert!(poll_once(join.as_mut()).is_pending());
        assert!(poll_once(run.as_mut()).is_pending());
        join.await.unwrap()
    };
    ada.session.move_cursor(move_to("plan", line(1))).unwrap();
    {
        let mut given_up = pin!(ada.session.switch_document(document("notes"), DocumentType::Canvas));
        assert!(poll_once(given_up.as_mut()).is_pending());
    }
    assert!(poll_once(run.as_mut()).is_pending());
    assert_eq!(project.handle.report().documents, 1);
    assert_eq!(project.handle.report().inbox, 0);
}

/// B2
#[tokio::test(start_paused = true)]
async fn a_member_that_does_not_read_is_evicted_alone_and_its_neighbours_get_everything() {
    let project = Project::start();
    let mut ada = project.join("ada").await;
    let bob = project.join("bob").await;
    let slow = OutboxLimits { items: 4, ..OutboxLimits::default() };
    let slow = Member::join_with(&project.handle, "slow", slow).await.unwrap();
    ada.take();
    for round in 0..10 {
        let status = if round % 2 == 0 { Status::Away } else { Status::Idle };
        bob.session.set_status(status).await.unwrap();
    }
    settle().await;
    assert_eq!(slow.close_code(), Some(CloseCode::SlowConsumer));
    assert_eq!((ada.goodbye(), bob.goodbye()), (None, None));
    assert_eq!(ada.take_news(), vec![News::updated("bob"); 10]);
    assert_eq!(project.metrics.sessions(), 2);
    let report = project.handle.report();
    assert_eq!((report.users, report.connections, report.leases), (3, 2, 1));
    drop(slow);
    pass(1500).await;
    assert_eq!(ada.take_news(), [News::left("slow")]);
    assert_eq!(project.metrics.sessions(), 2);
}

/// B2: the news of one eviction may be one too many for the next outbox, and so on.
#[tokio::test(start_paused = true)]
async fn evictions_that_cause_evictions_come_to_an_end() {
    let limits = Limits::default();
    let project = Project::start_with(Limits {
        room: crate::limits::RoomLimits { grace: Duration::ZERO, ..limits.room },
        ..limits
    });
    let mut slow = Vec::new();
    for number in 0..20 {
        let items = OutboxLimits { items: 3 + number, ..OutboxLimits::default() };
        slow.push(Member::join_with(&project.handle, &format!("slow{number}"), items).await.unwrap());
        for member in &mut slow {
            member.take();
        }
    }
    let ada = project.join("ada").await;
    for round in 0..4 {
        let status = if round % 2 == 0 { Status::Away } else { Status::Idle };
        ada.session.set_status(status).await.unwrap();
    }
    settle().await;
    let evicted = slow.iter().filter(|member| member.goodbye().is_some()).count();
    assert_eq!(evicted, 20, "each heard one leave more than the one before");
    assert_eq!(project.handle.report().users, 1);
    assert_eq!(ada.goodbye(), None);
    assert_eq!(project.metrics.sessions(), 1);
}

/// B2, C2
#[tokio::test(start_paused = true)]
async fn cursors_alone_never_evict_a_member_that_does_not_read() {
    let project = Project::start();
    let ada = Member::join_in(&project.handle, "ada", "plan").await.unwrap();
    let mut slow = Member::join_in(&project.handle, "slow", "plan").await.unwrap();
    pass(20).await;
    slow.take();
    for step in 0..1000 {
        ada.session.move_cursor(move_to("plan", line(step))).unwrap();
        pass(16).await;
    }
    assert_eq!(slow.goodbye(), None);
    let drained = crate::testing::drain(&mut slow.reader);
    assert_eq!(drained.behind_in, [document("plan")]);
    slow.session.catch_up(document("plan")).unwrap();
    settle().await;
    assert_eq!(slow.take_lines().last(), Some(&999), "the newest is never missed");
}
