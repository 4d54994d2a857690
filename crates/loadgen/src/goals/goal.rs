//! One goal, and all of them as a table.

use std::io::{self, Write};

/// Something to reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    pub(super) what: &'static str,
    pub(super) bound: Bound,
    /// The bound where it depends on what others reach; `None` when that was not measured.
    pub(super) limit: Option<f64>,
    pub(super) measured: Option<f64>,
    pub(super) unit: &'static str,
}

/// On which side of its limit a figure has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    AtMost,
    AtLeast,
}

impl Goal {
    /// Is it met? `None` when nothing says so.
    pub fn is_met(&self) -> Option<bool> {
        let (measured, limit) = (self.measured?, self.limit?);
        Some(match self.bound {
            Bound::AtMost => measured <= limit,
            Bound::AtLeast => measured >= limit,
        })
    }
}

/// Writes a table with a line for each goal.
///
/// # Errors
/// Those of `out`.
pub fn write_goals(out: &mut impl Write, goals: &[Goal]) -> io::Result<()> {
    writeln!(out, "| goal | limit | measured | |\n|---|---:|---:|---|")?;
    for goal in goals {
        let shown = |value: Option<f64>| {
            value.map_or("–".to_owned(), |value| format!("{value:.2} {}", goal.unit).trim_end().to_owned())
        };
        let side = if goal.bound == Bound::AtMost { "≤" } else { "≥" };
        let verdict = match goal.is_met() {
            Some(true) => "met",
            Some(false) => "**missed**",
            None => "not measured",
        };
        writeln!(
            out,
            "| {} | {side} {} | {} | {verdict} |",
            goal.what,
            shown(goal.limit),
            shown(goal.measured)
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_on_its_side_of_the_limit_and_not_without_figures() {
        let goal = |bound, measured| Goal { what: "x", bound, limit: Some(5.0), measured, unit: "ms" };
        let goals = [
            goal(Bound::AtMost, Some(5.0)),
            goal(Bound::AtMost, Some(5.1)),
            goal(Bound::AtLeast, Some(4.9)),
            goal(Bound::AtLeast, None),
        ];
        assert_eq!(goals.clone().map(|goal| goal.is_met()), [Some(true), Some(false), Some(false), None]);
        let mut out = Vec::new();
        write_goals(&mut out, &goals).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("| x | ≤ 5.00 ms | 5.10 ms | **missed** |"), "{out}");
        assert!(out.contains("| x | ≥ 5.00 ms | – | not measured |"), "{out}");
    }
}
