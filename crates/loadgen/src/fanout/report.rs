//! What happened in one run.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use serde::Serialize;

use super::member::Outcome;
use super::plan::Plan;
use super::totals::Totals;
use crate::oracle::Verdict;
use crate::process::ProcessSample;
use crate::tally::{Latency, share};
use crate::timeline::Point;
use crate::units::lossless;

/// The result of one run; one JSON object, or a table by [`write_table`](Self::write_table).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `fanout`.
    pub scenario: &'static str,
    /// How messages were framed.
    pub encoding: &'static str,
    /// Projects played.
    pub projects: u32,
    /// Members of each project.
    pub members: u32,
    /// How many of them look at what they receive.
    pub watchers: u32,
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
    /// Members that stopped reading on purpose and were sent away for it.
    pub evicted: u64,
    /// Why members failed or were lost, and how many.
    pub failures: BTreeMap<String, u64>,
    /// Errors the server sent, by code.
    pub refusals: BTreeMap<&'static str, u64>,
    /// Measured moves that the members that joined should have sent.
    pub moves_intended: u64,
    /// Measured moves sent; fewer than intended when the generator itself was late.
    pub moves_sent: u64,
    /// Moves sent, times the neighbours of each sender who look.
    pub deliveries_expected: u64,
    /// Measured moves received. Conflation makes them fewer, which is no error (C2).
    pub deliveries_received: u64,
    /// Moves received by all members, those who only drain counted by their bytes; from the begin of the measured time to the
    /// last position.
    pub deliveries: u64,
    /// From send to receipt; `None` when nothing was received.
    pub latency: Option<Latency>,
    /// Age of the newest known position of each sender, looked at regularly by each receiver who looks.
    pub freshness: Option<Latency>,
    /// Bytes on the wire per move received, headers of frames and everything else that came meanwhile included.
    pub bytes_per_move: Option<f64>,
    /// Last positions that those who look had to see.
    pub last_positions: u64,
    /// What those who look were told wrongly.
    pub oracle: Verdict,
    /// What the server cost; `None` when its process was not named, or is gone.
    pub server: Option<ServerCost>,
    /// CPU seconds that this process used per second of the measured time. When it and the server together come near
    /// the number of cores, the generator is what was measured.
    pub generator_cores: f64,
    /// How the server did over time.
    pub timeline: Vec<Point>,
}

/// The server's process over the measured time and the settling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ServerCost {
    /// CPU seconds, user and system.
    pub cpu_seconds: f64,
    /// The same per million moves received; `None` when there were none. What members only drain is counted by its
    /// bytes.
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
    pub(super) fn new(
        plan: &Plan,
        outcomes: &[Outcome],
        latencies: &Histogram<u64>,
        freshness: &Histogram<u64>,
        load: &Load,
    ) -> Self {
        let totals = Totals::of(outcomes);
        let moves_each = plan.duration.as_secs_f64() * f64::from(plan.rate.get());
        Self {
            scenario: "fanout",
            encoding: plan.target.wire.name(),
            projects: plan.projects.get(),
            members: plan.members.get(),
            watchers: plan.watchers(),
            rate: plan.rate.get(),
            warm_up_seconds: plan.warm_up.as_secs_f64(),
            duration_seconds: plan.duration.as_secs_f64(),
            joined: totals.joined(),
            failed_to_join: totals.failed,
            lost: totals.lost,
            evicted: totals.evicted,
            moves_intended: rounded(moves_each) * totals.movers(),
            moves_sent: totals.moves(),
            deliveries_expected: totals.deliveries(),
            deliveries_received: latencies.len(),
            deliveries: rounded(lossless(load.deliveries) * totals.scale()),
            latency: Latency::of(latencies),
            freshness: Latency::of(freshness),
            bytes_per_move: share(lossless(totals.watched_bytes), totals.watched_moves),
            last_positions: totals.last_positions,
            oracle: totals.verdict,
            server: load.server_cost(totals.scale()),
            generator_cores: load.generator_cores,
            timeline: Vec::new(),
            failures: totals.failures,
            refusals: totals.refusals,
        }
    }

    /// Did every member join and stay, and was nobody told anything wrong?
    pub fn is_clean(&self) -> bool {
        self.failed_to_join == 0 && self.lost == 0 && self.oracle.is_clean()
    }
}

