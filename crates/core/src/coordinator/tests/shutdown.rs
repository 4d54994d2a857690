//! D1: the end of everything.

use std::collections::BTreeSet;
use std::time::Duration;

use collabd_protocol::CloseCode;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::coordinator::OpenError;
use crate::outbox::{Goodbye, outbox};
use crate::project::{JoinError, ProjectError};
use crate::testing::{Member, News, Server, pass, project, request, settle};

const DRAIN: Duration = Duration::from_secs(3);

async fn stay(member: Member) -> (Goodbye, Vec<News>) {
    member.stay().await
}

/// D1
#[tokio::test(start_paused = true)]
async fn a_shutdown_says_goodbye_to_everybody_and_waits_until_all_are_gone() {
    let server = Server::start();
    let mut members = JoinSet::new();
    for number in 0..20 {
        let member = server.join(1 + number % 3, &format!("user{number}")).await;
        server.tasks.spawn_in(&mut members, stay(member));
    }
    settle().await;
    let start = Instant::now();
    server.coordinator.shut_down(DRAIN).await;
    assert!(start.elapsed() <= DRAIN + Duration::from_millis(5), "{:?}", start.elapsed());
    server.tasks.finished().await;
    assert_eq!((server.tasks.count(), server.metrics.sessions(), server.metrics.projects()), (0, 0, 0));
    let mut returns = BTreeSet::new();
    for (goodbye, news) in members.join_all().await {
        assert_eq!(goodbye.code, CloseCode::GoingAway);
        returns.insert(goodbye.retry_after.unwrap());
        let is_of_end = |news: &News| matches!(news, News::Left(_) | News::Updated(_));
        assert!(!news.iter().any(is_of_end), "told of others who went before: {news:?}");
    }
    assert!(returns.len() > 15, "they would return together: {returns:?}");
}

/// D1
#[tokio::test(start_paused = true)]
async fn after_a_shutdown_nothing_opens() {
    let server = Server::start();
    let handle = server.coordinator.open(project(1)).await.unwrap();
    server.coordinator.shut_down(DRAIN).await;
    let opened = server.coordinator.open(project(2)).await;
    assert_eq!(opened.unwrap_err(), OpenError::ShuttingDown);
    let (outbox, _reader) = outbox(crate::limits::OutboxLimits::default());
    let joined = server.coordinator.join(project(1), request("ada", outbox)).await;
    assert_eq!(joined.unwrap_err(), JoinError::Closed);
    let observed = server.coordinator.observe(project(1)).await;
    assert_eq!(observed.unwrap_err(), ProjectError::Closed);
    let joined = Member::join(&handle, "ada").await;
    assert_eq!(joined.unwrap_err(), JoinError::Closed);
    server.tasks.finished().await;
    assert_eq!(server.coordinator.reports(), []);
}

/// D1
#[tokio::test(start_paused = true)]
async fn while_a_shutdown_drains_nothing_opens_and_nobody_joins() {
    let server = Server::start();
    let ada = server.join(1, "ada").await;
    let coordinator = server.coordinator.clone();
    server.tasks.spawn(async move { coordinator.shut_down(DRAIN).await });
    settle().await;
    for number in [1, 2] {
        let (outbox, _reader) = outbox(crate::limits::OutboxLimits::default());
        let joined = server.coordinator.join(project(number), request("bob", outbox)).await;
        assert_eq!(joined.unwrap_err(), JoinError::Closed);
        let observed = server.coordinator.observe(project(number)).await;
        assert_eq!(observed.unwrap_err(), ProjectError::Closed);
    }
    drop(ada);
    server.end().await;
}

/// D1
#[tokio::test(start_paused = true)]
async fn every_caller_of_a_shutdown_waits_for_the_same_end() {
    let server = Server::start();
    let ada = server.join(1, "ada").await;
    server.tasks.spawn(async move {
        pass(5000).await;
        ada.leave();
    });
    let start = Instant::now();
    tokio::join!(server.coordinator.shut_down(DRAIN), server.coordinator.shut_down(Duration::ZERO));
    assert!(start.elapsed() >= Duration::from_secs(5), "a member was still here");
    server.coordinator.shut_down(DRAIN).await;
    server.tasks.finished().await;
    assert_eq!(server.metrics.sessions(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_idle_server_shuts_down_at_once() {
    let server = Server::start();
    let start = Instant::now();
    server.coordinator.shut_down(DRAIN).await;
    server.tasks.finished().await;
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// Time that is paused passes only while every task waits, so a coordinator that spins would stop it for ever.
#[tokio::test(start_paused = true)]
async fn a_coordinator_without_handles_ends_its_projects_and_waits_for_them() {
    let Server { coordinator, metrics, tasks, .. } = Server::start();
    let handle = coordinator.open(project(1)).await.unwrap();
    let ada = Member::join(&handle, "ada").await.unwrap();
    drop(coordinator);
    pass(5000).await;
    assert_eq!(ada.close_code(), Some(CloseCode::GoingAway));
    assert_eq!(tasks.count(), 2, "the project waits for its member, the coordinator for the project");
    ada.leave();
    tasks.finished().await;
    assert_eq!((metrics.sessions(), metrics.projects()), (0, 0));
}
