//! Tables for people: one fact per line, label first.

use std::io::{self, Write};

use crate::tally::Latency;

/// Columns of the labels.
const LABEL: usize = 28;

/// Facts in the order in which they are shown.
#[derive(Debug, Default)]
pub(crate) struct Facts(Vec<(String, String)>);

impl Facts {
    /// Adds a fact.
    #[expect(clippy::needless_pass_by_value, reason = "numbers read better without a sign of reference")]
    pub(crate) fn add(&mut self, label: impl Into<String>, value: impl ToString) {
        self.0.push((label.into(), value.to_string()));
    }

    /// Adds counts with their labels.
    pub(crate) fn count<'a>(&mut self, counts: impl IntoIterator<Item = (&'a str, u64)>) {
        for (label, count) in counts {
            self.add(label, count);
        }
    }

    /// Adds a duration's quantiles, if it was measured.
    pub(crate) fn latency(&mut self, what: &str, latency: Option<&Latency>) {
        if let Some(Latency { p50_ms, p99_ms, max_ms, .. }) = latency {
            self.add(what, format!("p50 {p50_ms:.2} ms, p99 {p99_ms:.2} ms, max {max_ms:.2} ms"));
        }
    }

    /// Adds bytes, if they were counted.
    pub(crate) fn memory(&mut self, what: &str, bytes: Option<u64>) {
        if let Some(bytes) = bytes {
            self.add(what, format!("{} KiB", bytes / 1024));
        }
    }

    /// Writes all facts below a title.
    pub(crate) fn write(&self, out: &mut impl Write, title: &str) -> io::Result<()> {
        writeln!(out, "{title}")?;
        self.0.iter().try_for_each(|(label, value)| writeln!(out, "  {label:LABEL$}{value}"))
    }
}
