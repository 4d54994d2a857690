//! What is true once nothing changes any more, and once the server has ended.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::task::Poll;

use collabd_protocol::ProjectId;
use collabd_protocol::codec::Dialect;
use tokio::runtime::Handle;

use super::plan::{CLIENTS, projects};
use super::view::{Shown, View};
use super::world::World;
use crate::project::Observer;
use crate::recorder::ProjectEvent;
use crate::testing::{poll_once, project};

/// I1, I9, I10: every client knows who is there and the newest cursors; so do those who watch, and the reports.
pub(super) fn check(world: &World, observers: &mut Vec<(i32, Observer)>) {
    let mut seen = BTreeSet::new();
    for slot in 0..CLIENTS {
        if let Some(view) = &*world.view(slot) {
            check_view(world, view);
            seen.insert(view.connection());
        }
    }
    let ledger = world.ledger();
    let live: BTreeSet<_> = ledger.live().keys().copied().collect();
    assert_eq!(live, seen, "connections with a session, and clients that have a connection");
    assert_eq!(world.server.metrics.sessions(), i64::try_from(live.len()).unwrap(), "sessions");
    drop(ledger);
    for project in projects() {
        check_report(world, project);
    }
    observers.retain_mut(|(number, observer)| {
        let is_running = is_running(observer);
        if is_running {
            let known: BTreeMap<_, _> = observer.current().iter().map(Shown::of).collect();
            assert_eq!(known, world.ledger().presence(project(*number)), "what an observer knows");
        }
        is_running
    });
}

/// I1, P4, C2
fn check_view(world: &World, view: &View) {
    let (ledger, connection) = (world.ledger(), view.connection());
    let own = &ledger.live()[&connection];
    assert_eq!(view.users, ledger.presence(view.project()), "what {connection} knows");
    for document in &own.documents {
        let inside = || ledger.in_project(view.project()).filter(|live| live.documents.contains(document));
        let users: BTreeSet<_> = inside().map(|live| live.user.clone()).collect();
        assert_eq!(view.lists.get(document), Some(&users), "whom {connection} knows in {document}");
        if view.dialect() == Dialect::V1 {
            continue;
        }
        for other in inside().filter(|live| live.session != own.session) {
            if let Some(newest) = other.cursors.get(document) {
                let known = view.cursors.get(&(document.clone(), other.session));
                assert_eq!(known, Some(newest), "{connection} on {} in {document}", other.session);
            }
        }
    }
}

fn check_report(world: &World, project: ProjectId) {
    let ledger = world.ledger();
    let sessions = ledger.in_project(project).count();
    let documents: BTreeSet<_> = ledger.in_project(project).flat_map(|live| &live.documents).collect();
    let expected = (ledger.presence(project).len(), sessions, 0, documents.len());
    let report = world.coordinator().report(project);
    let said = report.map(|said| (said.users, said.connections, said.leases, said.documents));
    assert_eq!(said.unwrap_or_default(), expected, "project {project} reports");
}

/// Takes in all changes up to now.
fn is_running(observer: &mut Observer) -> bool {
    loop {
        match poll_once(pin!(observer.changed())) {
            Poll::Ready(Some(_)) => {}
            Poll::Ready(None) => return false,
            Poll::Pending => return true,
        }
    }
}

/// I2, I10: every session has ended once, nothing broke but what was broken on purpose, and no task is left.
pub(super) fn check_nothing_left(world: &World) {
    let server = &world.server;
    assert_eq!((server.metrics.sessions(), server.metrics.projects()), (0, 0), "sessions and projects");
    assert_eq!((server.tasks.count(), world.tasks.count()), (0, 0), "tasks");
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 0, "tasks that nobody owns");
    let mut broken = 0;
    for project in projects() {
        let events = server.recorder.of_project(project, None);
        let restarts = events.iter().filter(|record| record.event == ProjectEvent::Restarted).count();
        broken += restarts;
        let unfinished = world.stays(project).unwrap_or_default();
        let unfinished: Vec<_> = unfinished.iter().filter(|stay| stay.to.is_none()).collect();
        // Whoever was there when a project broke down has nobody left to write down the end.
        assert!(restarts > 0 || unfinished.is_empty(), "never departed: {unfinished:?}");
    }
    let on_purpose = world.ledger().breakdowns();
    assert!(broken <= on_purpose, "{broken} projects broke down, {on_purpose} of them on purpose");
}
