//! When those who are here are asked to announce themselves again, and for whom.
//!
//! A client that comes back remembers the clocks of those it knew before, and y-protocols ignores a state whose clock it
//! has seen, although it has forgotten the state. So the owners are asked for a newer clock. Their answers say nothing
//! new to anybody else, so the newcomers alone hear them.

use std::time::Duration;

use tokio::time::Instant;

use crate::awareness::SubscriptionId;

/// Newcomers within this time share one question: a crowd that comes back does not make everybody announce itself as
/// many times.
const PAUSE: Duration = Duration::from_secs(1);

/// Newcomers and the question for them.
#[derive(Debug, Default)]
pub(super) struct Renewal {
    waiting: Vec<SubscriptionId>,
    audience: Vec<SubscriptionId>,
    due: Option<Instant>,
    last: Option<Instant>,
}

impl Renewal {
    /// Somebody came.
    pub(super) fn add(&mut self, newcomer: SubscriptionId, now: Instant) {
        self.waiting.push(newcomer);
        let soonest = self.last.map_or(now, |last| (last + PAUSE).max(now));
        self.due.get_or_insert(soonest);
    }

    /// When the question is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Is the question due? Then those who came are the audience of the answers.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        if self.due.is_none_or(|due| due > now) {
            return false;
        }
        self.due = None;
        self.last = Some(now);
        self.audience = std::mem::take(&mut self.waiting);
        true
    }

    /// Whom the answers are for.
    pub(super) fn audience(&self) -> impl Iterator<Item = SubscriptionId> {
        self.audience.iter().copied()
    }
}
