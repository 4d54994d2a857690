//! The report for people.

use std::io::{self, Write};

use super::report::{Report, ServerCost};
use crate::tally::{Latency, share};

/// Columns of the labels.
const LABEL: usize = 24;

impl Report {
    /// Writes one line per fact, label first.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "fanout, {}: {} x {} members ({} look), {} moves/s each, {} s after {} s of warm-up",
            self.encoding,
            self.projects,
            self.members,
            self.watchers,
            self.rate,
            self.duration_seconds,
            self.warm_up_seconds
        )?;
        for (label, value) in self.rows() {
            writeln!(out, "  {label:LABEL$}{value}")?;
        }
        Ok(())
    }

    fn rows(&self) -> Vec<(String, String)> {
        let mut rows = vec![
            row("joined", format!("{} of {}", self.joined, self.joined + self.failed_to_join)),
            row("lost", self.lost.to_string()),
        ];
        rows.extend((self.evicted > 0).then(|| row("evicted", self.evicted.to_string())));
        let failures = self.failures.iter();
        rows.extend(failures.map(|(reason, count)| row("  because", format!("{count} x {reason}"))));
        let refusals = self.refusals.iter();
        rows.extend(refusals.map(|(code, count)| row(&format!("refused {code}"), count.to_string())));
        rows.push(row("moves sent", format!("{} of {}", self.moves_sent, self.moves_intended)));
        rows.push(row("deliveries received", self.deliveries()));
        rows.extend(self.latency.iter().flat_map(|latency| quantile_rows("latency", latency)));
        rows.extend(self.freshness.iter().flat_map(|freshness| quantile_rows("freshness", freshness)));
        rows.extend(self.bytes_per_move.map(|bytes| row("bytes per move", format!("{bytes:.1}"))));
        rows.push(row("last positions to see", self.last_positions.to_string()));
        rows.extend(self.oracle.rows().map(|(label, count)| row(label, count.to_string())));
        rows.extend(self.server.iter().flat_map(server_rows));
        rows.push(row("generator", format!("{:.2} cores", self.generator_cores)));
        rows
    }

    fn deliveries(&self) -> String {
        let counts = format!("{} of {}", self.deliveries_received, self.deliveries_expected);
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
        let received = self.deliveries_received as f64;
        match share(received * 100.0, self.deliveries_expected) {
            Some(percent) => format!("{counts} ({percent:.2} %)"),
            None => counts,
        }
    }
}

fn quantile_rows(what: &str, latency: &Latency) -> [(String, String); 4] {
    [("p50", latency.p50_ms), ("p99", latency.p99_ms), ("p99.9", latency.p999_ms), ("max", latency.max_ms)]
        .map(|(quantile, milliseconds)| row(&format!("{what} {quantile}"), format!("{milliseconds:.3} ms")))
}

fn server_rows(cost: &ServerCost) -> Vec<(String, String)> {
    let mut rows = vec![row("server CPU", format!("{:.2} s", cost.cpu_seconds))];
    if let Some(seconds) = cost.cpu_seconds_per_million_deliveries {
        rows.push(row("  per million received", format!("{seconds:.2} s")));
    }
    rows.push(row("server memory", format!("{} KiB", cost.resident_bytes / 1024)));
    rows.push(row("server threads", cost.threads.to_string()));
    rows.push(row("server descriptors", cost.descriptors.to_string()));
    rows
}

fn row(label: &str, value: String) -> (String, String) {
    (label.to_owned(), value)
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::report;

    #[test]
    fn the_table_says_what_the_report_holds() {
        let mut out = Vec::new();
        report().write_table(&mut out).unwrap();
        let expected = "\
fanout, collab.v2.batch: 2 x 3 members (3 look), 10 moves/s each, 1.5 s after 2 s of warm-up
  joined                  5 of 6
  lost                    1
    because               1 x closed with 4000 slow_consumer
    because               1 x upgrade refused: 503
  refused rate_limited    12
  moves sent              75 of 75
  deliveries received     4 of 120 (3.33 %)
  latency p50             2.001 ms
  latency p99             4.002 ms
  latency p99.9           4.002 ms
  latency max             4.002 ms
  freshness p50           50.004 ms
  freshness p99           50.004 ms
  freshness p99.9         50.004 ms
  freshness max           50.004 ms
  bytes per move          20.0
  last positions to see   10
  ghosts                  0
  missed joins            0
  missed last positions   1
  crosstalk               0
  wrong departure reasons 0
  out of order            0
  server CPU              3.00 s
    per million received  25000.00 s
  server memory           5120 KiB
  server threads          4
  server descriptors      20
  generator               0.50 cores
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
