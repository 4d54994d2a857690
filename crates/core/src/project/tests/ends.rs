//! Ends ordered from outside.

use std::pin::pin;
use std::time::Duration;

use collabd_protocol::{CloseCode, DepartureReason, Status};
use tokio::time::Instant;

use crate::limits::Limits;
use crate::outbox::{Goodbye, outbox};
use crate::project::{End, JoinError, ProjectError};
use crate::testing::{Member, News, Project, line, move_to, pass, poll_once, request, settle};

const DRAIN: Duration = Duration::from_secs(3);

#[tokio::test(start_paused = true)]
async fn an_end_closes_every_member_at_once_with_its_goodbye() {
    let project = Project::start();
    let members = [project.join("ada").await, project.join("bob").await];
    let goodbye = Goodbye::from(CloseCode::ProjectDeleted);
    project.handle.end(End::Now(goodbye));
    settle().await;
    for member in members {
        assert_eq!(member.goodbye(), Some(goodbye));
        member.session.leave(DepartureReason::ProjectDeleted, None);
    }
    project.end().await;
}

#[tokio::test(start_paused = true)]
async fn an_ending_project_takes_no_join_and_no_observer() {
    for end in [End::Now(CloseCode::ProjectDeleted.into()), End::Drain(DRAIN)] {
        let project = Project::start();
        let ada = project.join("ada").await;
        project.handle.end(end);
        settle().await;
        let refused = Member::join(&project.handle, "bob").await;
        assert_eq!(refused.unwrap_err(), JoinError::Closed);
        let refused = project.handle.observe().await;
        assert_eq!(refused.unwrap_err(), ProjectError::Closed);
        drop(ada);
        project.end().await;
    }
}

/// The joiner opens the project again and meets a fresh actor.
#[tokio::test(start_paused = true)]
async fn a_join_that_waits_when_the_end_comes_hears_that_it_is_closed() {
    let (project, actor) = Project::build(Limits::default());
    let (outbox, _reader) = outbox(Limits::default().outbox);
    let mut join = pin!(project.handle.join(request("ada", outbox)));
    let mut observe = pin!(project.handle.observe());
    assert!(poll_once(join.as_mut()).is_pending());
    assert!(poll_once(observe.as_mut()).is_pending());
    project.handle.end(End::Now(CloseCode::Internal.into()));
    project.tasks.spawn(actor.run());
    let start = Instant::now();
    assert_eq!(join.await.unwrap_err(), JoinError::Closed);
    assert_eq!(observe.await.unwrap_err(), ProjectError::Closed);
    assert_eq!(start.elapsed(), Duration::ZERO);
    project.tasks.finished().await;
}

#[tokio::test(start_paused = true)]
async fn an_end_without_members_ends_at_once() {
    for end in [End::Now(CloseCode::Internal.into()), End::Drain(DRAIN)] {
        let project = Project::start();
        let start = Instant::now();
        project.handle.end(end);
        project.tasks.finished().await;
        assert_eq!(start.elapsed(), Duration::ZERO, "{end:?}");
    }
}

/// D1, O1
#[tokio::test(start_paused = true)]
async fn a_drain_closes_the_members_one_after_the_other() {
    let project = Project::start();
    let mut members = Vec::new();
    for number in 0..10 {
        members.push(project.join(&format!("user{number}")).await);
    }
    project.handle.end(End::Drain(DRAIN));
    let mut closed = Vec::new();
    for _ in 0..3 {
        pass(1000).await;
        closed.push(members.iter().filter(|member| member.goodbye().is_some()).count());
    }
    assert!((3..=4).contains(&closed[0]), "{closed:?}");
    assert!((6..=7).contains(&closed[1]), "{closed:?}");
    assert_eq!(closed[2], 10);
    for member in &members {
        assert_eq!(member.close_code(), Some(CloseCode::GoingAway));
    }
    drop(members);
    project.end().await;
}

/// D1: with every leave told to everybody left, a drain would cost the square of its members.
#[tokio::test(start_paused = true)]
async fn a_draining_project_tells_nobody_who_has_gone_already() {
    let project = Project::start();
    let mut ada = project.join("ada").await;
    let bob = Member::join_in(&project.handle, "bob", "plan").await.unwrap();
    let mut eve = Member::join_in(&project.handle, "eve", "plan").await.unwrap();
    let kim = Member::join_in(&project.handle, "kim", "plan").await.unwrap();
    pass(100).await;
    project.handle.end(End::Drain(Duration::from_mins(1)));
    settle().await;
    ada.take();
    eve.take();
    bob.session.leave(DepartureReason::ServerShutdown, None);
    drop(kim);
    pass(3000).await;
    assert_eq!(ada.take(), []);
    assert_eq!(eve.take(), []);
}

/// D1: whoever is not closed yet works on.
#[tokio::test(start_paused = true)]
async fn a_draining_project_still_shows_cursors() {
    let project = Project::start();
    let ada = Member::join_in(&project.handle, "ada", "plan").await.unwrap();
    let mut bob = Member::join_in(&project.handle, "bob", "plan").await.unwrap();
    project.handle.end(End::Drain(Duration::from_mins(1)));
    pass(100).await;
    bob.take();
    for step in 1..=3 {
        ada.session.move_cursor(move_to("plan", line(step))).unwrap();
    }
    assert_eq!(ada.session.resync().await, Ok(()));
    pass(100).await;
    assert_eq!(bob.take_lines(), [1, 3]);
}

/// A second order comes too late: the first goodbye was said.
#[tokio::test(start_paused = true)]
async fn the_first_end_counts() {
    let project = Project::start();
    let ada = project.join("ada").await;
    project.handle.end(End::Now(CloseCode::Revoked.into()));
    settle().await;
    project.handle.end(End::Drain(Duration::ZERO));
    settle().await;
    assert_eq!(ada.close_code(), Some(CloseCode::Revoked));
    drop(ada);
    project.end().await;
}

/// P3: what a session says before it goes is heard.
#[tokio::test(start_paused = true)]
async fn an_end_flushes_what_was_told_before() {
    let project = Project::start();
    let mut ada = project.join("ada").await;
    let bob = project.join("bob").await;
    bob.session.set_status(Status::Away).await.unwrap();
    settle().await;
    project.handle.end(End::Now(CloseCode::ProjectDeleted.into()));
    settle().await;
    assert_eq!(ada.take_news(), [News::snapshot(&["ada"]), News::joined("bob"), News::updated("bob")]);
}
