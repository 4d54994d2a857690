//! What became of all members together.

use std::collections::BTreeMap;

use super::member::{End, Outcome};

/// All outcomes, added up.
#[derive(Debug, Default)]
pub(super) struct Totals {
    rooms: BTreeMap<u32, Room>,
    /// Members that never joined.
    pub(super) failed: u64,
    /// Members that joined and were lost.
    pub(super) lost: u64,
    /// Last positions not seen.
    pub(super) missed: u64,
    /// Why members failed or were lost.
    pub(super) failures: BTreeMap<String, u64>,
    /// Errors the server sent, by code.
    pub(super) refusals: BTreeMap<&'static str, u64>,
}

/// The members of one project that joined.
#[derive(Debug, Default)]
struct Room {
    members: u64,
    moves: u64,
}

impl Totals {
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let mut sum = Self::default();
        for outcome in outcomes {
            sum.add(outcome);
        }
        sum
    }

    /// Members that joined.
    pub(super) fn joined(&self) -> u64 {
        self.rooms.values().map(|room| room.members).sum()
    }

    /// Measured moves that were sent.
    pub(super) fn moves(&self) -> u64 {
        self.rooms.values().map(|room| room.moves).sum()
    }

    /// Moves sent, times the neighbours of each sender.
    pub(super) fn deliveries(&self) -> u64 {
        self.rooms.values().map(|room| room.moves * room.neighbours()).sum()
    }

    /// One last position of each member, times its neighbours.
    pub(super) fn last_positions(&self) -> u64 {
        self.rooms.values().map(|room| room.members * room.neighbours()).sum()
    }

    fn add(&mut self, outcome: &Outcome) {
        for (code, count) in &outcome.refusals {
            *self.refusals.entry(code).or_default() += count;
        }
        if let End::NotJoined(reason) | End::Lost(reason) = &outcome.end {
            *self.failures.entry(reason.clone()).or_default() += 1;
        }
        match outcome.end {
            End::NotJoined(_) => {
                self.failed += 1;
                return;
            }
            End::Lost(_) => self.lost += 1,
            End::Closed => {}
        }
        self.missed += outcome.missed;
        let room = self.rooms.entry(outcome.place.project).or_default();
        room.members += 1;
        room.moves += outcome.moves;
    }
}

impl Room {
    /// Of each member.
    fn neighbours(&self) -> u64 {
        self.members.saturating_sub(1)
    }
}
