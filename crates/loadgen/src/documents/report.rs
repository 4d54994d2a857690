//! What happened in one run.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::outcome::{End, Outcome};
use super::plan::Plan;
use super::verdict::Verdict;
use crate::process::ProcessSample;
use crate::tally::{Latency, share};

/// The result of one run; one JSON object, or a table by [`write_table`](Self::write_table).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `documents`.
    pub scenario: &'static str,
    /// Documents played.
    pub documents: u32,
    /// Clients of each document.
    pub clients: u32,
    /// How many of them took in everything.
    pub applying: u32,
    /// Keys of each client per second.
    pub rate: u32,
    /// Seconds of typing that were measured.
    pub duration_seconds: f64,
    /// Clients that opened their document.
    pub opened: u64,
    /// Clients that could not.
    pub failed_to_open: u64,
    /// Clients that opened it and did not stay to the end.
    pub lost: u64,
    /// Why clients failed or were lost, and how many.
    pub failures: BTreeMap<String, u64>,
    /// Measured updates that should have been sent.
    pub updates_intended: u64,
    /// Measured updates sent; fewer than intended when the generator itself was late.
    pub updates_sent: u64,
    /// Measured updates sent per second that the server took: with none missing, all of them.
    pub updates_per_second: f64,
    /// Measured updates sent, times the other clients of the document.
    pub deliveries: u64,
    /// Frames with updates received, measured or not. Servers may send several changes in one, or none of them to
    /// those who made them.
    pub frames: u64,
    /// From send to receipt, of insertions; `None` when nothing was received.
    pub latency: Option<Latency>,
    /// Clients whose document was compared with a fresh client's.
    pub compared: u64,
    /// How many of them differ: 0, or the server is broken.
    pub different: u64,
    /// Changes that a fresh client does not get: 0, or the server has lost them.
    pub missing: u64,
    /// What the server cost; `None` when its process was not named, or is gone.
    pub server: Option<ServerCost>,
    /// Resident memory of the server, in bytes; `None` when its process was not named.
    pub memory: Memory,
    /// CPU seconds that this process used per second of the measured time. When it and the server together come near
    /// the number of cores, the generator is what was measured.
    pub generator_cores: f64,
}

/// The server's process over the measured time, and until it had written and sent all.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ServerCost {
    /// CPU seconds, user and system.
    pub cpu_seconds: f64,
    /// The same per thousand updates sent.
    pub cpu_seconds_per_thousand_updates: Option<f64>,
    /// The same per million deliveries.
    pub cpu_seconds_per_million_deliveries: Option<f64>,
}

/// Resident memory of the server, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// Before the first client came.
    pub before: Option<u64>,
    /// With all clients and everything they typed.
    pub with: Option<u64>,
    /// When the last client had gone.
    pub after: Option<u64>,
    /// When the documents had time to be unloaded.
    pub unloaded: Option<u64>,
}

/// What both processes did.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) frames: u64,
    pub(super) generator: Duration,
    pub(super) server: Option<(ProcessSample, ProcessSample)>,
}

impl Report {
    pub(super) fn new(
        plan: &Plan,
        outcomes: &[Outcome],
        latencies: &Histogram<u64>,
        load: &Load,
        memory: Memory,
        verdict: Verdict,
    ) -> Self {
        let seconds = plan.duration.as_secs_f64();
        let mut report = Self {
            scenario: "documents",
            documents: plan.documents.get(),
            clients: plan.clients.get(),
            applying: plan.applying.get().min(plan.clients.get()),
            rate: plan.rate.get(),
            duration_seconds: seconds,
            opened: 0,
            failed_to_open: 0,
            lost: 0,
            failures: BTreeMap::new(),
            updates_intended: 0,
            updates_sent: outcomes.iter().map(|outcome| outcome.sent).sum(),
            updates_per_second: 0.0,
            deliveries: 0,
            frames: load.frames,
            latency: Latency::of(latencies),
            compared: verdict.compared,
            different: verdict.different,
            missing: verdict.missing,
            server: None,
            memory,
            generator_cores: load.generator.as_secs_f64() / seconds.max(0.001),
        };
        for outcome in outcomes {
            report.count(outcome);
        }
        report.updates_intended = rounded(seconds * f64::from(report.rate)) * report.opened;
        report.deliveries = report.updates_sent * u64::from(report.clients - 1);
        report.updates_per_second = count(report.updates_sent) / seconds.max(0.001);
        report.server = load.cost(report.updates_sent, report.deliveries);
        report
    }

