//! Opening projects, and what is left of them.

use collabd_protocol::{CloseCode, ProjectId, Status};

use crate::limits::Limits;
use crate::outbox::outbox;
use crate::project::{JoinError, ProjectReport};
use crate::testing::{Member, News, Server, drain, line, move_to, pass, project, request, settle};

const VACANCY: u64 = 1000;

#[tokio::test(start_paused = true)]
async fn everybody_who_opens_a_project_reaches_the_same_actor() {
    let server = Server::start();
    let (one, two) = tokio::join!(server.coordinator.open(project(1)), server.coordinator.open(project(1)));
    assert_eq!(one.unwrap().incarnation(), two.unwrap().incarnation());
    assert_eq!(server.metrics.projects(), 1);
    server.end().await;
}

/// Invariant 4, A8: nothing of one project reaches another.
#[tokio::test(start_paused = true)]
async fn nothing_of_a_project_reaches_another() {
    let server = Server::start();
    let ada = server.join(1, "ada").await;
    let mut bob = server.join(2, "bob").await;
    ada.session.move_cursor(move_to("plan", line(1))).unwrap();
    bob.session.move_cursor(move_to("plan", line(2))).unwrap();
    let eve = server.join(1, "eve").await;
    pass(100).await;
    drop((ada, eve));
    pass(3000).await;
    let news = bob.take_news();
    assert_eq!(news, [News::snapshot(&["bob"]), News::updated("bob")]);
    bob.leave();
    server.end().await;
}

/// Invariant 3
#[tokio::test(start_paused = true)]
async fn a_project_that_everybody_left_leaves_nothing() {
    let server = Server::start();
    for number in 1..=20 {
        server.join(number, "ada").await.leave();
    }
    assert_eq!(server.metrics.projects(), 20);
    pass(VACANCY + 10).await;
    server.assert_idle();
    for number in 1..=20 {
        assert_eq!(server.coordinator.report(project(number)), None);
    }
    server.end().await;
}

/// J3: a join that loses the race against the project's end opens it again.
#[tokio::test(start_paused = true)]
async fn a_join_at_any_moment_around_a_projects_end_succeeds() {
    for wait in VACANCY - 5..VACANCY + 5 {
        let server = Server::start();
        let before = server.coordinator.open(project(1)).await.unwrap();
        pass(wait).await;
        let (outbox, reader) = outbox(Limits::default().outbox);
        let joined = server.coordinator.join(project(1), request("ada", outbox)).await;
        let mut ada = Member { session: joined.unwrap(), reader };
        assert_eq!(ada.take_news(), [News::snapshot(&["ada"])], "after {wait} ms");
        assert!(ada.id().incarnation >= before.incarnation());
        ada.leave();
        server.end().await;
    }
}

/// P2
#[tokio::test(start_paused = true)]
async fn an_ended_project_is_closed_and_its_successor_is_a_newer_incarnation() {
    let server = Server::start();
    let old = server.coordinator.open(project(1)).await.unwrap();
    pass(VACANCY + 10).await;
    let late = Member::join(&old, "ada").await;
    assert_eq!(late.unwrap_err(), JoinError::Closed);
    let ada = server.join(1, "ada").await;
    assert!(ada.id().incarnation > old.incarnation());
    ada.leave();
    server.end().await;
}

/// A deleted project's members may take long to close; whoever comes now need not wait for them.
#[tokio::test(start_paused = true)]
async fn a_closed_project_opens_afresh_at_once_while_old_members_still_linger() {
    let server = Server::start();
    let mut old = server.join(1, "ada").await;
    old.take();
    let goodbye = CloseCode::ProjectDeleted.into();
    server.coordinator.close_project(project(1), goodbye);
    settle().await;
    assert_eq!(old.goodbye(), Some(goodbye));
    let mut new = server.join(1, "bob").await;
    assert!(new.id().incarnation > old.id().incarnation);
    assert_eq!(new.take_news(), [News::snapshot(&["bob"])]);
    assert_eq!((server.metrics.projects(), server.metrics.sessions()), (2, 2));
    drop(old);
    settle().await;
    assert_eq!((server.metrics.projects(), server.metrics.sessions()), (1, 1));
    assert!(
        server.coordinator.report(project(1)).is_some(),
        "the end of the old run does not hide the new one"
    );
    assert_eq!(new.goodbye(), None);
    new.leave();
    server.end().await;
}

#[tokio::test(start_paused = true)]
async fn closing_a_project_that_does_not_run_starts_nothing() {
    let server = Server::start();
    server.coordinator.close_project(project(1), CloseCode::ProjectDeleted.into());
    settle().await;
    server.assert_idle();
    server.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_report_counts_users_connections_leases_documents_and_observers() {
    let server = Server::start();
    let first = server.join(1, "ada").await;
    let second = server.join(1, "ada").await;
    let bob = server.join(1, "bob").await;
    let observer = server.coordinator.observe(project(1)).await.unwrap();
    first.session.move_cursor(move_to("plan", line(1))).unwrap();
    bob.session.move_cursor(move_to("notes", line(1))).unwrap();
    settle().await;
    drop(second);
    settle().await;
    let expected = ProjectReport {
        project: project(1),
        users: 2,
        connections: 2,
        leases: 1,
        documents: 2,
        observers: 1,
        inbox: 0,
        messages: 2,
        deliveries: server.coordinator.reports()[0].deliveries,
    };
    assert_eq!(server.coordinator.reports(), [expected]);
    assert_eq!(server.coordinator.report(project(1)), Some(expected));
    assert_eq!(server.coordinator.report(project(2)), None);
    drop((first, bob, observer));
    server.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_report_counts_what_members_say_and_what_they_are_told() {
    let server = Server::start();
    let told = || {
        server
            .coordinator
            .reports()
            .iter()
            .map(|report| (report.messages, report.deliveries))
            .collect::<Vec<_>>()
    };
    let ada = server.join(1, "ada").await;
    assert_eq!(told(), [(0, 1)], "the snapshot");
    let bob = server.join(1, "bob").await;
    settle().await;
    assert_eq!(told(), [(0, 3)], "bob's, and that bob is here");
    ada.session.set_status(Status::Away).await.unwrap();
    settle().await;
    assert_eq!(told(), [(1, 5)], "that ada is away, to both");
    drop((ada, bob));
    server.end().await;
}

/// The readiness probe goes through the same machine, and nobody can see it.
#[tokio::test(start_paused = true)]
async fn the_canary_is_in_no_report_and_in_no_count() {
    let server = Server::start();
    let (outbox, reader) = outbox(Limits::default().outbox);
    let joined = server.coordinator.join(ProjectId::CANARY, request("canary", outbox)).await;
    let mut canary = Member { session: joined.unwrap(), reader };
    canary.session.move_cursor(move_to("plan", line(1))).unwrap();
    settle().await;
    let told = drain(&mut canary.reader).entries.len();
    assert_eq!(told, 3, "the snapshot, the document's list, the change");
    assert_eq!(server.coordinator.reports(), []);
    assert_eq!((server.metrics.projects(), server.metrics.sessions()), (0, 0));
    canary.leave();
    // Its actor waits for the next probe longer than others do for a member.
    pass(VACANCY + 10).await;
    assert_eq!(server.tasks.count(), 2, "the coordinator and the probe's project");
    pass(10_000).await;
    server.assert_idle();
    server.end().await;
}
