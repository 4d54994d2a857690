//! What came of all storms.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::stage::Plan;
use crate::facts::Facts;
use crate::markdown::Row;
use crate::oracle::Verdict;
use crate::tally::Latency;
use crate::units::{lossless, mebibytes};

/// Everybody came once.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Round {
    /// Members that got in.
    pub joined: u64,
    /// Members that did not.
    pub failed: u64,
    /// Why.
    pub failures: BTreeMap<String, u64>,
    /// Tries that were refused and made again.
    pub refused: u64,
    /// Members whose last connection ended without word that the server was going away.
    pub untold: u64,
    /// From the first try of each until it was in.
    pub join: Option<Latency>,
    /// From the beginning until the last was in.
    pub seconds_until_all_in: f64,
    /// The same until everybody knew where everybody was.
    pub seconds_until_settled: f64,
    /// Members that were lost while they waited for that.
    pub lost: u64,
    /// What members were told wrongly.
    pub oracle: Verdict,
    /// Resident memory of the server then.
    pub resident_bytes: Option<u64>,
}

/// The result of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `storm`.
    pub scenario: &'static str,
    /// Projects.
    pub projects: u32,
    /// Members of each.
    pub members: u32,
    /// The first round, and one after each restart.
    pub rounds: Vec<Round>,
}

impl Round {
    fn is_clean(&self) -> bool {
        self.failed + self.untold + self.lost == 0 && self.oracle.is_clean()
    }
}

impl Report {
    pub(super) fn new(plan: &Plan, rounds: Vec<Round>) -> Self {
        Self { scenario: "storm", projects: plan.projects.get(), members: plan.members.get(), rounds }
    }

    /// Did everybody come back each time, and know everybody?
    pub fn is_clean(&self) -> bool {
        self.rounds.iter().all(Round::is_clean)
    }

    /// Writes a few lines for each round.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "storm: {} x {} members", self.projects, self.members)?;
        for (number, round) in self.rounds.iter().enumerate() {
            let mut facts = Facts::default();
            facts.add("joined", format!("{} of {}", round.joined, round.joined + round.failed));
            for (reason, count) in &round.failures {
                facts.add("  because", format!("{count} x {reason}"));
            }
            facts.add("tries refused", round.refused);
            facts.latency("join", round.join.as_ref());
            facts.add("all in after", format!("{:.2} s", round.seconds_until_all_in));
            facts.add("all known after", format!("{:.2} s", round.seconds_until_settled));
            facts.add("not told of the end", round.untold);
            facts.add("lost", round.lost);
            facts.count(round.oracle.rows());
            facts.memory("server memory", round.resident_bytes);
            let title = if number == 0 { "at first".to_owned() } else { format!("after restart {number}") };
            facts.write(out, &title)?;
        }
        Ok(())
    }

    /// Everything but the first round.
    fn storms(&self) -> &[Round] {
        self.rounds.get(1..).unwrap_or_default()
    }
}

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: &str, unit, decimals, value: &dyn Fn(&Round) -> Option<f64>| {
        let storms = |reports: &Vec<Report>| reports.iter().flat_map(Report::storms).map(value).collect();
        Row::medians(label, unit, decimals, runs.iter().map(storms))
    };
    vec![
        row("all in after", "s", 2, &|round| Some(round.seconds_until_all_in)),
        row("all known after", "s", 2, &|round| Some(round.seconds_until_settled)),
        row("join, 99 %", "ms", 0, &|round| Some(round.join?.p99_ms)),
        row("members that did not come back", "", 0, &|round| Some(lossless(round.failed))),
        row("faults seen by the oracle", "", 0, &|round| Some(lossless(round.oracle.faults()))),
        row("server memory", "MiB", 1, &|round| Some(mebibytes(round.resident_bytes?))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(untold: u64, ghosts: u64) -> Round {
        Round {
            joined: 6,
            failed: 0,
            failures: BTreeMap::new(),
            refused: 1,
            untold,
            join: None,
            seconds_until_all_in: 0.5,
            seconds_until_settled: 0.75,
            lost: 0,
            oracle: Verdict { ghosts, ..Verdict::default() },
            resident_bytes: None,
        }
    }

    fn report(rounds: &[Round]) -> Report {
        Report { scenario: "storm", projects: 2, members: 3, rounds: rounds.to_vec() }
    }

    #[test]
    fn one_round_with_a_fault_makes_a_report_unclean() {
        assert!(report(&[round(0, 0), round(0, 0)]).is_clean());
        assert!(!report(&[round(0, 0), round(1, 0)]).is_clean());
        assert!(!report(&[round(0, 0), round(0, 1)]).is_clean());
    }

    #[test]
    fn every_round_is_shown_and_only_storms_are_compared() {
        let mut first = round(0, 0);
        first.seconds_until_all_in = 99.0;
        let report = report(&[first, round(0, 0)]);
        let mut out = Vec::new();
        report.write_table(&mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("at first\n") && out.contains("after restart 1\n"), "{out}");
        let mut table = Vec::new();
        crate::markdown::write(&mut table, &["a".to_owned()], &rows(&[vec![report]])).unwrap();
        assert!(String::from_utf8(table).unwrap().contains("| all in after | 0.50 s |"));
    }
}
