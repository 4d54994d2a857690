//! The report for people.

use std::io::{self, Write};

use super::report::{Memory, Report, ServerCost};
use crate::tally::Latency;

/// Columns of the labels.
const LABEL: usize = 28;

impl Report {
    /// Writes one line per fact, label first.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "documents: {} x {} clients ({} of them apply), {} keys/s each, {} s",
            self.documents, self.clients, self.applying, self.rate, self.duration_seconds
        )?;
        for (label, value) in self.rows() {
            writeln!(out, "  {label:LABEL$}{value}")?;
        }
        Ok(())
    }

    fn rows(&self) -> Vec<(&str, String)> {
        let mut rows = vec![
            ("opened", format!("{} of {}", self.opened, self.opened + self.failed_to_open)),
            ("lost", self.lost.to_string()),
        ];
        rows.extend(self.failures.iter().map(|(reason, count)| ("  because", format!("{count} x {reason}"))));
        rows.extend([
            ("updates sent", format!("{} of {}", self.updates_sent, self.updates_intended)),
            ("updates per second", format!("{:.0}", self.updates_per_second)),
            ("deliveries", self.deliveries.to_string()),
            ("frames received", self.frames.to_string()),
        ]);
        rows.extend(self.latency.iter().flat_map(latency_rows));
        rows.extend([
            ("different documents", format!("{} of {}", self.different, self.compared)),
            ("changes missing", self.missing.to_string()),
        ]);
        rows.extend(self.server.iter().flat_map(server_rows));
        rows.extend(memory_rows(&self.memory));
        rows.push(("generator", format!("{:.2} cores", self.generator_cores)));
        rows
    }
}

fn latency_rows(latency: &Latency) -> [(&'static str, String); 4] {
    [
        ("latency p50", latency.p50_ms),
        ("latency p99", latency.p99_ms),
        ("latency p99.9", latency.p999_ms),
        ("latency max", latency.max_ms),
    ]
    .map(|(label, milliseconds)| (label, format!("{milliseconds:.3} ms")))
}

fn server_rows(cost: &ServerCost) -> Vec<(&'static str, String)> {
    let per = [
        ("  per thousand updates", cost.cpu_seconds_per_thousand_updates),
        ("  per million deliveries", cost.cpu_seconds_per_million_deliveries),
    ];
    let per = per.into_iter().filter_map(|(label, seconds)| Some((label, format!("{:.3} s", seconds?))));
    [("server CPU", format!("{:.2} s", cost.cpu_seconds))].into_iter().chain(per).collect()
}

fn memory_rows(memory: &Memory) -> impl Iterator<Item = (&'static str, String)> {
    [
        ("server memory before", memory.before),
        ("  with all clients", memory.with),
        ("  when they had gone", memory.after),
        ("  after unloading", memory.unloaded),
    ]
    .into_iter()
    .filter_map(|(label, bytes)| Some((label, format!("{} KiB", bytes? / 1024))))
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;

    #[test]
    fn the_table_says_what_the_report_holds() {
        let mut out = Vec::new();
        report().write_table(&mut out).unwrap();
        let expected = "\
documents: 1 x 3 clients (2 of them apply), 10 keys/s each, 10 s
  opened                      2 of 3
  lost                        1
    because                   1 x closed with Some(4000) slow_consumer
    because                   1 x the server refuses the client
  updates sent                160 of 200
  updates per second          16
  deliveries                  320
  frames received             150
  latency p50                 2.001 ms
  latency p99                 2.001 ms
  latency p99.9               2.001 ms
  latency max                 2.001 ms
  different documents         1 of 2
  changes missing             4
  server CPU                  2.00 s
    per thousand updates      12.500 s
    per million deliveries    6250.000 s
  server memory before        1024 KiB
    with all clients          3072 KiB
  generator                   0.50 cores
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
