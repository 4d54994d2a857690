//! The last events of one thing.

use std::collections::VecDeque;

use jiff::Timestamp;

/// One event that was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<E> {
    /// Later events have higher numbers, whatever they are of.
    pub number: u64,
    /// When it happened; for several, the first of them.
    pub at: Timestamp,
    /// How often it happened within a few seconds; for projects always 1.
    pub times: u64,
    /// What happened.
    pub event: E,
}

/// A bounded list of events in their order; one more drops the oldest.
#[derive(Debug)]
pub(super) struct Tape<E> {
    records: VecDeque<Record<E>>,
}

impl<E> Default for Tape<E> {
    fn default() -> Self {
        Self { records: VecDeque::new() }
    }
}

impl<E: Clone> Tape<E> {
    pub(super) fn push(&mut self, record: Record<E>, most: usize) {
        while self.records.len() >= most {
            self.records.pop_front();
        }
        self.records.push_back(record);
    }

    /// Counts the newest record that is the same once more. Is there one?
    pub(super) fn repeat(&mut self, is_same: impl FnMut(&Record<E>) -> bool) -> bool {
        let Some(at) = self.records.iter().rposition(is_same) else { return false };
        self.records[at].times += 1;
        true
    }

    /// The number of the last event.
    pub(super) fn last(&self) -> Option<u64> {
        self.records.back().map(|record| record.number)
    }

    pub(super) fn newest_first(&self, after: Option<u64>) -> Vec<Record<E>> {
        let is_new = |record: &&Record<E>| after.is_none_or(|after| record.number > after);
        self.records.iter().rev().take_while(is_new).cloned().collect()
    }
}
