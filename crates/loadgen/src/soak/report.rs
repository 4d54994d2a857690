//! What is left after all rounds.

use std::io::{self, Write};

use serde::Serialize;

use super::slope::slope;
use crate::churn;
use crate::facts::Facts;
use crate::fanout;
use crate::markdown::Row;
use crate::oracle::Verdict;
use crate::state::State;
use crate::timeline::Point;
use crate::units::{lossless, mebibytes};

/// What one round came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Round {
    /// Sessions of this round and of those before it.
    pub sessions: u64,
    /// Messages that crowds were told in this round and in those before it.
    pub messages: u64,
    /// Resident memory of the server after it.
    pub resident_bytes: Option<u64>,
    /// Sessions per second in it.
    pub sessions_per_second: f64,
}

/// The result of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `soak`.
    pub scenario: &'static str,
    /// Each round.
    pub rounds: Vec<Round>,
    /// Sessions that failed in all rounds.
    pub failed: u64,
    /// Were all rounds as they must be?
    pub are_rounds_clean: bool,
    /// What witnesses were told wrongly in all rounds.
    pub oracle: Verdict,
    /// What the server had before the first round and after the last.
    pub states: Option<(State, State)>,
    /// Growth of memory per million sessions, as a share of what the server had after the first round, in percent. The
    /// first round itself, in which caches fill, is not counted.
    pub growth_percent_per_million: Option<f64>,
    /// How the server did over time.
    pub timeline: Vec<Point>,
}

impl Report {
    pub(super) fn new(played: Vec<(fanout::Report, churn::Report)>) -> Self {
        let (mut rounds, mut oracle, mut sessions, mut messages) = (Vec::new(), Verdict::default(), 0, 0);
        for (crowd, round) in &played {
            sessions += round.sessions;
            messages += crowd.deliveries;
            oracle += crowd.oracle;
            oracle += round.oracle;
            rounds.push(Round {
                sessions,
                messages,
                resident_bytes: round.resident_bytes.map(|(_, after)| after),
                sessions_per_second: round.sessions_per_second,
            });
        }
        let states = |(_, round): &(_, churn::Report)| round.states;
        let ends = played.first().and_then(states).zip(played.last().and_then(states));
        Self {
            scenario: "soak",
            failed: played.iter().map(|(_, round)| round.failed).sum(),
            are_rounds_clean: played.iter().all(|(crowd, round)| crowd.is_clean() && round.is_clean()),
            oracle,
            states: ends.map(|((before, _), (_, after))| (before, after)),
            growth_percent_per_million: growth(&rounds),
            rounds,
            timeline: joined(played),
        }
    }

    /// Was every round as it must be, and is there nothing more than before the first?
    pub fn is_clean(&self) -> bool {
        self.are_rounds_clean && self.states.is_none_or(|(before, after)| after.is_within(&before))
    }

    /// Writes one line per fact, label first.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let mut facts = Facts::default();
        for round in &self.rounds {
            let memory =
                round.resident_bytes.map_or("–".to_owned(), |bytes| format!("{:.1} MiB", mebibytes(bytes)));
            let speed = format!("{:.0} sessions/s", round.sessions_per_second);
            let messages = round.messages;
            facts.add(
                format!("after {} sessions", round.sessions),
                format!("{memory}, {speed}, {messages} messages"),
            );
        }
        facts.add("sessions that failed", self.failed);
        facts.count(self.oracle.rows());
        if let Some(growth) = self.growth_percent_per_million {
            facts.add("growth per million sessions", format!("{growth:.2} %"));
        }
        if let Some((before, after)) = self.states {
            facts.add("server before", before);
            facts.add("  after", after);
        }
        facts.write(out, &format!("soak: {} rounds", self.rounds.len()))
    }
}

fn growth(rounds: &[Round]) -> Option<f64> {
    let points = rounds.iter().map(|round| Some((lossless(round.sessions), lossless(round.resident_bytes?))));
    let points: Vec<_> = points.collect::<Option<_>>()?;
    let first = points.first()?.1;
    slope(&points).map(|slope| slope * 1e6 / first * 100.0)
}

/// The timelines of all rounds, one behind the other.
fn joined(played: Vec<(fanout::Report, churn::Report)>) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for timeline in played.into_iter().flat_map(|(crowd, round)| [crowd.timeline, round.timeline]) {
        let begun = points.last().map_or(0.0, |point| point.seconds);
        points.extend(timeline.into_iter().map(|point| Point { seconds: begun + point.seconds, ..point }));
    }
    points
}

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: &str, unit, decimals, value: &dyn Fn(&Report) -> Option<f64>| {
        let values = runs.iter().map(|reports| reports.iter().map(value).collect());
        Row::medians(label, unit, decimals, values)
    };
    vec![
        row("sessions", "", 0, &|report| Some(lossless(report.rounds.last()?.sessions))),
        row("messages", "", 0, &|report| Some(lossless(report.rounds.last()?.messages))),
        row("sessions that failed", "", 0, &|report| Some(lossless(report.failed))),
        row("memory after the first round", "MiB", 1, &|report| {
            Some(mebibytes(report.rounds.first()?.resident_bytes?))
        }),
        row("growth per million sessions", "%", 2, &|report| report.growth_percent_per_million),
        row("faults seen by the oracle", "", 0, &|report| Some(lossless(report.oracle.faults()))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(sessions: u64, mebibytes: u64) -> Round {
        Round { sessions, messages: 0, resident_bytes: Some(mebibytes << 20), sessions_per_second: 1.0 }
    }

    #[test]
    fn growth_is_told_for_a_million_sessions() {
        let rounds = [round(100_000, 100), round(200_000, 101), round(300_000, 102)];
        assert!((growth(&rounds).unwrap() - 10.0).abs() < 1e-9);
        assert_eq!(growth(&rounds[..1]), None);
        let untold = Round { resident_bytes: None, ..rounds[0] };
        assert_eq!(growth(&[rounds[0], untold]), None);
    }
}
