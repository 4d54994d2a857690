//! What happened in one run.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::member::Outcome;
use super::plan::Plan;
use super::totals::Totals;
use crate::process::ProcessSample;
use crate::tally::{Latency, share};

/// The result of one run; one JSON object, or a table by [`write_table`](Self::write_table).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `fanout`.
    pub scenario: &'static str,
    /// The subprotocol.
    pub encoding: &'static str,
    /// Projects played.
    pub projects: u32,
    /// Members of each project.
    pub members: u32,
    /// Moves of each member per second.
    pub rate: u32,
    /// Seconds of moving that were not measured.
    pub warm_up_seconds: f64,
    /// Seconds of moving that were measured.
    pub duration_seconds: f64,
    /// Members that joined.
    pub joined: u64,
    /// Members that could not.
    pub failed_to_join: u64,
    /// Members that joined and did not stay to the end.
    pub lost: u64,
    /// Why members failed or were lost, and how many.
    pub failures: BTreeMap<String, u64>,
    /// Errors the server sent, by code.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Measured moves that the members that joined should have sent.
    pub moves_intended: u64,
    /// Measured moves sent; fewer than intended when the generator itself was late.
    pub moves_sent: u64,
    /// Moves sent, times the neighbours of each sender.
    pub deliveries_expected: u64,
    /// Measured moves received. Conflation makes them fewer, which is no error (C2).
    pub deliveries_received: u64,
    /// From send to receipt; `None` when nothing was received.
    pub latency: Option<Latency>,
    /// Last positions, times the neighbours of each sender.
    pub last_positions_expected: u64,
    /// Last positions that a neighbour never saw: 0, or C2 is broken.
    pub last_positions_missed: u64,
    /// What the server cost; `None` when its process was not named, or is gone.
    pub server: Option<ServerCost>,
    /// CPU seconds that this process used per second of the measured time. When it and the server together come near
    /// the number of cores, the generator is what was measured.
    pub generator_cores: f64,
}

/// The server's process over the measured time and the settling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ServerCost {
    /// CPU seconds, user and system.
    pub cpu_seconds: f64,
    /// The same per million moves received; `None` when there were none.
    pub cpu_seconds_per_million_deliveries: Option<f64>,
    /// Resident memory at the end, in bytes, with every member connected.
    pub resident_bytes: u64,
    /// Threads at the end.
    pub threads: u64,
    /// Open descriptors at the end.
    pub descriptors: u64,
}

/// What both processes did: the generator while it moved, the server until everything had settled.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) deliveries: u64,
    pub(super) generator_cores: f64,
    pub(super) server: Option<(ProcessSample, ProcessSample)>,
}

impl Report {
    pub(super) fn new(plan: &Plan, outcomes: &[Outcome], latencies: &Histogram<u64>, load: &Load) -> Self {
        let totals = Totals::of(outcomes);
        let moves_each = plan.duration.as_secs_f64() * f64::from(plan.rate.get());
        Self {
            scenario: "fanout",
            encoding: plan.encoding.subprotocol().unwrap_or("v1"),
            projects: plan.projects.get(),
            members: plan.members.get(),
            rate: plan.rate.get(),
            warm_up_seconds: plan.warm_up.as_secs_f64(),
            duration_seconds: plan.duration.as_secs_f64(),
            joined: totals.joined(),
            failed_to_join: totals.failed,
            lost: totals.lost,
            moves_intended: rounded(moves_each) * totals.joined(),
            moves_sent: totals.moves(),
            deliveries_expected: totals.deliveries(),
            deliveries_received: latencies.len(),
            latency: Latency::of(latencies),
            last_positions_expected: totals.last_positions(),
            last_positions_missed: totals.missed,
            server: load.server_cost(),
            generator_cores: load.generator_cores,
            failures: totals.failures,
            refusals: totals.refusals,
        }
    }

    /// Did every member join, stay and see every last position?
    pub fn is_clean(&self) -> bool {
        self.failed_to_join == 0 && self.lost == 0 && self.last_positions_missed == 0
    }
}

