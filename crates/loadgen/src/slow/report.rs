//! Both runs side by side.

use std::io::{self, Write};

use serde::Serialize;

use super::Plan;
use crate::facts::Facts;
use crate::fanout;
use crate::markdown::Row;
use crate::units::{lossless, mebibytes};

/// What may wait for one member at most: `outbox_bytes` of collabd as it comes.
const OUTBOX: u64 = 256 * 1024;

/// The result of both runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `slow`.
    pub scenario: &'static str,
    /// Members of all projects who stopped reading.
    pub stalled: u64,
    /// Latency of 99 % for the others, while those read, and when they had stopped: the second by the first.
    pub p99_ratio: Option<f64>,
    /// How much more memory the server had at its most, with members that did not read.
    pub growth_bytes: Option<u64>,
    /// How much more it may be.
    pub bound_bytes: u64,
    /// The run in which all read.
    pub reading: fanout::Report,
    /// The run in which some stopped.
    pub stopped: fanout::Report,
}

impl Report {
    pub(super) fn new(plan: &Plan, reading: fanout::Report, stopped: fanout::Report) -> Self {
        let stalled = u64::from(plan.stalled.get()) * u64::from(plan.projects.get());
        let p99 = |run: &fanout::Report| run.latency.map(|latency| latency.p99_ms);
        let ratio = p99(&stopped).zip(p99(&reading)).map(|(stopped, reading)| stopped / reading.max(1e-3));
        let peaks = peak(&stopped).zip(peak(&reading));
        Self {
            scenario: "slow",
            stalled,
            p99_ratio: ratio,
            growth_bytes: peaks.map(|(stopped, reading)| stopped.saturating_sub(reading)),
            bound_bytes: stalled * OUTBOX,
            reading,
            stopped,
        }
    }

    /// Was nobody told anything wrong, was nobody lost who reads, and did memory stay within its bound?
    pub fn is_clean(&self) -> bool {
        let is_bounded = self.growth_bytes.is_none_or(|growth| growth <= self.bound_bytes);
        self.reading.is_clean() && self.stopped.is_clean() && is_bounded
    }

    /// Writes one line per fact, label first.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let mut facts = Facts::default();
        facts.latency("all read", self.reading.latency.as_ref());
        facts.latency("some do not", self.stopped.latency.as_ref());
        if let Some(ratio) = self.p99_ratio {
            facts.add("ratio of p99", format!("{ratio:.2}"));
        }
        if let Some(bytes) = self.growth_bytes {
            let bound = mebibytes(self.bound_bytes);
            facts.add("memory for them", format!("{:.1} MiB, may be {bound:.1} MiB", mebibytes(bytes)));
        }
        facts.add("sent away", format!("{} of {}", self.stopped.evicted, self.stalled));
        facts.add("members lost", self.reading.lost + self.stopped.lost);
        let mut faults = self.reading.oracle;
        faults += self.stopped.oracle;
        facts.count(faults.rows());
        let Self { reading: run, .. } = self;
        let title = format!(
            "slow: {} x {} members, {} moves/s each, {} of all stop reading",
            run.projects, run.members, run.rate, self.stalled
        );
        facts.write(out, &title)
    }
}

/// The most memory that the server had.
fn peak(run: &fanout::Report) -> Option<u64> {
    run.timeline.iter().filter_map(|point| point.resident_bytes).max()
}

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: &str, unit, decimals, value: &dyn Fn(&Report) -> Option<f64>| {
        let values = runs.iter().map(|reports| reports.iter().map(value).collect());
        Row::medians(label, unit, decimals, values)
    };
    vec![
        row("latency, 99 %, all read", "ms", 2, &|report| Some(report.reading.latency?.p99_ms)),
        row("latency, 99 %, some do not", "ms", 2, &|report| Some(report.stopped.latency?.p99_ms)),
        row("ratio", "", 2, &|report| report.p99_ratio),
        row("memory for each who does not read", "KiB", 0, &|report| {
            crate::tally::share(lossless(report.growth_bytes?) / 1024.0, report.stalled)
        }),
        row("members lost who read", "", 0, &|report| Some(lossless(report.stopped.lost))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::Point;
    use std::num::NonZeroU32;
    use std::time::Duration;

    fn run(peak: u64) -> fanout::Report {
        let mut run = fanout::tests::report();
        (run.lost, run.failed_to_join, run.oracle) = (0, 0, crate::oracle::Verdict::default());
        run.timeline = [peak / 2, peak, 0]
            .map(|bytes| Point {
                seconds: 0.0,
                resident_bytes: Some(bytes),
                cores: None,
                latency_p99_ms: None,
                received: 0,
            })
            .into();
        run
    }

    fn report(growth: u64) -> Report {
        let count = |number| NonZeroU32::new(number).unwrap();
        let plan = Plan {
            first_project: 1,
            projects: count(2),
            members: count(5),
            stalled: count(2),
            rate: count(10),
            warm_up: Duration::ZERO,
            duration: Duration::from_secs(1),
        };
        Report::new(&plan, run(10 << 20), run((10 << 20) + growth))
    }

    #[test]
    fn memory_may_grow_by_what_may_wait_and_no_more() {
        assert_eq!((report(5).growth_bytes, report(5).stalled), (Some(5), 4));
        assert!(report(4 * OUTBOX).is_clean() && !report(4 * OUTBOX + 1).is_clean());
        assert!((report(5).p99_ratio.unwrap() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_table_says_how_much_waited_and_may_wait() {
        let mut out = Vec::new();
        report(3 << 19).write_table(&mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("memory for them             1.5 MiB, may be 1.0 MiB"), "{out}");
    }
}
