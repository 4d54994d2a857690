//! Coverage: whose last position one receiver still has to see.

use std::collections::HashSet;

/// The members whose last position one receiver has not seen yet (C2).
#[derive(Debug, Default)]
pub(super) struct Ledger {
    unseen: HashSet<u32>,
}

impl Ledger {
    /// The ledger of `receiver` in a room of these members; nobody is sent the own moves (C1).
    pub(super) fn new(receiver: u32, room: &[u32]) -> Self {
        Self { unseen: room.iter().copied().filter(|member| *member != receiver).collect() }
    }

    /// The last position of `member` was seen. Is that news which completes the ledger?
    pub(super) fn saw(&mut self, member: u32) -> bool {
        self.unseen.remove(&member) && self.is_complete()
    }

    /// Has everything been seen?
    pub(super) fn is_complete(&self) -> bool {
        self.unseen.is_empty()
    }

    /// How many last positions are missing.
    pub(super) fn missing(&self) -> u64 {
        self.unseen.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// C2
    #[test]
    fn a_ledger_is_complete_once_every_neighbour_was_seen() {
        let mut ledger = Ledger::new(1, &[0, 1, 2]);
        assert_eq!(ledger.missing(), 2);
        assert!(!ledger.saw(0));
        assert!(!ledger.saw(0), "a last position seen twice is one seen");
        assert!(!ledger.saw(1) && !ledger.saw(9), "neither oneself nor a stranger counts");
        assert_eq!(ledger.missing(), 1);
        assert!(ledger.saw(2));
        assert!(!ledger.saw(2), "a ledger completes once");
        assert!(ledger.is_complete());
    }

    #[test]
    fn somebody_alone_has_nothing_to_see() {
        assert!(Ledger::new(0, &[0]).is_complete());
        assert!(Ledger::default().is_complete());
    }
}
