//! Invariant 3: whatever comes and goes, nothing is left. Every visitor opens documents.

use std::time::Duration;

use collabd_protocol::DocumentType;
use proptest::prelude::*;
use tokio::task::JoinSet;

use crate::limits::{Limits, OutboxLimits};
use crate::outbox::outbox;
use crate::testing::{Member, Server, document, line, move_to, pass, poll_once, request, settle};

/// How a visitor ends its visit.
#[derive(Debug, Clone, Copy)]
enum Exit {
    Leave,
    Drop,
    /// Gives the join up after this many milliseconds.
    GiveUp(u64),
}

#[derive(Debug, Clone)]
struct Visit {
    project: i32,
    user: u8,
    wait: u64,
    stay: u64,
    outbox: usize,
    exit: Exit,
}

fn visit() -> impl Strategy<Value = Visit> {
    let exit = prop_oneof![
        3 => Just(Exit::Leave),
        3 => Just(Exit::Drop),
        1 => (0..2_u64).prop_map(Exit::GiveUp),
    ];
    // Stays about as long as a project's vacancy, so that visits race against ends.
    (1..3, 0..4_u8, 0..3000_u64, 0..1200_u64, 1..20_usize, exit).prop_map(
        |(project, user, wait, stay, outbox, exit)| Visit { project, user, wait, stay, outbox, exit },
    )
}

async fn pay(visit: Visit, coordinator: crate::CoordinatorHandle) {
    pass(visit.wait).await;
    let limits = OutboxLimits { items: visit.outbox, ..OutboxLimits::default() };
    let (outbox, reader) = outbox(limits);
    let request = request(&format!("user{}", visit.user), outbox);
    let mut join = Box::pin(coordinator.join(crate::testing::project(visit.project), request));
    if let Exit::GiveUp(after) = visit.exit {
        assert!(poll_once(join.as_mut()).is_pending());
        pass(after).await;
        return;
    }
    let session = join.await.unwrap();
    let member = Member { session, reader };
    for step in 0..3 {
        // The project may be gone; nothing that a session does then may fail badly.
        let _ = member.session.switch_document(document("plan"), DocumentType::CodeEditor).await;
        let _ = member.session.move_cursor(move_to("notes", line(step)));
        pass(visit.stay / 3).await;
    }
    if matches!(visit.exit, Exit::Leave) {
        member.leave();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Invariant 3
    #[test]
    fn after_any_visits_nothing_is_left(visits in prop::collection::vec(visit(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(async {
            let server = Server::start();
            let mut visitors = JoinSet::new();
            for visit in visits {
                server.tasks.spawn_in(&mut visitors, pay(visit, server.coordinator.clone()));
            }
            visitors.join_all().await;
            let Limits { room, vacancy, .. } = Limits::default();
            tokio::time::sleep(room.grace + vacancy + Duration::from_millis(10)).await;
            server.assert_idle();
            server.end().await;
        });
    }
}

/// Invariant 3, R5: reconnects as quick as they can be.
#[tokio::test(start_paused = true)]
async fn two_hundred_quick_reconnects_leave_nothing() {
    let server = Server::start();
    for _ in 0..200 {
        let ada = server.join(1, "ada").await;
        ada.session.switch_document(document("plan"), DocumentType::CodeEditor).await.unwrap();
        ada.session.move_cursor(move_to("plan", line(1))).unwrap();
        drop(ada);
    }
    settle().await;
    assert_eq!(server.coordinator.reports()[0].users, 1);
    pass(2600).await;
    server.assert_idle();
    server.end().await;
}
