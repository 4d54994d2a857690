//! What to play, and what forbids it.

use std::num::NonZeroU32;
use std::time::Duration;

use hdrhistogram::CreationError;
use tokio::task::JoinError;

use crate::process::{ProcessError, descriptor_limit};
use crate::wire::{Place, Target};

/// Descriptors that the process needs besides the members' sockets: standard streams, runtime, report.
const OTHER_DESCRIPTORS: u64 = 32;

/// One run of the scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The server.
    pub target: Target,
    /// The first of the projects, which are numbered consecutively.
    pub first_project: u32,
    /// How many projects.
    pub projects: NonZeroU32,
    /// Members of each project.
    pub members: NonZeroU32,
    /// Moves of each member per second.
    pub rate: NonZeroU32,
    /// Moving that is not measured: caches fill, connections find their windows.
    pub warm_up: Duration,
    /// Moving that is measured.
    pub duration: Duration,
    /// How many members of each project look at what they receive; the others only drain it. All of them, unless
    /// told: a generator that looks at everything may be what is measured.
    pub sample: Option<NonZeroU32>,
    /// Members of each project that do not move.
    pub audience: Audience,
}

/// Members who do not move, among those who do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Audience {
    /// How many of each project's members.
    pub members: u32,
    /// Do they stop reading when the others begin to move?
    pub is_stalled: bool,
}

/// What a member does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// It moves and looks at what it receives.
    Watches,
    /// It moves and drains what it receives.
    Drains,
    /// It drains what it receives.
    Sits,
    /// It does nothing at all, not even read.
    Stalls,
}

impl Part {
    pub(super) fn moves(self) -> bool {
        matches!(self, Self::Watches | Self::Drains)
    }
}

/// Why a run could not begin or end.
#[derive(Debug, thiserror::Error)]
pub enum FanoutError {
    /// The last project's number would be too large.
    #[error("project numbers must stay from 1 to 2147483647")]
    ProjectRange,
    /// The process may not open enough sockets.
    #[error("needs {needed} file descriptors, the limit is {limit}: raise it with ulimit -n")]
    TooFewDescriptors {
        /// What the plan needs.
        needed: u64,
        /// What the process may open.
        limit: u64,
    },
    /// A process could not be looked at.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The histogram's bounds make none.
    #[error("histogram: {0:?}")]
    Histogram(CreationError),
    /// Not one member could join.
    #[error("nobody could join: {reason}")]
    NobodyJoined {
        /// Why the first one could not.
        reason: String,
    },
    /// A member's task panicked.
    #[error("a member failed: {0}")]
    Member(#[from] JoinError),
}

impl Plan {
    /// Members of all projects together.
    pub fn total_members(&self) -> u32 {
        self.projects.get().saturating_mul(self.members.get())
    }

    /// The time between two moves of one member.
    pub(super) fn period(&self) -> Duration {
        Duration::from_secs(1) / self.rate.get()
    }

    /// The index of a place's project, from 0.
    pub(super) fn index(&self, place: Place) -> u32 {
        place.project.saturating_sub(self.first_project)
    }

    /// What the member with this number does. Those who look come first, those who do not move last.
    pub(super) fn part(&self, member: u32) -> Part {
        if member >= self.movers() {
            return if self.audience.is_stalled { Part::Stalls } else { Part::Sits };
        }
        if member < self.watchers() { Part::Watches } else { Part::Drains }
    }

    /// How many members of each project look at what they receive.
    pub(super) fn watchers(&self) -> u32 {
        self.sample.map_or(self.movers(), |sample| sample.get().min(self.movers()))
    }

    fn movers(&self) -> u32 {
        self.members.get().saturating_sub(self.audience.members)
    }

    /// Checks what can be known before the first connection.
    ///
    /// # Errors
    /// [`FanoutError`] names what forbids the run.
    pub fn check(&self) -> Result<(), FanoutError> {
        let last = self.first_project.checked_add(self.projects.get() - 1);
        if self.first_project < 1 || last.is_none_or(|last| i32::try_from(last).is_err()) {
            return Err(FanoutError::ProjectRange);
        }
        let needed = u64::from(self.total_members()) + OTHER_DESCRIPTORS;
        match descriptor_limit()? {
            Some(limit) if limit < needed => Err(FanoutError::TooFewDescriptors { needed, limit }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Wire;
    use collabd_protocol::Encoding;

    fn plan() -> Plan {
        let address = ([127, 0, 0, 1], 3000).into();
        Plan {
            target: Target { address, pid: None, wire: Wire::Collabd(Encoding::JsonBatch) },
            first_project: 1,
            projects: NonZeroU32::MIN,
            members: NonZeroU32::MIN,
            rate: NonZeroU32::MIN,
            warm_up: Duration::ZERO,
            duration: Duration::from_secs(1),
            sample: None,
            audience: Audience::default(),
        }
    }

    #[test]
    fn those_who_look_come_first_and_those_who_do_not_move_last() {
        let count = |number| NonZeroU32::new(number).unwrap();
        let parts = |plan: &Plan| (0..plan.members.get()).map(|member| plan.part(member)).collect::<Vec<_>>();
        let all = Plan { members: count(2), ..plan() };
        assert_eq!(parts(&all), [Part::Watches; 2]);
        let audience = Audience { members: 1, is_stalled: false };
        let some = Plan { members: count(4), sample: Some(count(2)), audience, ..plan() };
        assert_eq!(parts(&some), [Part::Watches, Part::Watches, Part::Drains, Part::Sits]);
        let stalled = Audience { members: 9, is_stalled: true };
        assert_eq!(parts(&Plan { audience: stalled, ..all }), [Part::Stalls; 2]);
    }

    #[test]
    fn a_plan_that_cannot_be_numbered_is_refused() {
        plan().check().unwrap();
        let beyond =
            Plan { first_project: i32::MAX.unsigned_abs(), projects: NonZeroU32::new(2).unwrap(), ..plan() };
        assert!(matches!(beyond.check(), Err(FanoutError::ProjectRange)));
        let crowd = Plan { projects: NonZeroU32::MAX, first_project: 1, ..plan() };
        assert!(crowd.check().is_err());
    }
}
