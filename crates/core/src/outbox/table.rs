//! All outboxes of a server, so that those that hold the most are found when memory runs out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Goodbye, Outbox, OutboxReader, outbox_with};
use crate::limits::OutboxLimits;

/// The open outboxes. Clones are the same table.
#[derive(Debug, Clone, Default)]
pub struct Outboxes {
    table: Arc<Mutex<Table>>,
}

#[derive(Debug, Default)]
struct Table {
    open: HashMap<u64, Outbox>,
    next: u64,
}

/// The place of one outbox; its drop takes it off the table.
#[derive(Debug)]
pub(super) struct Listing {
    number: u64,
    outboxes: Outboxes,
}

impl Drop for Listing {
    fn drop(&mut self) {
        self.outboxes.table().open.remove(&self.number);
    }
}

impl Outboxes {
    /// An empty outbox, on the table for as long as its reader is there.
    pub fn open(&self, limits: OutboxLimits) -> (Outbox, OutboxReader) {
        let mut table = self.table();
        let number = table.next;
        table.next += 1;
        let (outbox, reader) = outbox_with(limits, Some(Listing { number, outboxes: self.clone() }));
        table.open.insert(number, outbox.clone());
        (outbox, reader)
    }

    /// Evicts the few that together hold half of all that waits, and returns how many that were.
    pub fn evict_largest(&self, goodbye: Goodbye) -> usize {
        // No outbox is looked into under the table's lock.
        let open: Vec<_> = self.table().open.values().cloned().collect();
        let mut sizes: Vec<_> = open.iter().map(|outbox| (outbox.waiting_bytes(), outbox)).collect();
        sizes.retain(|(bytes, _)| *bytes > 0);
        sizes.sort_unstable_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
        let half = sizes.iter().map(|(bytes, _)| bytes).sum::<usize>() / 2;
        let mut freed = 0;
        let largest = sizes.into_iter().take_while(|(bytes, _)| {
            let is_needed = freed <= half;
            freed += bytes;
            is_needed
        });
        largest.map(|(_, outbox)| outbox.evict(goodbye)).count()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // Single map operations only: a panic cannot leave half of one.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use collabd_protocol::CloseCode;
    use collabd_protocol::codec::Frame;

    use super::*;

    /// R2
    #[tokio::test]
    async fn those_that_hold_half_of_what_waits_are_evicted_and_no_others() {
        let outboxes = Outboxes::default();
        let mut readers: Vec<_> = [10, 700, 0, 20, 400, 30]
            .into_iter()
            .map(|bytes| {
                let (outbox, reader) = outboxes.open(OutboxLimits::default());
                if bytes > 0 {
                    outbox.push(Frame::Text(vec![b' '; bytes].into())).unwrap();
                }
                reader
            })
            .collect();
        assert_eq!(outboxes.evict_largest(CloseCode::SlowConsumer.into()), 1);
        assert_eq!(
            readers[1].next().await.goodbye.map(|goodbye| goodbye.code),
            Some(CloseCode::SlowConsumer)
        );
        assert_eq!(outboxes.evict_largest(CloseCode::SlowConsumer.into()), 1);
        assert_eq!(
            readers[4].next().await.goodbye.map(|goodbye| goodbye.code),
            Some(CloseCode::SlowConsumer)
        );
        let rest = readers[5].next().await;
        assert_eq!((rest.goodbye, rest.entries.len()), (None, 1));
        drop(readers);
        assert!(outboxes.table().open.is_empty());
        assert_eq!(outboxes.evict_largest(CloseCode::SlowConsumer.into()), 0);
    }
}
