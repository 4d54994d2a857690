//! The phases that the stage leads all clients through.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

/// What is going on. Phases follow each other in this order.
#[derive(Debug, Clone)]
pub(super) enum Phase {
    /// Clients open their documents.
    Gathering,
    /// Clients type until the schedule's end, and listen.
    Typing(Arc<Schedule>),
    /// Clients say what they have, and close.
    Closing,
}

/// When to type.
#[derive(Debug)]
pub(super) struct Schedule {
    /// The first client's first key.
    pub(super) start: Instant,
    /// Keys pressed from here on are measured, on the scenario's clock.
    pub(super) measured_from: i64,
    /// From here on nobody types.
    pub(super) stop: Instant,
}

/// A client's view of the phases.
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

    /// Waits until the clients type; `None` when that is over or never comes. May be cancelled.
    pub(super) async fn typing(&mut self) -> Option<Arc<Schedule>> {
        let phase = self.0.wait_for(|phase| !matches!(phase, Phase::Gathering)).await;
        match phase.ok().as_deref() {
            Some(Phase::Typing(schedule)) => Some(Arc::clone(schedule)),
            _ => None,
        }
    }

    /// Waits until it is time to close. May be cancelled.
    pub(super) async fn closing(&mut self) {
        // An error means that the stage is gone.
        let _ = self.0.wait_for(|phase| matches!(phase, Phase::Closing)).await;
    }
}
