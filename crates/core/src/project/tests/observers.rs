//! Watching who is here.

use std::pin::pin;

use collabd_protocol::{CloseCode, Status};

use crate::limits::Limits;
use crate::project::{End, Observer};
use crate::roster::Listed as _;
use crate::testing::{Member, Project, line, move_to, pass, poll_once, settle};

fn names(observer: &Observer) -> Vec<String> {
    let presence = observer.current();
    presence.iter().map(|user| user.user_id.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn an_observer_sees_who_is_here_and_who_comes_and_goes() {
    let project = Project::start();
    let ada = project.join("ada").await;
    let mut observer = project.handle.observe().await.unwrap();
    assert_eq!(names(&observer), ["ada"]);
    let bob = project.join("bob").await;
    assert_eq!(observer.changed().await.unwrap().len(), 2);
    ada.session.set_status(Status::Away).await.unwrap();
    assert_eq!(observer.changed().await.unwrap()[0].status, Status::Away);
    bob.leave();
    assert_eq!(observer.changed().await.unwrap().len(), 1);
}

/// P4
#[tokio::test(start_paused = true)]
async fn a_burst_of_changes_is_one_change_with_the_last_state() {
    let project = Project::start();
    let ada = project.join("ada").await;
    let mut observer = project.handle.observe().await.unwrap();
    for status in [Status::Away, Status::Idle, Status::Active, Status::Idle] {
        ada.session.set_status(status).await.unwrap();
    }
    assert_eq!(observer.changed().await.unwrap()[0].status, Status::Idle);
    let mut more = pin!(observer.changed());
    assert!(poll_once(more.as_mut()).is_pending());
    pass(1000).await;
    assert!(poll_once(more).is_pending(), "nothing else has changed");
}

#[tokio::test(start_paused = true)]
async fn cursors_are_no_change_to_an_observer() {
    let project = Project::start();
    let ada = Member::join_in(&project.handle, "ada", "plan").await.unwrap();
    let mut observer = project.handle.observe().await.unwrap();
    for step in 0..10 {
        ada.session.move_cursor(move_to("plan", line(step))).unwrap();
        pass(50).await;
    }
    assert!(poll_once(pin!(observer.changed())).is_pending());
}

#[tokio::test(start_paused = true)]
async fn an_observer_keeps_the_project_running_until_it_is_dropped() {
    let project = Project::start();
    let first = project.handle.observe().await.unwrap();
    let second = project.handle.observe().await.unwrap();
    pass(60_000).await;
    assert_eq!(project.handle.report().observers, 2);
    drop(first);
    pass(60_000).await;
    assert!(!project.handle.is_closed());
    drop(second);
    pass(1010).await;
    assert!(project.handle.is_closed());
    project.end().await;
}

/// Invariant 3
#[tokio::test(start_paused = true)]
async fn an_observer_given_up_at_any_time_keeps_nothing_running() {
    let project = Project::start();
    for turns in [0, 1, 0, 1] {
        let mut observe = Box::pin(project.handle.observe());
        assert!(poll_once(observe.as_mut()).is_pending());
        pass(turns).await;
        drop(observe);
        settle().await;
        assert_eq!(project.handle.report().observers, 0, "after {turns} turns");
    }
    project.end().await;
}

#[tokio::test(start_paused = true)]
async fn an_observer_hears_that_the_project_has_ended() {
    let project = Project::start();
    let ada = project.join("ada").await;
    let mut observer = project.handle.observe().await.unwrap();
    project.handle.end(End::Now(CloseCode::ProjectDeleted.into()));
    settle().await;
    drop(ada);
    while observer.changed().await.is_some() {}
    project.end().await;
}

#[tokio::test(start_paused = true)]
async fn observers_are_bounded_with_the_members() {
    let project = Project::start_with(Limits { members_per_project: 2, ..Limits::default() });
    let _ada = project.join("ada").await;
    let observer = project.handle.observe().await.unwrap();
    assert!(project.handle.observe().await.is_err());
    assert!(Member::join(&project.handle, "bob").await.is_err());
    drop(observer);
    settle().await;
    assert!(project.handle.observe().await.is_ok());
}
