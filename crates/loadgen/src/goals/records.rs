//! Reports that have been written, as they are found again.

use serde_json::Value;

use crate::markdown::median;

/// All reports of some runs.
#[derive(Debug, Default)]
pub struct Records(Vec<Value>);

/// Why a file holds no reports.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {source}")]
pub struct RecordsError {
    /// Counted from 1.
    line: usize,
    source: serde_json::Error,
}

/// Which reports are meant, beside the server: the scenario, and fields that they must have with these values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Which {
    pub(super) scenario: &'static str,
    pub(super) fields: &'static [(&'static str, u64)],
}

impl Records {
    /// Reads one report from each line.
    ///
    /// # Errors
    /// [`RecordsError`] for a line that is no JSON.
    pub fn read(text: &str) -> Result<Self, RecordsError> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let read = |(index, line)| {
            serde_json::from_str(line).map_err(|source| RecordsError { line: index + 1, source })
        };
        lines.map(read).collect::<Result<_, _>>().map(Self)
    }

    /// The median of what `value` finds in the reports of `peer`; `None` without any.
    pub(super) fn median(
        &self,
        peer: &str,
        which: Which,
        value: &dyn Fn(&Value) -> Option<f64>,
    ) -> Option<f64> {
        let records = self.0.iter().filter(|record| record["peer"] == peer && which.is_of(record));
        median(records.filter_map(value).collect())
    }

    /// Everybody with reports of this kind, in order, each once.
    pub(super) fn peers(&self, which: Which) -> Vec<&str> {
        let mut peers = Vec::new();
        for record in self.0.iter().filter(|record| which.is_of(record)) {
            if let Some(peer) = record["peer"].as_str()
                && !peers.contains(&peer)
            {
                peers.push(peer);
            }
        }
        peers
    }
}

impl Which {
    fn is_of(&self, record: &Value) -> bool {
        record["scenario"] == self.scenario && self.fields.iter().all(|(name, value)| record[*name] == *value)
    }
}

/// The number at this place of a report.
pub(super) fn at(pointer: &'static str) -> impl Fn(&Value) -> Option<f64> {
    move |record| record.pointer(pointer)?.as_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_found_by_server_scenario_and_fields() {
        let text = r#"
{"peer":"a","scenario":"x","size":1,"took":{"ms":5}}
{"peer":"a","scenario":"x","size":1,"took":{"ms":7}}
{"peer":"a","scenario":"x","size":2,"took":{"ms":99}}
{"peer":"b","scenario":"x","size":1,"took":null}
"#;
        let records = Records::read(text).unwrap();
        let which = Which { scenario: "x", fields: &[("size", 1)] };
        assert_eq!(records.median("a", which, &at("/took/ms")), Some(6.0));
        assert_eq!(records.median("b", which, &at("/took/ms")), None);
        assert_eq!(records.peers(which), ["a", "b"]);
        assert_eq!(Records::read("{}\nno").unwrap_err().line, 2);
    }
}
