//! What differs between what is the case and what members were told.

use std::ops::AddAssign;

use serde::Serialize;

/// Faults, each counted once for every member that was told wrongly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Members shown that are not there: a leave was forgotten, or nobody had come.
    pub ghosts: u64,
    /// Members that are or were there and are not shown.
    pub missed_joins: u64,
    /// Members that are shown elsewhere than where they stopped (C2).
    pub missed_last_positions: u64,
    /// Things said about somebody of another project, or of none.
    pub crosstalk: u64,
    /// Departures for another reason than the real one.
    pub wrong_reasons: u64,
    /// Moves that came after a later one of the same member (C3), or to a place where nobody was.
    pub out_of_order: u64,
}

impl Verdict {
    /// Is nothing wrong?
    pub fn is_clean(&self) -> bool {
        *self == Self::default()
    }

    /// May some of it be news that are still on their way?
    pub(crate) fn may_mend(&self) -> bool {
        self.ghosts + self.missed_joins + self.missed_last_positions > 0
    }

    /// All counts with their labels.
    pub fn rows(&self) -> [(&'static str, u64); 6] {
        [
            ("ghosts", self.ghosts),
            ("missed joins", self.missed_joins),
            ("missed last positions", self.missed_last_positions),
            ("crosstalk", self.crosstalk),
            ("wrong departure reasons", self.wrong_reasons),
            ("out of order", self.out_of_order),
        ]
    }

    /// Those of the counts that are not 0, in words.
    pub(crate) fn named(&self) -> Vec<String> {
        let rows = self.rows().into_iter().filter(|(_, count)| *count > 0);
        rows.map(|(what, count)| format!("{count} {what}")).collect()
    }

    /// All faults together.
    pub fn faults(&self) -> u64 {
        self.rows().iter().map(|(_, count)| count).sum()
    }
}

impl AddAssign for Verdict {
    fn add_assign(&mut self, other: Self) {
        self.ghosts += other.ghosts;
        self.missed_joins += other.missed_joins;
        self.missed_last_positions += other.missed_last_positions;
        self.crosstalk += other.crosstalk;
        self.wrong_reasons += other.wrong_reasons;
        self.out_of_order += other.out_of_order;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_counts_and_none_is_lost_in_a_sum() {
        let one = Verdict {
            ghosts: 1,
            missed_joins: 2,
            missed_last_positions: 3,
            crosstalk: 4,
            wrong_reasons: 5,
            out_of_order: 6,
        };
        let mut sum = Verdict::default();
        assert!(sum.is_clean());
        sum += one;
        sum += one;
        assert_eq!((sum.faults(), sum.is_clean()), (42, false));
    }
}
