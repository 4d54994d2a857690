//! Places that are taken and given back, counted by whoever takes them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many places each key has taken; keys with none are not there. Clones share the count.
#[derive(Debug)]
pub(super) struct Places<K>(Arc<Mutex<HashMap<K, usize>>>);

/// One place. Dropping it gives it back.
#[derive(Debug)]
pub(super) struct Place<K: Eq + Hash> {
    key: K,
    places: Places<K>,
}

impl<K> Clone for Places<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K> Places<K> {
    fn taken_by_key(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        // Nothing that happens under the lock can panic half-way, so a poisoned one still guards whole counts.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many keys have places.
    pub(super) fn len(&self) -> usize {
        self.taken_by_key().len()
    }
}

impl<K: Eq + Hash> Places<K> {
    /// A place for `key`, unless it has `max` already.
    pub(super) fn take(&self, key: K, max: usize) -> Option<Place<K>>
    where
        K: Clone,
    {
        let mut taken = self.taken_by_key();
        match taken.entry(key.clone()) {
            Entry::Occupied(count) if *count.get() >= max => return None,
            Entry::Occupied(mut count) => *count.get_mut() += 1,
            Entry::Vacant(first) => drop(first.insert(1)),
        }
        Some(Place { key, places: self.clone() })
    }

    /// How many places `key` has.
    pub(super) fn taken(&self, key: &K) -> usize {
        self.taken_by_key().get(key).copied().unwrap_or_default()
    }
}

impl<K: Eq + Hash> Place<K> {
    pub(super) fn key(&self) -> &K {
        &self.key
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.taken_by_key();
        match taken.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&self.key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// L1: whoever takes and gives back in whatever order, nobody has more than the limit and nothing is left.
        #[test]
        fn no_key_has_more_places_than_the_limit_and_none_stays(
            steps in vec((0_u8..4, any::<bool>()), 1..200),
            max in 1_usize..5,
        ) {
            let places = Places::default();
            let mut held: HashMap<u8, Vec<Place<u8>>> = HashMap::new();
            for (key, takes) in steps {
                let mine = held.entry(key).or_default();
                if takes {
                    let place = places.take(key, max);
                    prop_assert_eq!(place.is_some(), mine.len() < max);
                    mine.extend(place);
                } else {
                    mine.pop();
                }
                prop_assert_eq!(places.taken(&key), mine.len());
            }
            drop(held);
            prop_assert_eq!(places.len(), 0);
        }
    }
}
