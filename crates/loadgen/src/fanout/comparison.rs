//! The reports of several servers side by side.

use super::report::Report;
use crate::markdown::Row;
use crate::tally::share;
use crate::units::{lossless, mebibytes};

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: &str, unit, decimals, value: &dyn Fn(&Report) -> Option<f64>| {
        let values = runs.iter().map(|reports| reports.iter().map(value).collect());
        Row::medians(label, unit, decimals, values)
    };
    vec![
        row("server CPU per million deliveries", "s", 2, &|report| {
            report.server?.cpu_seconds_per_million_deliveries
        }),
        row("latency, median", "ms", 2, &|report| Some(report.latency?.p50_ms)),
        row("latency, 99 %", "ms", 2, &|report| Some(report.latency?.p99_ms)),
        row("freshness, 99 %", "ms", 1, &|report| Some(report.freshness?.p99_ms)),
        row("moves that arrived", "%", 1, &|report| {
            share(lossless(report.deliveries_received) * 100.0, report.deliveries_expected)
        }),
        row("bytes per move on the wire", "", 1, &|report| report.bytes_per_move),
        row("server memory", "MiB", 1, &|report| Some(mebibytes(report.server?.resident_bytes))),
        row("server threads", "", 0, &|report| Some(lossless(report.server?.threads))),
        row("generator's cores", "", 2, &|report| Some(report.generator_cores)),
        row("members lost", "", 0, &|report| Some(lossless(report.lost + report.failed_to_join))),
        row("last positions missed", "", 0, &|report| Some(lossless(report.oracle.missed_last_positions))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown;

    #[test]
    fn every_measure_has_a_row_and_every_server_a_column() {
        let report = crate::fanout::tests::report();
        let mut out = Vec::new();
        let rows = rows(&[vec![report.clone()], vec![report]]);
        markdown::write(&mut out, &["a".to_owned(), "b".to_owned()], &rows).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("| bytes per move on the wire | 20.0 | 20.0 (1.00×) |"), "{out}");
        assert!(out.contains("| moves that arrived | 3.3 % | 3.3 % (1.00×) |"), "{out}");
    }
}
