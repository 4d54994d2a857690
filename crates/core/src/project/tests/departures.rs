//! Leaving, in every way there is.

use std::pin::pin;

use collabd_protocol::{DepartureReason, Status};
use tokio::time::{Duration, Instant};

use crate::limits::Limits;
use crate::outbox::outbox;
use crate::project::ProjectError;
use crate::roster::Listed as _;
use crate::testing::{Member, News, Project, pass, poll_once, request, settle};

/// P3
#[tokio::test(start_paused = true)]
async fn dropping_a_session_is_a_loss_and_leaves_after_the_grace() {
    let project = Project::start();
    let mut ada = project.join("ada").await;
    let bob = project.join("bob").await;
    ada.take();
    drop(bob);
    pass(1499).await;
    assert_eq!(ada.take_news(), []);
    let report = project.handle.report();
    assert_eq!((report.users, report.connections, report.leases), (2, 1, 1));
    pass(2).await;
    assert_eq!(ada.take_news(), [News::left("bob")]);
    let report = project.handle.report();
    assert_eq!((report.users, report.connections, report.leases), (1, 1, 0));
}

/// P3
#[tokio::test(start_paused = true)]
async fn a_leave_is_at_once() {
    let project = Project::start();
    let mut ada = project.join("ada").await;
    let bob = project.join("bob").await;
    ada.take();
    bob.leave();
    settle().await;
    assert_eq!(ada.take_news(), [News::left("bob")]);
}

/// P2
#[tokio::test(start_paused = true)]
async fn a_late_drop_of_an_old_session_never_removes_a_newer_one() {
    let project = Project::start();
    let mut ada = project.join("ada").await;
    let old = project.join("bob").await;
    let new = project.join("bob").await;
    pass(100).await;
    ada.take();
    drop(old);
    pass(3000).await;
    assert_eq!(ada.take_news(), [News::updated("bob")], "a session less");
    assert_eq!(new.session.set_status(Status::Away).await, Ok(()));
    settle().await;
    assert_eq!(ada.take_news(), [News::updated("bob")], "and still here");
}

/// Invariant 3
#[tokio::test(start_paused = true)]
async fn a_join_given_up_before_its_turn_never_happened() {
    let project = Project::start();
    let mut ada = project.join("ada").await;
    ada.take();
    let (outbox, mut reader) = outbox(Limits::default().outbox);
    {
        let mut join = pin!(project.handle.join(request("bob", outbox)));
        assert!(poll_once(join.as_mut()).is_pending());
    }
    settle().await;
    assert_eq!(ada.take_news(), []);
    assert_eq!(project.handle.report().users, 1);
    assert_eq!(crate::testing::drain(&mut reader).entries.len(), 0);
}

/// Invariant 3
#[tokio::test(start_paused = true)]
async fn a_join_given_up_after_its_turn_is_a_loss() {
    let project = Project::start();
    let mut ada = project.join("ada").await;
    ada.take();
    let (outbox, _reader) = outbox(Limits::default().outbox);
    {
        let mut join = pin!(project.handle.join(request("bob", outbox)));
        assert!(poll_once(join.as_mut()).is_pending());
        settle().await;
        assert_eq!(project.metrics.sessions(), 2);
    }
    pass(1600).await;
    assert_eq!(ada.take_news(), [News::joined("bob"), News::left("bob")]);
    assert_eq!(project.metrics.sessions(), 1);
}

/// Invariant 3
#[tokio::test(start_paused = true)]
async fn joins_given_up_use_no_places() {
    let project = Project::start_with(Limits { members_per_project: 1, ..Limits::default() });
    for turns in [0, 1].repeat(20) {
        let (outbox, _reader) = outbox(Limits::default().outbox);
        let mut join = Box::pin(project.handle.join(request("ada", outbox)));
        assert!(poll_once(join.as_mut()).is_pending());
        pass(turns).await;
        drop(join);
        settle().await;
    }
    let ada = project.join("ada").await;
    ada.leave();
    project.end().await;
}

/// P3: the socket stays open after `leave_session`, and may join again.
#[tokio::test(start_paused = true)]
async fn a_session_that_left_is_told_nothing_more_and_its_outbox_can_join_again() {
    let project = Project::start();
    let (outbox, reader) = outbox(Limits::default().outbox);
    let session = project.handle.join(request("ada", outbox.clone())).await.unwrap();
    session.leave(DepartureReason::Left, None);
    settle().await;
    let _bob = project.join("bob").await;
    let session = project.handle.join(request("ada", outbox)).await.unwrap();
    let mut ada = Member { session, reader };
    assert_eq!(ada.take_news(), [News::snapshot(&["ada"]), News::snapshot(&["bob", "ada"])]);
    assert_eq!(ada.goodbye(), None);
}

#[tokio::test(start_paused = true)]
async fn a_project_ends_by_itself_after_the_vacancy() {
    let project = Project::start();
    let ada = project.join("ada").await;
    pass(5000).await;
    assert!(!project.handle.is_closed());
    let start = Instant::now();
    ada.leave();
    project.tasks.finished().await;
    let vacancy = Limits::default().vacancy;
    assert!(start.elapsed() >= vacancy && start.elapsed() < vacancy + Duration::from_millis(5));
    assert!(project.handle.is_closed());
    project.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_join_within_the_vacancy_meets_the_running_actor() {
    let project = Project::start();
    for _ in 0..10 {
        project.join("ada").await.leave();
        pass(990).await;
    }
    assert!(!project.handle.is_closed());
    project.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_project_lives_on_while_a_lost_session_may_return() {
    let project = Project::start_with(Limits { vacancy: Duration::from_millis(10), ..Limits::default() });
    let ada = project.join("ada").await;
    drop(ada);
    pass(1400).await;
    let mut back = project.join("ada").await;
    assert_eq!(back.take_news(), [News::snapshot(&["ada"])]);
    back.leave();
    pass(200).await;
    assert!(project.handle.is_closed());
    project.end().await;
}

/// A session may outlive its project: nothing it does then fails badly, or waits.
#[tokio::test(start_paused = true)]
async fn a_session_of_an_ended_project_is_harmless() {
    let (project, actor) = Project::build(Limits::default());
    let mut run = Box::pin(actor.run());
    let ada = {
        let mut join = pin!(Member::join(&project.handle, "ada"));
        assert!(poll_once(join.as_mut()).is_pending());
        assert!(poll_once(run.as_mut()).is_pending());
        join.await.unwrap()
    };
    drop(run);
    let start = Instant::now();
    assert_eq!(ada.session.set_status(Status::Away).await, Err(ProjectError::Closed));
    assert_eq!(ada.session.resync().await, Err(ProjectError::Closed));
    ada.leave();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(project.metrics.sessions(), 0);
}
