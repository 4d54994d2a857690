//! What happened in one run.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use super::stage::Plan;
use crate::markdown::Row;

/// The result of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `open`.
    pub scenario: &'static str,
    /// Updates in the document.
    pub updates: u32,
    /// Seconds until the server had all of them.
    pub fill_seconds: f64,
    /// How often the log was compacted; `None` of servers that do not tell.
    pub compactions: Option<u64>,
    /// From the connection to the last change applied, of each opening.
    pub open_ms: Vec<f64>,
    /// Resident memory of the server with the document open for the first time, in bytes.
    pub resident_bytes: u64,
    /// Was the document the same each time?
    pub is_same: bool,
}

impl Report {
    pub(super) fn new(
        plan: &Plan,
        filled: Duration,
        compactions: Option<u64>,
        times: &[Duration],
        resident_bytes: u64,
        is_same: bool,
    ) -> Self {
        Self {
            scenario: "open",
            updates: plan.updates.get(),
            fill_seconds: filled.as_secs_f64(),
            compactions,
            open_ms: times.iter().map(|time| time.as_secs_f64() * 1000.0).collect(),
            resident_bytes,
            is_same,
        }
    }

    /// Was nothing lost?
    pub fn is_clean(&self) -> bool {
        self.is_same
    }

    /// Writes one line per fact, label first.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "open: {} updates", self.updates)?;
        writeln!(out, "  filled in       {:.2} s", self.fill_seconds)?;
        if let Some(compactions) = self.compactions {
            writeln!(out, "  compactions     {compactions}")?;
        }
        let times: Vec<_> = self.open_ms.iter().map(|time| format!("{time:.1}")).collect();
        writeln!(out, "  opened in       {} ms", times.join(", "))?;
        writeln!(out, "  server memory   {} KiB", self.resident_bytes / 1024)?;
        writeln!(out, "  same each time  {}", self.is_same)
    }
}

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let updates = runs.iter().flatten().next().map_or(0, |report| report.updates);
    let row = |label: String, unit, decimals, value: &dyn Fn(&Report) -> Vec<Option<f64>>| {
        let values = runs.iter().map(|reports| reports.iter().flat_map(value).collect());
        Row::medians(label, unit, decimals, values)
    };
    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
    let mebibytes = |report: &Report| vec![Some(report.resident_bytes as f64 / f64::from(1 << 20))];
    vec![
        row(format!("taking {updates} updates"), "s", 2, &|report| vec![Some(report.fill_seconds)]),
        row(format!("opening a document of {updates} updates"), "ms", 1, &|report| {
            report.open_ms.iter().copied().map(Some).collect()
        }),
        row("memory with that document".to_owned(), "MiB", 1, &mebibytes),
        row("runs in which it differed".to_owned(), "", 0, &|report| {
            vec![Some(f64::from(u8::from(!report.is_same)))]
        }),
    ]
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::markdown;

    fn report() -> Report {
        let plan = Plan {
            updates: NonZeroU32::new(1000).unwrap(),
            writers: NonZeroU32::MIN,
            openings: NonZeroU32::new(3).unwrap(),
        };
        let times = [30, 10, 20].map(Duration::from_millis);
        Report::new(&plan, Duration::from_secs(2), Some(4), &times, 8 << 20, true)
    }

    #[test]
    fn the_table_says_what_the_report_holds() {
        let mut out = Vec::new();
        report().write_table(&mut out).unwrap();
        let expected = "\
open: 1000 updates
  filled in       2.00 s
  compactions     4
  opened in       30.0, 10.0, 20.0 ms
  server memory   8192 KiB
  same each time  true
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn the_median_is_of_all_openings() {
        let mut out = Vec::new();
        markdown::write(&mut out, &["a".to_owned()], &rows(&[vec![report(), report()]])).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("| opening a document of 1000 updates | 20.0 ms |"), "{out}");
        assert!(out.contains("| memory with that document | 8.0 MiB |"), "{out}");
    }
}
