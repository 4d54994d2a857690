//! What each kind came to.

use std::io::{self, Write};

use serde::Serialize;

use crate::markdown::Row;
use crate::oracle::Verdict;
use crate::units::{lossless, mebibytes};
use crate::{churn, fanout, idle};

/// The result of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `mixed`.
    pub scenario: &'static str,
    /// What anybody was told wrongly.
    pub oracle: Verdict,
    /// Those who move.
    pub moving: fanout::Report,
    /// Those who move beside somebody who does not read.
    pub beside: fanout::Report,
    /// Those who come and go.
    pub coming: churn::Report,
    /// Those who sit there; what they cost cannot be told from what the others do.
    pub sitting: idle::Report,
}

impl Report {
    pub(super) fn new(
        moving: fanout::Report,
        beside: fanout::Report,
        coming: churn::Report,
        sitting: idle::Report,
    ) -> Self {
        let mut oracle = moving.oracle;
        oracle += beside.oracle;
        oracle += coming.oracle;
        Self { scenario: "mixed", oracle, moving, beside, coming, sitting }
    }

    /// Was every kind as it must be?
    pub fn is_clean(&self) -> bool {
        self.moving.is_clean() && self.beside.is_clean() && self.coming.is_clean() && self.sitting.is_clean()
    }

    /// Writes the table of each kind.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "mixed, all at once:")?;
        self.moving.write_table(out)?;
        writeln!(out, "beside members who do not read:")?;
        self.beside.write_table(out)?;
        self.coming.write_table(out)?;
        self.sitting.write_table(out)
    }
}

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: &str, unit, decimals, value: &dyn Fn(&Report) -> Option<f64>| {
        let values = runs.iter().map(|reports| reports.iter().map(value).collect());
        Row::medians(label, unit, decimals, values)
    };
    vec![
        row("latency, 99 %", "ms", 2, &|report| Some(report.moving.latency?.p99_ms)),
        row("latency, 99 %, beside some who do not read", "ms", 2, &|report| {
            Some(report.beside.latency?.p99_ms)
        }),
        row("sessions per second meanwhile", "", 0, &|report| Some(report.coming.sessions_per_second)),
        row("health page, 99 %", "ms", 1, &|report| Some(report.coming.health.latency?.p99_ms)),
        row("faults seen by the oracle", "", 0, &|report| Some(lossless(report.oracle.faults()))),
        row("server memory", "MiB", 1, &|report| Some(mebibytes(report.moving.server?.resident_bytes))),
    ]
}
