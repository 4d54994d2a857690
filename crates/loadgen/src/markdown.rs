//! Tables that put servers side by side.

use std::io::{self, Write};

/// One line of a table: what was measured of each server, several times.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    label: String,
    unit: &'static str,
    decimals: usize,
    cells: Vec<Option<f64>>,
}

impl Row {
    /// A row of medians. `measured` has the values of each server; without values there is none to show.
    pub fn medians(
        label: impl Into<String>,
        unit: &'static str,
        decimals: usize,
        measured: impl IntoIterator<Item = Vec<Option<f64>>>,
    ) -> Self {
        let cells =
            measured.into_iter().map(|values| median(values.into_iter().flatten().collect())).collect();
        Self { label: label.into(), unit, decimals, cells }
    }

    fn cell(&self, index: usize) -> String {
        let (Some(value), first) = (self.cells[index], self.cells[0]) else { return "–".to_owned() };
        let shown = format!("{value:.*} {}", self.decimals, self.unit);
        let shown = shown.trim_end();
        match first {
            Some(first) if index > 0 && first > 0.0 => format!("{shown} ({:.2}×)", value / first),
            _ => shown.to_owned(),
        }
    }
}

/// Writes a table with a column for each server; ratios are to the first of them.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut impl Write, servers: &[String], rows: &[Row]) -> io::Result<()> {
    writeln!(out, "| | {} |", servers.join(" | "))?;
    writeln!(out, "|---|{}", "---:|".repeat(servers.len()))?;
    for row in rows {
        let cells: Vec<_> = (0..servers.len()).map(|index| row.cell(index)).collect();
        writeln!(out, "| {} | {} |", row.label, cells.join(" | "))?;
    }
    Ok(())
}

/// The middle value; of an even number, the mean of the two in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        _ if values.is_empty() => None,
        0 => Some(f64::midpoint(values[middle - 1], values[middle])),
        _ => Some(values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_not_moved_by_one_bad_run() {
        assert_eq!(median(vec![3.0, 900.0, 1.0]), Some(3.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn ratios_are_to_the_first_server() {
        let servers = ["one".to_owned(), "two".to_owned(), "three".to_owned()];
        let some = |value| vec![Some(value)];
        let rows = [
            Row::medians("time", "ms", 1, [some(2.0), some(5.0), vec![None]]),
            Row::medians("faults", "", 0, [some(0.0), some(1.0), some(0.0)]),
        ];
        let mut out = Vec::new();
        write(&mut out, &servers, &rows).unwrap();
        let expected = "\
| | one | two | three |
|---|---:|---:|---:|
| time | 2.0 ms | 5.0 ms (2.50×) | – |
| faults | 0 | 1 | 0 |
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
