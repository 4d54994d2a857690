//! Giving up anywhere: whatever waits may be dropped at each of its steps, and what it leaves is as if it had never begun
//! or as if it had finished.

use std::pin::pin;
use std::time::Duration;

use collabd_protocol::{DocumentType, Status};

use crate::limits::{Limits, OutboxLimits};
use crate::outbox::outbox;
use crate::testing::{Server, document, pass, poll_once, project, request, settle};

/// More steps than any of the futures has.
const STEPS: u32 = 8;

/// Polls a future `steps` times, and lets all others have a turn before each step whose bit of `turns` is set. Drops it
/// then; true when it was done before.
async fn give_up<T>(future: impl Future<Output = T>, steps: u32, turns: u32) -> bool {
    let mut future = pin!(future);
    for step in 0..steps {
        if turns & (1 << step) != 0 {
            tokio::task::yield_now().await;
        }
        if poll_once(future.as_mut()).is_ready() {
            return true;
        }
    }
    false
}

/// Each number of steps, with each choice of turns between them.
fn courses() -> impl Iterator<Item = (u32, u32)> {
    (0..=STEPS).flat_map(|steps| (0..1 << steps).map(move |turns| (steps, turns)))
}

/// Whose inboxes hold one command, so that there is waiting for a place, too.
fn small() -> Server {
    Server::start_with(Limits {
        coordinator_inbox: 1,
        project_inbox: 1,
        members_per_project: 2,
        ..Limits::default()
    })
}

/// I7
#[tokio::test(start_paused = true)]
async fn a_join_given_up_at_any_step_leaves_nothing_or_a_lost_session() {
    let mut finished = 0;
    for (steps, turns) in courses() {
        let server = small();
        let (outbox, reader) = outbox(OutboxLimits::default());
        let joining = server.coordinator.join(project(1), request("ada", outbox));
        finished += u32::from(give_up(joining, steps, turns).await);
        settle().await;
        let report = server.coordinator.report(project(1));
        let found = report.map(|report| (report.users, report.connections, report.leases));
        assert!(matches!(found, None | Some((0, 0, 0) | (1, 0, 1))), "{found:?} after {steps}, {turns:b}");
        drop(reader);
        let Limits { room, vacancy, .. } = Limits::default();
        tokio::time::sleep(room.grace + vacancy + Duration::from_millis(5)).await;
        server.assert_idle();
        // The places are free again.
        drop((server.join(1, "bob").await, server.join(1, "eve").await));
        server.end().await;
    }
    assert!(finished > 0, "no course is long enough");
}

/// I7
#[tokio::test(start_paused = true)]
async fn watching_given_up_at_any_step_leaves_nobody_who_watches() {
    let mut finished = 0;
    for (steps, turns) in courses() {
        let server = small();
        let watching = server.coordinator.observe(project(1));
        finished += u32::from(give_up(watching, steps, turns).await);
        settle().await;
        assert_eq!(server.coordinator.report(project(1)).map_or(0, |report| report.observers), 0);
        pass(1010).await;
        server.assert_idle();
        server.end().await;
    }
    assert!(finished > 0, "no course is long enough");
}

/// I7
#[tokio::test(start_paused = true)]
async fn what_a_session_says_and_gives_up_has_happened_as_a_whole_or_not() {
    let mut finished = 0;
    for (steps, turns) in courses() {
        let server = small();
        let ada = server.join(1, "ada").await;
        let switching = ada.session.switch_document(document("plan"), DocumentType::CodeEditor);
        let has_switched = give_up(switching, steps, turns).await;
        let has_changed = give_up(ada.session.set_status(Status::Away), steps, turns).await;
        finished += u32::from(has_switched && has_changed);
        settle().await;
        let observer = server.coordinator.observe(project(1)).await.unwrap();
        let shown = &observer.current()[0];
        let (is_inside, is_away) = (shown.documents.len() == 1, shown.status == Status::Away);
        // What was handed over is carried out, and nothing else can have been.
        assert_eq!((is_inside, is_away), (has_switched, has_changed), "after {steps}, {turns:b}");
        ada.leave();
        drop(observer);
        pass(1010).await;
        server.assert_idle();
        server.end().await;
    }
    assert!(finished > 0, "no course is long enough");
}

/// I7, D1
#[tokio::test(start_paused = true)]
async fn a_shutdown_given_up_at_any_step_has_begun_or_not_and_can_be_asked_for_again() {
    let mut finished = 0;
    for (steps, turns) in courses() {
        let server = small();
        let ada = server.join(1, "ada").await;
        ada.leave();
        finished += u32::from(give_up(server.coordinator.shut_down(Duration::ZERO), steps, turns).await);
        settle().await;
        if let Ok(opened) = server.coordinator.open(project(2)).await {
            assert_eq!(steps, 0, "{opened:?} during a shutdown");
        }
        server.end().await;
    }
    assert!(finished > 0, "no course is long enough");
}