impl Load {
    /// Receivers who look are counted; all of them together received `scale` times as much.
    fn server_cost(&self, scale: f64) -> Option<ServerCost> {
        let (before, after) = self.server.as_ref()?;
        let cpu_seconds = after.cpu.saturating_sub(before.cpu).as_secs_f64();
        Some(ServerCost {
            cpu_seconds,
            cpu_seconds_per_million_deliveries: share(cpu_seconds / scale * 1e6, self.deliveries),
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
pub(crate) mod tests {
    use super::*;
    use crate::fanout::member::{End, Seen};
    use crate::fanout::plan::{Audience, Part};
    use crate::wire::{Place, Target, Wire};
    use collabd_protocol::Encoding;
    use std::num::NonZeroU32;
    use std::time::Duration;

    fn plan() -> Plan {
        Plan {
            target: Target {
                address: ([127, 0, 0, 1], 3000).into(),
                pid: None,
                wire: Wire::Collabd(Encoding::JsonBatch),
            },
            first_project: 1,
            projects: NonZeroU32::new(2).unwrap(),
            members: NonZeroU32::new(3).unwrap(),
            rate: NonZeroU32::new(10).unwrap(),
            warm_up: Duration::from_secs(2),
            duration: Duration::from_millis(1500),
            sample: None,
            audience: Audience::default(),
        }
    }

    fn outcome(project: u32, member: u32, missed: u64, end: End) -> Outcome {
        let verdict = Verdict { missed_last_positions: missed, ..Verdict::default() };
        let refusals = [("rate_limited", 2)].into();
        Outcome {
            place: Place { project, member },
            part: Part::Watches,
            moves: if matches!(end, End::NotJoined(_)) { 0 } else { 15 },
            seen: Seen { verdict, last_positions: 2, refusals, bytes: 600, moves: 30 },
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
    pub(crate) fn report() -> Report {
        let outcomes = [
            outcome(0, 0, 0, End::Closed),
            outcome(0, 1, 0, End::Closed),
            outcome(0, 2, 0, End::Closed),
            outcome(1, 0, 0, End::Closed),
            outcome(1, 1, 1, End::Lost("closed with 4000 slow_consumer".to_owned())),
            outcome(1, 2, 0, End::NotJoined("upgrade refused: 503".to_owned())),
        ];
        let load = Load { deliveries: 120, generator_cores: 0.5, server: Some((sample(10), sample(13))) };
        Report::new(&plan(), &outcomes, &latencies(&[1, 2, 3, 4]), &latencies(&[50]), &load)
    }

    #[test]
    fn rooms_are_counted_by_who_joined_them() {
        let report = report();
        assert_eq!((report.joined, report.failed_to_join, report.lost), (5, 1, 1));
        assert_eq!((report.moves_intended, report.moves_sent), (75, 75));
        assert_eq!(report.deliveries_expected, 45 * 2 + 30);
        assert_eq!(report.deliveries_received, 4);
        assert_eq!((report.last_positions, report.oracle.missed_last_positions), (10, 1));
        assert_eq!(report.bytes_per_move, Some(20.0));
        assert_eq!(report.refusals["rate_limited"], 12);
        assert_eq!(report.failures.len(), 2);
        assert!(!report.is_clean());
    }

    #[test]
    fn what_is_absent_is_none_and_not_zero() {
        let none = latencies(&[]);
        let load = Load { deliveries: 0, generator_cores: 0.0, server: None };
        let report = Report::new(&plan(), &[outcome(0, 0, 0, End::Closed)], &none, &none, &load);
        assert_eq!((report.latency, report.freshness, report.server), (None, None, None));
        assert_eq!(report.deliveries_expected, 0);
        assert!(report.is_clean());
    }

    /// What members drain is counted by its bytes.
    #[test]
    fn receivers_who_do_not_look_are_counted_by_their_bytes() {
        let mut drained = outcome(0, 1, 0, End::Closed);
        drained.part = Part::Drains;
        drained.seen.bytes = 5400;
        let outcomes = [outcome(0, 0, 0, End::Closed), drained];
        let load = Load { deliveries: 10, generator_cores: 0.5, server: Some((sample(10), sample(11))) };
        let report = Report::new(&plan(), &outcomes, &latencies(&[1]), &latencies(&[1]), &load);
        assert_eq!((report.moves_sent, report.deliveries_expected), (30, 15));
        let per_million = report.server.unwrap().cpu_seconds_per_million_deliveries.unwrap();
        assert!((per_million - 10_000.0).abs() < 1e-6, "{per_million}");
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
