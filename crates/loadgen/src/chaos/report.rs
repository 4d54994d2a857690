//! What came of a scenario: figures, and promises that were kept or not.

use std::io::{self, Write};

use serde::Serialize;

use super::vitals::Health;

/// Columns of the labels.
const LABEL: usize = 46;
/// Most examples of one broken promise that are kept.
const EXAMPLES: usize = 5;

/// The result of one scenario.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Which scenario.
    pub scenario: &'static str,
    /// What its chance began with.
    pub seed: u64,
    /// What was counted and measured.
    pub figures: Vec<Figure>,
    /// What must be true, and how often it was not.
    pub promises: Vec<Promise>,
    /// How the health page answered all the while.
    pub health: Option<Health>,
}

/// Something counted or measured.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What.
    pub name: &'static str,
    /// How many or how much.
    pub value: f64,
    /// Of what; empty for counts.
    pub unit: &'static str,
}

/// Something that the server promises.
#[derive(Debug, Clone, Serialize)]
pub struct Promise {
    /// What it promises.
    pub name: &'static str,
    /// How often that was not kept.
    pub broken: u64,
    /// A few of those times.
    pub examples: Vec<String>,
}

impl Report {
    pub(crate) fn new(scenario: &'static str, seed: u64) -> Self {
        Self { scenario, seed, figures: Vec::new(), promises: Vec::new(), health: None }
    }

    /// Adds a count.
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub(crate) fn count(&mut self, name: &'static str, count: usize) {
        self.figures.push(Figure { name, value: count as f64, unit: "" });
    }

    /// Adds a measure.
    pub(crate) fn measure(&mut self, name: &'static str, value: f64, unit: &'static str) {
        self.figures.push(Figure { name, value, unit });
    }

    /// Adds a promise and the times when it was broken.
    pub(crate) fn promise(&mut self, name: &'static str, broken: &[String]) {
        let examples = broken.iter().take(EXAMPLES).cloned().collect();
        self.promises.push(Promise { name, broken: broken.len() as u64, examples });
    }

    /// The figure of this name.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|figure| figure.name == name).map(|figure| figure.value)
    }

    /// Was every promise kept?
    pub fn is_clean(&self) -> bool {
        self.promises.iter().all(|promise| promise.broken == 0)
    }

    /// Writes a line for each figure and each promise.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}, seed {}", self.scenario, self.seed)?;
        for Figure { name, value, unit } in &self.figures {
            let decimals = if unit.is_empty() { 0 } else { 2 };
            writeln!(out, "  {name:LABEL$}{value:.decimals$} {unit}")?;
        }
        if let Some(Health { asked, worst_ms, .. }) = self.health {
            writeln!(out, "  {:LABEL$}worst {worst_ms:.1} ms of {asked}", "health page")?;
        }
        for Promise { name, broken, examples } in &self.promises {
            let word = if *broken == 0 { "kept".to_owned() } else { format!("BROKEN {broken} times") };
            writeln!(out, "  {name:LABEL$}{word}")?;
            examples.iter().try_for_each(|example| writeln!(out, "    {example}"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_broken_promise_makes_a_report_unclean_and_is_shown_with_examples() {
        let mut report = Report::new("kill", 7);
        report.count("rounds", 3);
        report.promise("nothing is lost", &[]);
        assert!(report.is_clean());
        let broken: Vec<_> = (0..9).map(|number| format!("op-{number}")).collect();
        report.promise("nothing is doubled", &broken);
        assert!(!report.is_clean());
        let mut out = Vec::new();
        report.write_table(&mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("BROKEN 9 times") && out.contains("op-4\n") && !out.contains("op-5"), "{out}");
        assert_eq!(report.figure("rounds"), Some(3.0));
    }
}
