//! The reports of several servers side by side.

use super::report::Report;
use crate::markdown::Row;
use crate::units::{lossless, mebibytes};

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: &str, unit, decimals, value: &dyn Fn(&Report) -> Option<f64>| {
        let values = runs.iter().map(|reports| reports.iter().map(value).collect());
        Row::medians(label, unit, decimals, values)
    };
    let memory = |label, value: &dyn Fn(&Report) -> Option<u64>| {
        row(label, "MiB", 1, &|report| value(report).map(mebibytes))
    };
    vec![
        row("updates accepted per second", "", 0, &|report| Some(report.updates_per_second)),
        row("server CPU per 1,000 updates", "s", 3, &|report| {
            report.server?.cpu_seconds_per_thousand_updates
        }),
        row("server CPU per million deliveries", "s", 2, &|report| {
            report.server?.cpu_seconds_per_million_deliveries
        }),
        row("delivery latency, median", "ms", 2, &|report| Some(report.latency?.p50_ms)),
        row("delivery latency, 99 %", "ms", 2, &|report| Some(report.latency?.p99_ms)),
        memory("memory before", &|report| report.memory.before),
        memory("memory with all clients", &|report| report.memory.with),
        memory("memory when they had gone", &|report| report.memory.after),
        memory("memory after unloading", &|report| report.memory.unloaded),
        row("generator's cores", "", 2, &|report| Some(report.generator_cores)),
        row("clients lost", "", 0, &|report| Some(lossless(report.lost + report.failed_to_open))),
        row("documents that differ", "", 0, &|report| Some(lossless(report.different))),
        row("changes missing", "", 0, &|report| Some(lossless(report.missing))),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;
    use super::*;
    use crate::markdown;

    #[test]
    fn every_measure_has_a_row_and_every_server_a_column() {
        let mut other = report();
        other.missing = 8;
        let rows = rows(&[vec![report()], vec![other.clone(), other]]);
        let mut out = Vec::new();
        markdown::write(&mut out, &["a".to_owned(), "b".to_owned()], &rows).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("| server CPU per 1,000 updates | 12.500 s | 12.500 s (1.00×) |"), "{out}");
        assert!(out.contains("| memory with all clients | 3.0 MiB | 3.0 MiB (1.00×) |"), "{out}");
        assert!(out.contains("| memory after unloading | – | – |"), "{out}");
        assert!(out.contains("| changes missing | 4 | 8 (2.00×) |"), "{out}");
    }
}
