//! A bug in one project is that project's alone.

use std::time::Duration;

use collabd_protocol::CloseCode;

use super::super::command::Command;
use crate::limits::Limits;
use crate::outbox::outbox;
use crate::project::{JoinError, ProjectHandle};
use crate::recorder::{ProjectEvent, ServerEvent};
use crate::testing::{Member, News, Server, poll_once, project, request, settle};

async fn break_down(handle: &ProjectHandle) {
    handle.inbox.try_send(Command::Panic).unwrap();
    settle().await;
}

#[tokio::test(start_paused = true)]
async fn the_members_of_a_broken_project_are_asked_to_rejoin() {
    let server = Server::start();
    let (ada, bob) = (server.join(1, "ada").await, server.join(1, "bob").await);
    let handle = server.coordinator.open(project(1)).await.unwrap();
    let mut observer = handle.observe().await.unwrap();
    break_down(&handle).await;
    for member in [&ada, &bob] {
        assert_eq!(member.close_code(), Some(CloseCode::ProjectRestarted));
    }
    assert_eq!(observer.changed().await, None);
    server.assert_idle();
    drop((ada, bob, observer));
    settle().await;
    server.assert_idle();
    server.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_broken_project_opens_again_as_another_run() {
    let server = Server::start();
    let old = server.join(1, "ada").await;
    break_down(&server.coordinator.open(project(1)).await.unwrap()).await;
    let mut new = server.join(1, "ada").await;
    assert!(new.id().incarnation > old.id().incarnation);
    drop(old);
    settle().await;
    assert_eq!(new.take_news(), [News::snapshot(&["ada"])]);
    assert_eq!(server.metrics.sessions(), 1);
    let recorded = server.recorder.of_project(project(1), None);
    assert!(recorded.iter().any(|record| record.event == ProjectEvent::Restarted), "{recorded:?}");
    let panicked = ServerEvent::Panicked { project: project(1), document: None };
    assert_eq!(server.recorder.of_server(None)[0].event, panicked);
    new.leave();
    server.end().await;
}

/// O3
#[tokio::test(start_paused = true)]
async fn other_projects_notice_nothing() {
    let server = Server::start();
    let _lost = server.join(1, "ada").await;
    let mut bob = server.join(2, "bob").await;
    break_down(&server.coordinator.open(project(1)).await.unwrap()).await;
    let eve = server.join(2, "eve").await;
    assert_eq!(bob.goodbye(), None);
    assert_eq!(bob.take_news(), [News::snapshot(&["bob"]), News::joined("eve")]);
    assert_eq!(server.metrics.sessions(), 2);
    drop((bob, eve));
    server.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_join_that_waited_when_the_project_broke_meets_the_next_run() {
    let server = Server::start();
    let handle = server.coordinator.open(project(1)).await.unwrap();
    handle.inbox.try_send(Command::Panic).unwrap();
    let (outbox, reader) = outbox(Limits::default().outbox);
    let mut join = Box::pin(server.coordinator.join(project(1), request("ada", outbox)));
    assert!(poll_once(join.as_mut()).is_pending());
    let session = join.await.unwrap();
    assert!(session.id().incarnation > handle.incarnation());
    let mut ada = Member { session, reader };
    assert_eq!(ada.take_news(), [News::snapshot(&["ada"])]);
    assert_eq!(ada.goodbye(), None);
    ada.leave();
    server.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_project_that_breaks_down_again_and_again_is_closed_for_a_minute_and_no_other_is() {
    let server = Server::start();
    for _ in 0..5 {
        break_down(&server.coordinator.open(project(1)).await.unwrap()).await;
    }
    let join = |number| {
        let (outbox, reader) = outbox(Limits::default().outbox);
        let joining = server.coordinator.join(project(number), request("ada", outbox));
        async move { joining.await.map(|session| Member { session, reader }) }
    };
    let refused = join(1).await.map(drop).unwrap_err();
    let JoinError::Quarantined { retry_after } = refused else { panic!("{refused:?}") };
    let a_minute = Duration::from_mins(1);
    assert!(retry_after <= a_minute && retry_after > a_minute.mul_f64(0.9), "{retry_after:?}");
    drop(join(2).await.unwrap());
    tokio::time::sleep(a_minute).await;
    drop(join(1).await.unwrap());
    server.end().await;
}
