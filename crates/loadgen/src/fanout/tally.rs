//! What all receivers count together while the load runs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hdrhistogram::{CreationError, Histogram};
use tokio::time::Instant;

/// Longest latency that is told apart from longer ones, in nanoseconds: a minute.
const MAX_LATENCY: u64 = 60_000_000_000;

/// Histograms that share the receivers, so that runtime threads seldom meet at one lock. One per receiver would
/// cost 200 KB each and push the server out of a shared machine's caches.
const SHARDS: usize = 8;

/// The scenario's own time: nanoseconds since it began, small enough for every JSON reader.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    epoch: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { epoch: Instant::now() }
    }

    /// Now.
    pub(super) fn now(self) -> i64 {
        self.at(Instant::now())
    }

    /// The time of `instant`; 0 for those before the beginning.
    pub(super) fn at(self, instant: Instant) -> i64 {
        let elapsed = instant.saturating_duration_since(self.epoch);
        i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX)
    }
}

/// Counts and latencies of all receivers.
#[derive(Debug)]
pub(super) struct Tally {
    received: AtomicU64,
    shards: Vec<Mutex<Histogram<u64>>>,
}

impl Tally {
    pub(super) fn new() -> Result<Self, CreationError> {
        Ok(Self {
            received: AtomicU64::new(0),
            shards: (0..SHARDS).map(|_| Ok(Mutex::new(latencies()?))).collect::<Result<_, _>>()?,
        })
    }

    /// A move was received, measured or not.
    pub(super) fn count(&self) {
        self.received.fetch_add(1, Ordering::Relaxed);
    }

    /// Moves received so far.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// A measured move took `nanoseconds` to the receiver with number `member`.
    pub(super) fn record(&self, member: u32, nanoseconds: i64) {
        let shard = &self.shards[member as usize % SHARDS];
        shard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .saturating_record(u64::try_from(nanoseconds).unwrap_or(0));
    }

    /// All measured latencies, in nanoseconds.
    pub(super) fn merged(&self) -> Result<Histogram<u64>, CreationError> {
        let mut merged = latencies()?;
        for shard in &self.shards {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            for value in shard.iter_recorded() {
                merged.saturating_record_n(value.value_iterated_to(), value.count_at_value());
            }
        }
        Ok(merged)
    }
}

/// Three digits: a quantile is off by at most 0.1 %.
fn latencies() -> Result<Histogram<u64>, CreationError> {
    Histogram::new_with_bounds(1, MAX_LATENCY, 3)
}

/// The latency below which this share of all deliveries lies.
pub(super) fn quantile(latencies: &Histogram<u64>, share: f64) -> Duration {
    Duration::from_nanos(latencies.value_at_quantile(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_merged_without_loss() {
        let tally = Tally::new().unwrap();
        for member in 0..100 {
            tally.count();
            tally.record(member, i64::from(member + 1) * 1_000_000);
        }
        tally.record(0, i64::MAX);
        tally.record(0, -5);
        let merged = tally.merged().unwrap();
        assert_eq!((merged.len(), tally.received()), (102, 100));
        let middle = quantile(&merged, 0.5).as_secs_f64();
        assert!((0.0499..0.0512).contains(&middle), "{middle}");
        let longest = quantile(&merged, 1.0);
        assert!(longest >= Duration::from_mins(1) && longest < Duration::from_secs(70));
    }

    #[test]
    fn the_clock_starts_at_its_epoch() {
        let clock = Clock::start();
        assert_eq!(clock.at(clock.epoch), 0);
        assert_eq!(clock.at(clock.epoch + Duration::from_micros(3)), 3_000);
    }
}
