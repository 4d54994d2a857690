//! What came of all levels.

use std::io::{self, Write};

use serde::Serialize;

use super::{Level, Plan};
use crate::markdown::Row;
use crate::units::lossless;

/// Members of the level that servers are compared at.
const COMPARED: u32 = 100;

/// The result of one sweep.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `hot`.
    pub scenario: &'static str,
    /// How messages were framed.
    pub encoding: &'static str,
    /// Moves of each member per second.
    pub rate: u32,
    /// Most members that held.
    pub largest: Option<u32>,
    /// The levels that were played; only the last one may not have held.
    pub levels: Vec<Level>,
}

impl Report {
    pub(super) fn new(encoding: &'static str, plan: &Plan, levels: Vec<Level>) -> Self {
        let largest = levels.iter().filter(|level| level.holds).map(|level| level.members).max();
        Self { scenario: "hot", encoding, rate: plan.rate.get(), largest, levels }
    }

    /// Did at least one level hold, and was nobody told anything about another project, or anybody who is not there?
    /// A level that is too much may lose people.
    pub fn is_clean(&self) -> bool {
        let is_wrong = |level: &Level| level.run.oracle.crosstalk + level.run.oracle.ghosts > 0;
        self.largest.is_some() && !self.levels.iter().any(is_wrong)
    }

    /// Writes a line for each level.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "hot, {}: one document, {} moves/s each", self.encoding, self.rate)?;
        writeln!(
            out,
            "  members  latency p99  freshness p99  coverage  server  per million  bytes/move  generator"
        )?;
        for level in &self.levels {
            writeln!(out, "  {level}")?;
        }
        let largest = self.largest.map_or("none".to_owned(), |members| members.to_string());
        writeln!(out, "  largest that holds: {largest}")
    }

    fn level(&self, members: u32) -> Option<&Level> {
        self.levels.iter().find(|level| level.members == members)
    }
}

impl Level {
    /// Share of the moves that arrived, of those who look; the others were conflated.
    fn coverage(&self) -> Option<f64> {
        crate::tally::share(lossless(self.run.deliveries_received), self.run.deliveries_expected)
    }

    fn per_million(&self) -> Option<f64> {
        self.run.server?.cpu_seconds_per_million_deliveries
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let or_dash = |value: Option<f64>, unit: &str| {
            value.map_or("–".to_owned(), |value| format!("{value:.1}{unit}"))
        };
        let server = self.run.server.map(|server| server.cpu_seconds / self.run.duration_seconds.max(1e-3));
        write!(
            f,
            "{:7}  {:>11}  {:>13}  {:>8}  {:>6}  {:>11}  {:>10}  {:>9.2}  {}",
            self.members,
            or_dash(self.run.latency.map(|latency| latency.p99_ms), " ms"),
            or_dash(self.run.freshness.map(|freshness| freshness.p99_ms), " ms"),
            or_dash(self.coverage().map(|share| share * 100.0), " %"),
            server.map_or("–".to_owned(), |cores| format!("{cores:.2}")),
            or_dash(self.per_million(), " s"),
            or_dash(self.run.bytes_per_move, ""),
            self.run.generator_cores,
            if self.holds { "holds" } else { "does not hold" },
        )
    }
}

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: String, unit, decimals, value: &dyn Fn(&Report) -> Option<f64>| {
        let values = runs.iter().map(|reports| reports.iter().map(value).collect());
        Row::medians(label, unit, decimals, values)
    };
    let at = |report: &Report, value: &dyn Fn(&Level) -> Option<f64>| value(report.level(COMPARED)?);
    vec![
        row("members that hold".to_owned(), "", 0, &|report| Some(report.largest.unwrap_or(0).into())),
        row(format!("server CPU per million deliveries at {COMPARED}"), "s", 2, &|report| {
            at(report, &Level::per_million)
        }),
        row(format!("latency, 99 %, at {COMPARED}"), "ms", 1, &|report| {
            at(report, &|level| Some(level.run.latency?.p99_ms))
        }),
        row(format!("freshness, 99 %, at {COMPARED}"), "ms", 1, &|report| {
            at(report, &|level| Some(level.run.freshness?.p99_ms))
        }),
        row(format!("bytes per move at {COMPARED}"), "", 1, &|report| {
            at(report, &|level| level.run.bytes_per_move)
        }),
        row("server memory at the largest".to_owned(), "MiB", 1, &|report| {
            let server = report.level(report.largest?)?.run.server?;
            Some(crate::units::mebibytes(server.resident_bytes))
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;

    fn report(holds: &[(u32, bool)]) -> Report {
        let levels: Vec<_> = holds
            .iter()
            .map(|&(members, holds)| Level { members, holds, run: crate::fanout::tests::report() })
            .collect();
        let largest = levels.iter().filter(|level| level.holds).map(|level| level.members).max();
        Report { scenario: "hot", encoding: "x", rate: 20, largest, levels }
    }

    #[test]
    fn the_largest_that_holds_is_the_result_and_every_level_has_a_line() {
        let report = report(&[(50, true), (100, true), (200, false)]);
        let mut out = Vec::new();
        report.write_table(&mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!((out.lines().count(), report.largest), (6, Some(100)), "{out}");
        assert!(out.ends_with("largest that holds: 100\n"), "{out}");
        let mut table = Vec::new();
        markdown::write(&mut table, &["a".to_owned()], &rows(&[vec![report]])).unwrap();
        let table = String::from_utf8(table).unwrap();
        assert!(table.contains("| members that hold | 100 |"), "{table}");
        assert!(table.contains("| bytes per move at 100 | 20.0 |"), "{table}");
    }

    #[test]
    fn a_sweep_is_clean_when_something_holds_and_nobody_is_a_ghost() {
        assert!(report(&[(50, true)]).is_clean() && !report(&[(50, false)]).is_clean());
        let mut haunted = report(&[(50, true)]);
        haunted.levels[0].run.oracle.ghosts = 1;
        assert!(!haunted.is_clean());
    }
}
