//! What to play.

use std::num::NonZeroU32;

use collabd_protocol::DepartureReason;

use crate::wire::Place;

/// One run of the scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The first of the projects, which are numbered consecutively.
    pub first_project: u32,
    /// How many projects.
    pub projects: NonZeroU32,
    /// Those who stay, in each project.
    pub witnesses: NonZeroU32,
    /// Those who come and go, at the same time.
    pub visitors: NonZeroU32,
    /// Sessions of all visitors together.
    pub sessions: u32,
    /// One of so many sessions ends with a TCP reset; the others leave in order. 0 for none.
    pub abrupt_every: u32,
    /// Is nobody else on the server, so that it must be back where it was in the end?
    pub is_alone: bool,
}

/// How a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// With a close.
    InOrder,
    /// With a TCP reset.
    Abruptly,
}

impl Leave {
    /// What the others must be told.
    pub(super) fn reason(self) -> DepartureReason {
        match self {
            Self::InOrder => DepartureReason::Left,
            Self::Abruptly => DepartureReason::ConnectionLost,
        }
    }
}

impl Plan {
    /// Where the session with this number takes place. Nobody comes twice, so each is an arrival of its own.
    pub(super) fn place(&self, session: u32) -> Place {
        Place {
            project: self.first_project + session % self.projects,
            member: self.witnesses.get() + session / self.projects,
        }
    }

    /// How the session with this number ends.
    pub(super) fn leave(&self, session: u32) -> Leave {
        // By turns within each project.
        let turn = session / self.projects;
        if self.abrupt_every > 0 && turn.is_multiple_of(self.abrupt_every) {
            Leave::Abruptly
        } else {
            Leave::InOrder
        }
    }

    /// The places of all witnesses.
    pub(super) fn witnesses(&self) -> impl Iterator<Item = Place> {
        (0..self.projects.get()).flat_map(move |index| {
            (0..self.witnesses.get()).map(move |member| Place { project: self.first_project + index, member })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_session_is_somebody_else_and_no_witness() {
        let count = |number| NonZeroU32::new(number).unwrap();
        let plan = Plan {
            first_project: 4,
            projects: count(3),
            witnesses: count(2),
            visitors: count(8),
            sessions: 30,
            abrupt_every: 2,
            is_alone: true,
        };
        let mut places: Vec<_> = (0..30).map(|session| plan.place(session)).collect();
        assert!(places.iter().all(|place| (4..7).contains(&place.project) && place.member >= 2));
        places.extend(plan.witnesses());
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 36);
        let abrupt = (0..30).filter(|session| plan.leave(*session) == Leave::Abruptly).count();
        assert_eq!(abrupt, 15);
        assert_eq!(Plan { abrupt_every: 0, ..plan }.leave(0), Leave::InOrder);
    }
}
