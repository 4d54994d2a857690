//! One level of the sweep.

use serde::Serialize;

use super::Goal;
use crate::fanout;
use crate::tally::Latency;

/// A document with so many members.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// How many.
    pub members: u32,
    /// Was it quick enough, and nothing wrong?
    pub holds: bool,
    /// What happened.
    pub run: fanout::Report,
}

impl Level {
    pub(super) fn new(run: fanout::Report, goal: Goal) -> Self {
        let within = |measured: Option<Latency>, limit: std::time::Duration| {
            measured.is_some_and(|measured| measured.p99_ms < limit.as_secs_f64() * 1000.0)
        };
        let is_quick = within(run.latency, goal.latency) && within(run.freshness, goal.freshness);
        Self { members: run.members, holds: is_quick && run.is_clean(), run }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::Verdict;
    use std::time::Duration;

    fn level(latency: Option<f64>, freshness: f64, crosstalk: u64) -> Level {
        let quick = |p99_ms| Latency { p50_ms: 1.0, p99_ms, p999_ms: 900.0, max_ms: 900.0 };
        let mut run = fanout::tests::report();
        (run.failed_to_join, run.lost) = (0, 0);
        run.oracle = Verdict { crosstalk, ..Verdict::default() };
        (run.latency, run.freshness) = (latency.map(quick), Some(quick(freshness)));
        Level::new(run, Goal { latency: Duration::from_millis(50), freshness: Duration::from_millis(100) })
    }

    #[test]
    fn a_level_holds_when_it_is_quick_and_fresh_and_right() {
        assert!(level(Some(49.9), 99.9, 0).holds);
        assert!(!level(Some(50.0), 99.9, 0).holds);
        assert!(!level(Some(49.9), 100.0, 0).holds);
        assert!(!level(Some(49.9), 99.9, 1).holds);
        assert!(!level(None, 1.0, 0).holds, "nothing received is nothing held");
    }
}
