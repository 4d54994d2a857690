//! What became of all members together.

use std::collections::BTreeMap;

use super::member::{End, Outcome};
use super::plan::Part;
use crate::oracle::Verdict;
use crate::units::lossless;

/// All outcomes, added up.
#[derive(Debug, Default)]
pub(super) struct Totals {
    rooms: BTreeMap<u32, Room>,
    /// Members that never joined.
    pub(super) failed: u64,
    /// Members that joined and were lost.
    pub(super) lost: u64,
    /// Members that stopped reading and were sent away for it.
    pub(super) evicted: u64,
    /// Last positions that those who look had to see.
    pub(super) last_positions: u64,
    /// What those who look were told wrongly.
    pub(super) verdict: Verdict,
    /// Bytes received by all who read, while members moved.
    pub(super) bytes: u64,
    /// Those received by members who look.
    pub(super) watched_bytes: u64,
    /// Moves received by members who look, in the same time.
    pub(super) watched_moves: u64,
    /// Why members failed or were lost.
    pub(super) failures: BTreeMap<String, u64>,
    /// Errors the server sent, by code.
    pub(super) refusals: BTreeMap<&'static str, u64>,
}

/// The members of one project that joined.
#[derive(Debug, Default)]
struct Room {
    members: u64,
    movers: u64,
    watchers: u64,
    moves: u64,
    watchers_moves: u64,
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

    /// Members that joined and move.
    pub(super) fn movers(&self) -> u64 {
        self.rooms.values().map(|room| room.movers).sum()
    }

    /// Measured moves that were sent.
    pub(super) fn moves(&self) -> u64 {
        self.rooms.values().map(|room| room.moves).sum()
    }

    /// Moves sent, times the neighbours of each sender who look.
    pub(super) fn deliveries(&self) -> u64 {
        // Nobody is sent the own moves (C1).
        self.rooms.values().map(|room| room.moves * room.watchers - room.watchers_moves).sum()
    }

    /// How many times as much all receivers got as those who look.
    pub(super) fn scale(&self) -> f64 {
        if self.watched_bytes == 0 {
            return 1.0;
        }
        lossless(self.bytes) / lossless(self.watched_bytes)
    }

    fn add(&mut self, outcome: &Outcome) {
        let seen = &outcome.seen;
        for (code, count) in &seen.refusals {
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
            End::Evicted => self.evicted += 1,
            End::Closed => {}
        }
        self.verdict += seen.verdict;
        self.bytes += seen.bytes;
        let room = self.rooms.entry(outcome.place.project).or_default();
        room.members += 1;
        room.moves += outcome.moves;
        room.movers += u64::from(outcome.part.moves());
        if outcome.part == Part::Watches {
            room.watchers += 1;
            room.watchers_moves += outcome.moves;
            self.last_positions += seen.last_positions;
            self.watched_bytes += seen.bytes;
            self.watched_moves += seen.moves;
        }
    }
}
