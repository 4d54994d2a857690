//! When each change was sent.

use std::sync::atomic::{AtomicI64, Ordering};

/// Client ids begin here: ids of browsers are of this size, and take as many bytes.
const FIRST_CLIENT: u64 = 3_000_000_000;

/// The changes of all clients of one document, by client and clock.
#[derive(Debug)]
pub(super) struct Ledger {
    sent: Vec<Vec<AtomicI64>>,
}

impl Ledger {
    /// A ledger for `clients` that make at most `changes` each.
    pub(super) fn new(clients: u32, changes: usize) -> Self {
        let page = || (0..changes).map(|_| AtomicI64::new(0)).collect();
        Self { sent: (0..clients).map(|_| page()).collect() }
    }

    /// The Yjs client id of the client at `index`.
    pub(super) fn client(index: u32) -> u64 {
        FIRST_CLIENT + u64::from(index)
    }

    /// The index of a Yjs client id, if it is one of this scenario.
    pub(super) fn index(&self, client: u64) -> Option<usize> {
        let index = usize::try_from(client.checked_sub(FIRST_CLIENT)?).ok()?;
        (index < self.sent.len()).then_some(index)
    }

    /// How many clients there are.
    pub(super) fn clients(&self) -> usize {
        self.sent.len()
    }

    /// The change `clock` of the client at `index` is sent now.
    pub(super) fn note(&self, index: usize, clock: u32, now: i64) {
        if let Some(sent) = self.entry(index, clock) {
            sent.store(now, Ordering::Release);
        }
    }

    /// When it was sent; `None` if that was not noted.
    pub(super) fn sent_at(&self, index: usize, clock: u32) -> Option<i64> {
        let sent = self.entry(index, clock)?.load(Ordering::Acquire);
        (sent > 0).then_some(sent)
    }

    fn entry(&self, index: usize, clock: u32) -> Option<&AtomicI64> {
        self.sent.get(index)?.get(usize::try_from(clock).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_found_by_who_made_it() {
        let ledger = Ledger::new(2, 3);
        assert_eq!(ledger.index(Ledger::client(1)), Some(1));
        assert_eq!((ledger.index(Ledger::client(2)), ledger.index(7)), (None, None));
        ledger.note(1, 2, 99);
        assert_eq!(ledger.sent_at(1, 2), Some(99));
        assert_eq!(ledger.sent_at(1, 1), None);
        ledger.note(1, 3, 99);
        assert_eq!(ledger.sent_at(1, 3), None, "beyond the page");
        assert_eq!(ledger.sent_at(2, 0), None);
    }
}
