//! What happened in one run.

use std::io::{self, Write};

use serde::Serialize;

use super::stage::Plan;
use crate::markdown::Row;
use crate::process::ProcessSample;

/// The result of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Always `unload`.
    pub scenario: &'static str,
    /// How many documents.
    pub documents: u32,
    /// Letters in each.
    pub letters: usize,
    /// Resident memory before, in bytes.
    pub before_bytes: Option<u64>,
    /// Resident memory with all documents and a client in each.
    pub with_bytes: Option<u64>,
    /// Resident memory after everybody left.
    pub after_bytes: Option<u64>,
    /// Descriptors open before and after.
    pub descriptors: Option<(u64, u64)>,
    /// Documents that are open at the end; `None` of servers that do not tell.
    pub open: Option<u64>,
}

impl Report {
    pub(super) fn new(
        plan: &Plan,
        before: Option<ProcessSample>,
        with: Option<ProcessSample>,
        after: Option<ProcessSample>,
        open: Option<u64>,
    ) -> Self {
        let resident = |sample: Option<ProcessSample>| sample.map(|sample| sample.resident_bytes);
        let descriptors = before.zip(after).map(|(before, after)| (before.descriptors, after.descriptors));
        Self {
            scenario: "unload",
            documents: plan.documents.get(),
            letters: plan.letters,
            before_bytes: resident(before),
            with_bytes: resident(with),
            after_bytes: resident(after),
            descriptors,
            open,
        }
    }

    /// Was everything unloaded?
    pub fn is_clean(&self) -> bool {
        self.open.is_none_or(|open| open == 0)
    }

    /// Writes one line per fact, label first.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "unload: {} documents of {} letters", self.documents, self.letters)?;
        let memory = [
            ("memory before", self.before_bytes),
            ("  with all of them", self.with_bytes),
            ("  after unloading", self.after_bytes),
        ];
        for (label, bytes) in memory {
            if let Some(bytes) = bytes {
                writeln!(out, "  {label:20}{} KiB", bytes / 1024)?;
            }
        }
        if let Some((before, after)) = self.descriptors {
            writeln!(out, "  {:20}{before}, {after}", "descriptors")?;
        }
        match self.open {
            Some(open) => writeln!(out, "  {:20}{open}", "open at the end"),
            None => Ok(()),
        }
    }

    /// What one document took, and what of it was not given back, in kibibytes.
    fn each(&self, bytes: Option<u64>) -> Option<f64> {
        let (bytes, before) = (bytes?, self.before_bytes?);
        #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
        let more = bytes.saturating_sub(before) as f64;
        Some(more / 1024.0 / f64::from(self.documents))
    }
}

/// One row per measure; `runs` has the reports of each server.
pub fn rows(runs: &[Vec<Report>]) -> Vec<Row> {
    let row = |label: &str, unit, decimals, value: &dyn Fn(&Report) -> Option<f64>| {
        let values = runs.iter().map(|reports| reports.iter().map(value).collect());
        Row::medians(label, unit, decimals, values)
    };
    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
    let mebibytes = |bytes: Option<u64>| Some(bytes? as f64 / f64::from(1 << 20));
    vec![
        row("memory before", "MiB", 1, &|report| mebibytes(report.before_bytes)),
        row("memory with all documents open", "MiB", 1, &|report| mebibytes(report.with_bytes)),
        row("memory after unloading", "MiB", 1, &|report| mebibytes(report.after_bytes)),
        row("memory per open document with its client", "KiB", 1, &|report| report.each(report.with_bytes)),
        row("of that not given back", "KiB", 1, &|report| report.each(report.after_bytes)),
    ]
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::time::Duration;

    use super::*;
    use crate::markdown;

    fn report(open: Option<u64>) -> Report {
        let plan = Plan { documents: NonZeroU32::new(16).unwrap(), letters: 100, unload: Duration::ZERO };
        let sample = |mebibytes: u64| {
            let resident_bytes = mebibytes << 20;
            Some(ProcessSample {
                resident_bytes,
                reserved_bytes: 0,
                cpu: Duration::ZERO,
                threads: 1,
                descriptors: 9,
            })
        };
        Report::new(&plan, sample(10), sample(12), sample(11), open)
    }

    #[test]
    fn the_table_says_what_the_report_holds() {
        let mut out = Vec::new();
        report(Some(0)).write_table(&mut out).unwrap();
        let expected = "\
unload: 16 documents of 100 letters
  memory before       10240 KiB
    with all of them  12288 KiB
    after unloading   11264 KiB
  descriptors         9, 9
  open at the end     0
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn what_is_not_given_back_is_told_per_document() {
        let mut out = Vec::new();
        markdown::write(&mut out, &["a".to_owned()], &rows(&[vec![report(None)]])).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("| memory per open document with its client | 128.0 KiB |"), "{out}");
        assert!(out.contains("| of that not given back | 64.0 KiB |"), "{out}");
    }

    #[test]
    fn a_document_that_stays_open_makes_a_report_unclean() {
        assert!(report(Some(0)).is_clean() && report(None).is_clean());
        assert!(!report(Some(1)).is_clean());
    }
}
