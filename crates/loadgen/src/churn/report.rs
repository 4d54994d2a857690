//! What came of all sessions.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::plan::Plan;
use super::probe::Probe;
use super::visitor::Visits;
use super::witness::Testimony;
use crate::facts::Facts;
use crate::markdown::Row;
use crate::oracle::Verdict;
use crate::process::ProcessSample;
use crate::state::State;
use crate::tally::Latency;
use crate::timeline::Point;
use crate::units::lossless;

/// The result of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `churn`.
    pub scenario: &'static str,
    /// Projects.
    pub projects: u32,
    /// Those who came and went at the same time.
    pub visitors: u32,
    /// Those who stayed, in each project.
    pub witnesses: u32,
    /// Sessions that joined, opened a document and left.
    pub sessions: u64,
    /// Sessions that did not.
    pub failed: u64,
    /// Why.
    pub failures: BTreeMap<String, u64>,
    /// Whole sessions per second.
    pub sessions_per_second: f64,
    /// From the connection to the snapshot.
    pub join: Option<Latency>,
    /// The health page meanwhile.
    pub health: Probe,
    /// GraphQL meanwhile.
    pub graphql: Probe,
    /// What witnesses were told wrongly.
    pub oracle: Verdict,
    /// Why a witness could not stay.
    pub witness_lost: Option<String>,
    /// What the server used in all, in seconds.
    pub server_cpu_seconds: Option<f64>,
    /// Resident memory of the server before and after.
    pub resident_bytes: Option<(u64, u64)>,
    /// What it had before and after.
    pub states: Option<(State, State)>,
    /// How the server did over time.
    pub timeline: Vec<Point>,
}

/// What a report is made of.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) visits: Visits,
    pub(super) taken: Duration,
    pub(super) joins: Option<Latency>,
    pub(super) testimony: Testimony,
    pub(super) health: Probe,
    pub(super) graphql: Probe,
    pub(super) samples: Option<(ProcessSample, ProcessSample)>,
    pub(super) states: Option<(State, State)>,
}

impl Report {
    pub(super) fn new(plan: &Plan, result: Played) -> Self {
        let samples = result.samples;
        Self {
            scenario: "churn",
            projects: plan.projects.get(),
            visitors: plan.visitors.get(),
            witnesses: plan.witnesses.get(),
            sessions: result.visits.whole,
            failed: result.visits.failures.values().sum(),
            failures: result.visits.failures,
            sessions_per_second: lossless(result.visits.whole) / result.taken.as_secs_f64().max(1e-3),
            join: result.joins,
            health: result.health,
            graphql: result.graphql,
            oracle: result.testimony.verdict,
            witness_lost: result.testimony.lost,
            server_cpu_seconds: samples
                .map(|(before, after)| after.cpu.saturating_sub(before.cpu).as_secs_f64()),
            resident_bytes: samples.map(|(before, after)| (before.resident_bytes, after.resident_bytes)),
            states: result.states,
            timeline: Vec::new(),
        }
    }

    /// Did every session work, did every page answer, was nobody told anything wrong, and is nothing left?
    pub fn is_clean(&self) -> bool {
        self.failed == 0
            && self.health.failed + self.graphql.failed == 0
            && self.oracle.is_clean()
            && self.witness_lost.is_none()
            && self.states.is_none_or(|(before, after)| after.is_within(&before))
    }

    /// Writes one line per fact, label first.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let mut facts = Facts::default();
        facts.add("sessions", format!("{} of {}", self.sessions, self.sessions + self.failed));
        for (reason, count) in &self.failures {
            facts.add("  because", format!("{count} x {reason}"));
        }
        facts.add("sessions per second", format!("{:.0}", self.sessions_per_second));
        facts.latency("join", self.join.as_ref());
        for (page, probe) in [("health", &self.health), ("GraphQL", &self.graphql)] {
            facts.add(format!("{page} failed"), format!("{} of {}", probe.failed, probe.asked));
            facts.latency(page, probe.latency.as_ref());
        }
        facts.count(self.oracle.rows());
        if let Some(reason) = &self.witness_lost {
            facts.add("a witness was lost", reason);
        }
        if let Some(seconds) = self.server_cpu_seconds {
            facts.add("server CPU", format!("{seconds:.2} s"));
        }
        facts.memory("server memory before", self.resident_bytes.map(|(before, _)| before));
        facts.memory("  after", self.resident_bytes.map(|(_, after)| after));
        if let Some((before, after)) = self.states {
            facts.add("server before", before);
            facts.add("  after", after);
        }
        let title = format!(
            "churn: {} visitors in {} projects with {} witnesses each",
            self.visitors, self.projects, self.witnesses
        );
        facts.write(out, &title)
    }
}

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: &str, unit, decimals, value: &dyn Fn(&Report) -> Option<f64>| {
        let values = runs.iter().map(|reports| reports.iter().map(value).collect());
        Row::medians(label, unit, decimals, values)
    };
    vec![
        row("sessions per second", "", 0, &|report| Some(report.sessions_per_second)),
        row("sessions that failed", "", 0, &|report| Some(lossless(report.failed))),
        row("join, 99 %", "ms", 1, &|report| Some(report.join?.p99_ms)),
        row("health page, 99 %", "ms", 1, &|report| Some(report.health.latency?.p99_ms)),
        row("GraphQL, 99 %", "ms", 1, &|report| Some(report.graphql.latency?.p99_ms)),
        row("server CPU per 1,000 sessions", "s", 3, &|report| {
            crate::tally::share(report.server_cpu_seconds? * 1000.0, report.sessions)
        }),
        row("faults seen by the oracle", "", 0, &|report| Some(lossless(report.oracle.faults()))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    fn state(tasks: u64) -> State {
        State { connections: 0, sessions: 0, projects: 0, tasks, documents: 0, admission: 0, descriptors: 9 }
    }

    fn report(failures: &[(&str, u64)], verdict: Verdict, tasks: u64) -> Report {
        let plan = Plan {
            first_project: 1,
            projects: NonZeroU32::MIN,
            witnesses: NonZeroU32::MIN,
            visitors: NonZeroU32::MIN,
            sessions: 10,
            abrupt_every: 2,
            is_alone: true,
        };
        let failures = failures.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect();
        let result = Played {
            visits: Visits { whole: 10, failures },
            taken: Duration::from_secs(2),
            joins: None,
            testimony: Testimony { verdict, lost: None },
            health: Probe { asked: 3, ..Probe::default() },
            graphql: Probe { asked: 3, ..Probe::default() },
            samples: None,
            states: Some((state(3), state(tasks))),
        };
        Report::new(&plan, result)
    }

    #[test]
    fn a_session_that_failed_a_fault_or_a_task_that_is_left_is_not_clean() {
        assert!(report(&[], Verdict::default(), 3).is_clean());
        assert!(!report(&[("refused", 1)], Verdict::default(), 3).is_clean());
        assert!(!report(&[], Verdict { ghosts: 1, ..Verdict::default() }, 3).is_clean());
        assert!(!report(&[], Verdict::default(), 4).is_clean());
    }

    #[test]
    fn the_table_says_what_the_report_holds() {
        let mut out = Vec::new();
        report(&[("refused", 2)], Verdict::default(), 3).write_table(&mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        for line in [
            "sessions                    10 of 12",
            "  because                   2 x refused",
            "per second         5",
        ] {
            assert!(out.contains(line), "{out}");
        }
    }
}
