//! The phases that the stage leads all members through.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::wire::Place;

/// What is going on. Phases follow each other in this order; `Moving` is skipped when nobody joined.
#[derive(Debug, Clone)]
pub(super) enum Phase {
    /// Members join.
    Gathering,
    /// Members move until the schedule's end, send their last position and watch for everybody else's.
    Moving(Arc<Schedule>),
    /// Members close.
    Closing,
}

/// When to move, and who does.
#[derive(Debug)]
pub(super) struct Schedule {
    /// The first member's first move.
    pub(super) start: Instant,
    /// Moves sent from here on are measured, on the scenario's clock.
    pub(super) measured_from: i64,
    /// From here on there is only the last move.
    pub(super) stop: Instant,
    /// The members of each project that joined.
    pub(super) rooms: Vec<Vec<u32>>,
}

/// What a member tells the stage: an arrival, and a `Settled` if it joined.
#[derive(Debug)]
pub(super) enum Notice {
    /// The member joined.
    Joined(Place),
    /// The member could not join.
    NotJoined,
    /// The member has seen all last positions, or will see no more.
    Settled,
}

/// A member's view of the phases.
#[derive(Debug, Clone)]
pub(super) struct PhaseWatch(watch::Receiver<Phase>);

impl PhaseWatch {
    pub(super) fn new(phases: &watch::Sender<Phase>) -> Self {
        Self(phases.subscribe())
    }

    /// Is it time to close? A stage that is gone has closed, too.
    pub(super) fn is_closing(&self) -> bool {
        matches!(*self.0.borrow(), Phase::Closing) || self.0.has_changed().is_err()
    }

    /// Waits until the members move. `None` when that phase is over or was skipped. May be cancelled.
    pub(super) async fn moving(&mut self) -> Option<Arc<Schedule>> {
        let phase = self.0.wait_for(|phase| !matches!(phase, Phase::Gathering)).await;
        match phase.ok().as_deref() {
            Some(Phase::Moving(schedule)) => Some(Arc::clone(schedule)),
            _ => None,
        }
    }

    /// Waits until it is time to close. May be cancelled.
    pub(super) async fn closing(&mut self) {
        // An error means that the stage is gone.
        let _ = self.0.wait_for(|phase| matches!(phase, Phase::Closing)).await;
    }
}
