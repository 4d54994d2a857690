//! How alike a document's client ids are.
//!
//! The library finds clients in tables by the last bits of their ids, as they are. Ids are random, so that is well,
//! unless somebody chooses them: fifty thousand with the same last bits take it half a minute, and again for
//! everyone who joins.

use std::collections::HashMap;

/// Up to this many clients it does not matter.
const HARMLESS: usize = 1_024;

/// Ids with the same last 12 bits are a crowd.
const CROWDS: u64 = 1 << 12;

/// How many may be in one. Of 100,000 random ids, the largest crowd has about 50.
const LARGEST: u32 = 256;

/// Counts crowds, once there are enough clients for it to matter.
#[derive(Debug, Default)]
pub(super) struct Crowds {
    sizes: Option<Box<[u32]>>,
    /// How many clients are in excess of what their crowd may have.
    pub(super) over: usize,
}

impl Crowds {
    /// Counts `client`, which is in `clients` now.
    pub(super) fn enter<T>(&mut self, client: u64, clients: &HashMap<u64, T>) {
        if self.sizes.is_some() {
            self.count(client);
        } else if clients.len() > HARMLESS {
            self.sizes = Some(vec![0; crowd(u64::MAX) + 1].into());
            for client in clients.keys() {
                self.count(*client);
            }
        }
    }

    fn count(&mut self, client: u64) {
        if let Some(size) = self.sizes.as_mut().and_then(|sizes| sizes.get_mut(crowd(client))) {
            *size += 1;
            self.over += usize::from(*size > LARGEST);
        }
    }

    /// Counts `client` no more.
    pub(super) fn leave(&mut self, client: u64) {
        if let Some(size) = self.sizes.as_mut().and_then(|sizes| sizes.get_mut(crowd(client))) {
            self.over -= usize::from(*size > LARGEST);
            *size -= 1;
        }
    }
}

fn crowd(client: u64) -> usize {
    usize::try_from(client % CROWDS).unwrap_or_default()
}