impl Load {
    fn server_cost(&self) -> Option<ServerCost> {
        let (before, after) = self.server.as_ref()?;
        let cpu_seconds = after.cpu.saturating_sub(before.cpu).as_secs_f64();
        Some(ServerCost {
            cpu_seconds,
            cpu_seconds_per_million_deliveries: share(cpu_seconds * 1e6, self.deliveries),
            resident_bytes: after.resident_bytes,
            threads: after.threads,
            descriptors: after.descriptors,
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive count of moves")]
fn rounded(count: f64) -> u64 {
    count.round() as u64
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::fanout::member::End;
    use crate::fanout::motion::Place;
    use collabd_protocol::Encoding;
    use std::num::NonZeroU32;
    use std::time::Duration;

    fn plan() -> Plan {
        Plan {
            address: ([127, 0, 0, 1], 3000).into(),
            allow_remote: false,
            first_project: 1,
            projects: NonZeroU32::new(2).unwrap(),
            members: NonZeroU32::new(3).unwrap(),
            rate: NonZeroU32::new(10).unwrap(),
            warm_up: Duration::from_secs(2),
            duration: Duration::from_millis(1500),
            encoding: Encoding::JsonBatch,
            pid: None,
        }
    }

    fn outcome(project: u32, member: u32, missed: u64, end: End) -> Outcome {
        Outcome {
            place: Place { project, member },
            moves: if matches!(end, End::NotJoined(_)) { 0 } else { 15 },
            missed,
            refusals: [("rate_limited", 2)].into(),
            end,
        }
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

    fn latencies(milliseconds: &[u64]) -> Histogram<u64> {
        let mut latencies = Histogram::new_with_bounds(1, 60_000_000_000, 3).unwrap();
        for value in milliseconds {
            latencies.record(value * 1_000_000).unwrap();
        }
        latencies
    }

    /// A room of three without a fault, and a room where one did not join and one was lost.
    pub(in crate::fanout) fn report() -> Report {
        let outcomes = [
            outcome(0, 0, 0, End::Closed),
            outcome(0, 1, 0, End::Closed),
            outcome(0, 2, 0, End::Closed),
            outcome(1, 0, 0, End::Closed),
            outcome(1, 1, 1, End::Lost("closed with 4000 slow_consumer".to_owned())),
            outcome(1, 2, 0, End::NotJoined("upgrade refused: 503".to_owned())),
        ];
        let load = Load { deliveries: 120, generator_cores: 0.5, server: Some((sample(10), sample(13))) };
        Report::new(&plan(), &outcomes, &latencies(&[1, 2, 3, 4]), &load)
    }

    #[test]
    fn rooms_are_counted_by_who_joined_them() {
        let report = report();
        assert_eq!((report.joined, report.failed_to_join, report.lost), (5, 1, 1));
        assert_eq!((report.moves_intended, report.moves_sent), (75, 75));
        assert_eq!(report.deliveries_expected, 45 * 2 + 30);
        assert_eq!(report.deliveries_received, 4);
        assert_eq!(report.last_positions_expected, 3 * 2 + 2);
        assert_eq!(report.last_positions_missed, 1);
        assert_eq!(report.refusals["rate_limited"], 12);
        assert_eq!(report.failures.len(), 2);
        assert!(!report.is_clean());
    }

    #[test]
    fn what_is_absent_is_none_and_not_zero() {
        let load = Load { deliveries: 0, generator_cores: 0.0, server: None };
        let report = Report::new(&plan(), &[outcome(0, 0, 0, End::Closed)], &latencies(&[]), &load);
        assert_eq!((report.latency, report.server), (None, None));
        assert_eq!(report.deliveries_expected, 0);
        assert!(report.is_clean());
    }

    #[test]
    fn the_servers_cost_is_what_it_used_in_between() {
        let cost = report().server.unwrap();
        assert!((cost.cpu_seconds - 3.0).abs() < 1e-9);
        assert!((cost.cpu_seconds_per_million_deliveries.unwrap() - 25_000.0).abs() < 1e-6);
        let json = serde_json::to_value(report()).unwrap();
        assert_eq!(json["server"]["resident_bytes"], 5 << 20);
        assert_eq!(json["failures"]["upgrade refused: 503"], 1);
    }
}