    /// Did every client open its document, stay, and end with the same one that lacks nothing?
    pub fn is_clean(&self) -> bool {
        self.failed_to_open == 0 && self.lost == 0 && self.different == 0 && self.missing == 0
    }

    fn count(&mut self, outcome: &Outcome) {
        if let End::NotOpened(reason) | End::Lost(reason) = &outcome.end {
            *self.failures.entry(reason.clone()).or_default() += 1;
        }
        match outcome.end {
            End::NotOpened(_) => self.failed_to_open += 1,
            End::Lost(_) => {
                self.opened += 1;
                self.lost += 1;
            }
            End::Closed => self.opened += 1,
        }
    }
}

impl Load {
    fn cost(&self, updates: u64, deliveries: u64) -> Option<ServerCost> {
        let (before, after) = self.server.as_ref()?;
        let cpu_seconds = after.cpu.saturating_sub(before.cpu).as_secs_f64();
        Some(ServerCost {
            cpu_seconds,
            cpu_seconds_per_thousand_updates: share(cpu_seconds * 1e3, updates),
            cpu_seconds_per_million_deliveries: share(cpu_seconds * 1e6, deliveries),
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive count of updates")]
fn rounded(count: f64) -> u64 {
    count.round() as u64
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn count(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
pub(super) mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::documents::outcome::Place;

    fn plan() -> Plan {
        let number = |number| NonZeroU32::new(number).unwrap();
        Plan {
            documents: number(1),
            clients: number(3),
            applying: number(2),
            rate: number(10),
            warm_up: Duration::from_secs(2),
            duration: Duration::from_secs(10),
            unload: Duration::ZERO,
        }
    }

    fn outcome(client: u32, sent: u64, end: End) -> Outcome {
        Outcome { place: Place { document: 0, client }, sent, clock: 0, state: None, end }
    }

    fn sample(cpu: u64) -> ProcessSample {
        ProcessSample {
            resident_bytes: 5 << 20,
            reserved_bytes: 0,
            cpu: Duration::from_secs(cpu),
            threads: 4,
            descriptors: 20,
        }
    }

    pub(in crate::documents) fn report() -> Report {
        let outcomes = [
            outcome(0, 100, End::Closed),
            outcome(1, 60, End::Lost("closed with Some(4000) slow_consumer".to_owned())),
            outcome(2, 0, End::NotOpened("the server refuses the client".to_owned())),
        ];
        let mut latencies = Histogram::new_with_bounds(1, 60_000_000_000, 3).unwrap();
        latencies.record(2_000_000).unwrap();
        let load =
            Load { frames: 150, generator: Duration::from_secs(5), server: Some((sample(1), sample(3))) };
        let memory = Memory { before: Some(1 << 20), with: Some(3 << 20), after: None, unloaded: None };
        let verdict = Verdict { compared: 2, different: 1, missing: 4 };
        Report::new(&plan(), &outcomes, &latencies, &load, memory, verdict)
    }

    #[test]
    fn costs_are_told_for_what_was_sent() {
        let report = report();
        assert_eq!((report.opened, report.failed_to_open, report.lost), (2, 1, 1));
        assert_eq!((report.updates_intended, report.updates_sent, report.deliveries), (200, 160, 320));
        let cost = report.server.unwrap();
        assert!((cost.cpu_seconds_per_thousand_updates.unwrap() - 12.5).abs() < 1e-9);
        assert!((cost.cpu_seconds_per_million_deliveries.unwrap() - 6250.0).abs() < 1e-9);
        assert!((report.updates_per_second - 16.0).abs() < 1e-9);
        assert!((report.generator_cores - 0.5).abs() < 1e-9);
    }

    #[test]
    fn whatever_is_wrong_makes_a_report_unclean() {
        let clean = Report { failed_to_open: 0, lost: 0, different: 0, missing: 0, ..report() };
        assert!(clean.is_clean());
        assert!(!Report { failed_to_open: 1, ..clean.clone() }.is_clean());
        assert!(!Report { lost: 1, ..clean.clone() }.is_clean());
        assert!(!Report { different: 1, ..clean.clone() }.is_clean());
        assert!(!Report { missing: 1, ..clean }.is_clean());
    }
}
