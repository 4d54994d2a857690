//! Actors that break down again and again are left alone for a while: starting one for everybody who asks would keep
//! the server busy with breaking down.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

/// Breakdowns of one key ...
const BREAKDOWNS: usize = 5;
/// ... within this time ...
const WITHIN: Duration = Duration::from_mins(1);
/// ... close it for this long.
const CLOSED_FOR: Duration = Duration::from_mins(1);
/// Keys that are remembered. Where more break down within a minute, those that did so longest ago are forgotten: what
/// is wrong then is not theirs.
const KEYS: usize = 1_000;

/// Who has broken down lately, and who is closed because of that.
#[derive(Debug)]
pub struct Quarantine<K> {
    breakdowns: BTreeMap<K, VecDeque<Instant>>,
}

impl<K> Default for Quarantine<K> {
    fn default() -> Self {
        Self { breakdowns: BTreeMap::new() }
    }
}

impl<K: Ord + Clone> Quarantine<K> {
    /// Takes down that `key` has broken down. Is it closed from now on?
    pub fn note(&mut self, key: &K, now: Instant) -> bool {
        self.forget(now);
        if !self.breakdowns.contains_key(key) && self.breakdowns.len() >= KEYS {
            self.forget_oldest();
        }
        let times = self.breakdowns.entry(key.clone()).or_default();
        if times.len() == BREAKDOWNS {
            times.pop_front();
        }
        times.push_back(now);
        self.closed_for(key, now).is_some()
    }

    /// How long `key` is still closed; `None` when it is not.
    pub fn closed_for(&self, key: &K, now: Instant) -> Option<Duration> {
        let times = self.breakdowns.get(key)?;
        let (first, last) = (*times.front()?, *times.back()?);
        let is_too_much = times.len() == BREAKDOWNS && last.duration_since(first) <= WITHIN;
        let left = (last + CLOSED_FOR).saturating_duration_since(now);
        (is_too_much && !left.is_zero()).then_some(left)
    }

    /// What is longer ago than either time has no part in anything.
    fn forget(&mut self, now: Instant) {
        let is_recent = |last: &Instant| now.duration_since(*last) < WITHIN.max(CLOSED_FOR);
        self.breakdowns.retain(|_, times| times.back().is_some_and(is_recent));
    }

    fn forget_oldest(&mut self) {
        let oldest = self.breakdowns.iter().min_by_key(|(_, times)| times.back().copied());
        if let Some(key) = oldest.map(|(key, _)| key.clone()) {
            self.breakdowns.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Breaks `key` down every `pause`, and returns whether it was closed each time.
    fn break_down(quarantine: &mut Quarantine<u32>, key: u32, from: Instant, pause: Duration) -> Vec<bool> {
        (0..6).map(|time| quarantine.note(&key, from + pause * time)).collect()
    }

    #[test]
    fn the_fifth_breakdown_within_a_minute_closes_for_a_minute() {
        let (mut quarantine, start) = (Quarantine::default(), Instant::now());
        let closed = break_down(&mut quarantine, 7, start, Duration::from_secs(1));
        assert_eq!(closed, [false, false, false, false, true, true]);
        let last = start + Duration::from_secs(5);
        assert_eq!(quarantine.closed_for(&7, last), Some(CLOSED_FOR));
        assert_eq!(quarantine.closed_for(&7, last + Duration::from_secs(59)), Some(Duration::from_secs(1)));
        assert_eq!(quarantine.closed_for(&7, last + CLOSED_FOR), None);
        assert_eq!(quarantine.closed_for(&8, last), None, "another one");
        assert!(!quarantine.note(&7, last + CLOSED_FOR), "what it was closed for is over");
    }

    #[test]
    fn breakdowns_now_and_then_close_nothing() {
        let mut quarantine = Quarantine::default();
        let closed = break_down(&mut quarantine, 7, Instant::now(), Duration::from_secs(16));
        assert_eq!(closed, [false; 6]);
    }

    #[test]
    fn no_more_than_so_many_are_remembered() {
        let (mut quarantine, start) = (Quarantine::default(), Instant::now());
        for key in 0..3_000_u32 {
            quarantine.note(&key, start + Duration::from_millis(key.into()));
            assert!(quarantine.breakdowns.len() <= KEYS);
        }
        assert!(quarantine.breakdowns.contains_key(&2_999) && !quarantine.breakdowns.contains_key(&0));
        quarantine.note(&1, start + Duration::from_mins(5));
        assert_eq!(quarantine.breakdowns.len(), 1);
    }
}
