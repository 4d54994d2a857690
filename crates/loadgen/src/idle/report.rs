//! What those who do nothing cost.

use std::io::{self, Write};

use serde::Serialize;

use super::stage::Plan;
use crate::facts::Facts;
use crate::markdown::Row;
use crate::process::ProcessSample;
use crate::tally::share;
use crate::units::lossless;

/// The result of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `idle`.
    pub scenario: &'static str,
    /// How messages were framed.
    pub encoding: &'static str,
    /// Sockets that were to be.
    pub sockets: u32,
    /// Of them, in one project.
    pub members: u32,
    /// Sockets that joined.
    pub joined: u32,
    /// Sockets whose large frame was answered.
    pub answered: u32,
    /// Why the last one that failed did.
    pub reason: Option<String>,
    /// Resident memory of the server before anybody came.
    pub resident_bytes: Option<u64>,
    /// Resident memory that one joined socket adds.
    pub bytes_per_socket: Option<f64>,
    /// The same after each has sent a large frame.
    pub bytes_per_socket_after_speaking: Option<f64>,
    /// The same when all have gone.
    pub bytes_per_socket_not_given_back: Option<f64>,
}

/// The server at four moments.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) before: Option<ProcessSample>,
    pub(super) with: Option<ProcessSample>,
    pub(super) after_speaking: Option<ProcessSample>,
    pub(super) gone: Option<ProcessSample>,
}

impl Report {
    pub(super) fn new(
        encoding: &'static str,
        plan: &Plan,
        joined: u32,
        answered: u32,
        reason: Option<String>,
        memory: &Memory,
    ) -> Self {
        let each = |then: Option<ProcessSample>| {
            let more = then?.resident_bytes.saturating_sub(memory.before?.resident_bytes);
            share(lossless(more), joined.into())
        };
        Self {
            scenario: "idle",
            encoding,
            sockets: plan.sockets.get(),
            members: plan.members.get(),
            joined,
            answered,
            reason,
            resident_bytes: memory.before.map(|sample| sample.resident_bytes),
            bytes_per_socket: each(memory.with),
            bytes_per_socket_after_speaking: each(memory.after_speaking).filter(|_| answered > 0),
            bytes_per_socket_not_given_back: each(memory.gone),
        }
    }

    /// Did everybody get in and stay?
    pub fn is_clean(&self) -> bool {
        self.joined == self.sockets && self.reason.is_none()
    }

    /// Writes one line per fact, label first.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let mut facts = Facts::default();
        facts.add("joined", format!("{} of {}", self.joined, self.sockets));
        facts.add("answered a large frame", self.answered);
        if let Some(reason) = &self.reason {
            facts.add("a failure", reason);
        }
        facts.memory("server memory before", self.resident_bytes);
        let rows = [
            ("bytes per socket", self.bytes_per_socket),
            ("  after a large frame", self.bytes_per_socket_after_speaking),
            ("  not given back", self.bytes_per_socket_not_given_back),
        ];
        for (label, bytes) in rows {
            if let Some(bytes) = bytes {
                facts.add(label, format!("{bytes:.0}"));
            }
        }
        let title =
            format!("idle, {}: {} sockets, {} in a project", self.encoding, self.sockets, self.members);
        facts.write(out, &title)
    }
}

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: &str, value: &dyn Fn(&Report) -> Option<f64>| {
        let values = runs.iter().map(|reports| reports.iter().map(value).collect());
        Row::medians(label, "", 0, values)
    };
    vec![
        row("sockets", &|report| Some(report.joined.into())),
        row("bytes per idle socket", &|report| report.bytes_per_socket),
        row("bytes after a large frame", &|report| report.bytes_per_socket_after_speaking),
        row("bytes not given back", &|report| report.bytes_per_socket_not_given_back),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;
    use std::time::Duration;

    fn sample(resident_bytes: u64) -> ProcessSample {
        ProcessSample { resident_bytes, reserved_bytes: 0, cpu: Duration::ZERO, threads: 1, descriptors: 9 }
    }

    fn report(joined: u32, answered: u32) -> Report {
        let count = |number| NonZeroU32::new(number).unwrap();
        let memory = Memory {
            before: Some(sample(5000)),
            with: Some(sample(15_000)),
            after_speaking: Some(sample(16_000)),
            gone: Some(sample(4000)),
        };
        Report::new("x", &Plan::new(count(10), count(5)), joined, answered, None, &memory)
    }

    #[test]
    fn memory_is_shared_by_those_who_joined() {
        let report = report(10, 10);
        assert_eq!(report.bytes_per_socket, Some(1000.0));
        assert_eq!(report.bytes_per_socket_after_speaking, Some(1100.0));
        assert_eq!(report.bytes_per_socket_not_given_back, Some(0.0));
        assert!(report.is_clean());
    }

    #[test]
    fn whoever_is_missing_makes_a_report_unclean_and_nothing_said_is_nothing_measured() {
        let report = report(5, 0);
        assert_eq!((report.bytes_per_socket, report.bytes_per_socket_after_speaking), (Some(2000.0), None));
        assert!(!report.is_clean());
    }
}
