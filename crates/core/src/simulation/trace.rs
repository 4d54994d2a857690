//! All that happened in a run, as one number: two runs of the same plan have the same.

use std::hash::{DefaultHasher, Hasher as _};

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Trace {
    hasher: DefaultHasher,
    events: u64,
}

impl Trace {
    /// Something reached somebody at this time.
    pub(super) fn note(&mut self, milliseconds: u128, connection: u64, what: &[u8]) {
        self.events += 1;
        self.hasher.write_u128(milliseconds);
        self.hasher.write_u64(connection);
        self.hasher.write(what);
    }

    /// The number of all of it, and how many events there were.
    pub(super) fn sum(&self) -> (u64, u64) {
        (self.hasher.finish(), self.events)
    }
}
