//! What the clients and connections of one run share: a real coordinator, the truth, and what each client knows.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::chance::Chance;
use super::ledger::Ledger;
use super::plan::{Bounds, CLIENTS, Plan};
use super::trace::Trace;
use super::view::View;
use crate::coordinator::CoordinatorHandle;
use crate::limits::Limits;
use crate::outbox::{Drained, Entry};
use crate::tasks::Tasks;
use crate::testing::{Server, VirtualWall};

/// How late a timer may fire: the runtime's own grain, and one for the turn.
pub(super) const GRAIN: Duration = Duration::from_millis(2);

/// What clients and connections of a run share.
#[derive(Debug)]
pub(super) struct World {
    pub(super) server: Server,
    pub(super) wall: VirtualWall,
    bounds: Bounds,
    dither: u64,
    ledger: Mutex<Ledger>,
    views: Vec<Mutex<Option<View>>>,
    trace: Mutex<Trace>,
    pub(super) tasks: Tasks,
    running: Mutex<JoinSet<()>>,
    last_connection: AtomicU64,
}

impl World {
    pub(super) fn new(plan: &Plan) -> Self {
        // First of all: the numbers of actors come from it, too.
        let wall = VirtualWall::start();
        Self {
            server: Server::start_with(plan.bounds.limits()),
            wall,
            bounds: plan.bounds,
            dither: plan.dither,
            ledger: Mutex::default(),
            views: (0..CLIENTS).map(|_| Mutex::default()).collect(),
            trace: Mutex::default(),
            tasks: Tasks::new(),
            running: Mutex::default(),
            last_connection: AtomicU64::new(0),
        }
    }

    pub(super) fn bounds(&self) -> Bounds {
        self.bounds
    }

    pub(super) fn coordinator(&self) -> &CoordinatorHandle {
        &self.server.coordinator
    }

    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap()
    }

    pub(super) fn view(&self, slot: usize) -> MutexGuard<'_, Option<View>> {
        self.views[slot].lock().unwrap()
    }

    pub(super) fn next_connection(&self) -> u64 {
        self.last_connection.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn chance(&self, connection: u64) -> Chance {
        Chance::new(self.dither, connection)
    }

    /// Starts a task whose panic is this run's.
    pub(super) fn start(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn_in(&mut self.running.lock().unwrap(), task);
    }

    /// Takes down that something reached a client.
    pub(super) fn note(&self, connection: u64, what: &[u8]) {
        self.trace.lock().unwrap().note(self.wall.passed(), connection, what);
    }

    /// I4: whatever waited was within the bounds. A drain takes all of it, and before it nothing was taken.
    pub(super) fn check_bounds(&self, drained: &Drained) {
        let (mut items, mut bytes, mut oversized, mut batches) = (0, 0, 0, 0);
        for entry in &drained.entries {
            match entry {
                Entry::Cursors { .. } => batches += 1,
                Entry::Frame(frame) | Entry::List { frame, .. } | Entry::Awareness { frame, .. } => {
                    items += 1;
                    if frame.len() > self.bounds.bytes {
                        oversized += 1;
                    } else {
                        bytes += frame.len();
                    }
                }
            }
        }
        assert!(items <= self.bounds.items, "{items} messages waited");
        assert!(bytes <= self.bounds.bytes, "{bytes} bytes waited");
        assert!(oversized <= 1, "{oversized} large messages waited");
        assert!(batches <= self.bounds.cursor_batches, "{batches} batches waited");
    }

    /// I14: whoever waits for a project waits no longer than the patience.
    pub(super) fn check_patience(&self, began: Instant) {
        let waited = began.elapsed();
        assert!(waited <= self.limits().patience + GRAIN, "waited {waited:?} for a project");
    }

    /// Hands on the panic of any client or connection that has ended.
    pub(super) fn hand_on_panics(&self) {
        let mut running = self.running.lock().unwrap();
        while let Some(ended) = running.try_join_next() {
            if let Err(failed) = ended {
                std::panic::resume_unwind(failed.into_panic());
            }
        }
    }

    pub(super) fn sum(&self) -> (u64, u64) {
        self.trace.lock().unwrap().sum()
    }

    pub(super) fn limits(&self) -> Limits {
        self.bounds.limits()
    }
}
