//! What all receivers count together while the load runs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hdrhistogram::{CreationError, Histogram};
use serde::Serialize;
use tokio::time::Instant;

/// Longest latency that is told apart from longer ones, in nanoseconds: a minute.
const MAX_LATENCY: u64 = 60_000_000_000;

/// Histograms that share the receivers, so that runtime threads seldom meet at one lock. One per receiver would
/// cost 200 KB each and push the server out of a shared machine's caches.
const SHARDS: usize = 8;

/// The scenario's own time: nanoseconds since it began, small enough for every JSON reader.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    epoch: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { epoch: Instant::now() }
    }

    /// Now.
    pub(crate) fn now(self) -> i64 {
        self.at(Instant::now())
    }

    /// The time of `instant`; 0 for those before the beginning.
    pub(crate) fn at(self, instant: Instant) -> i64 {
        let elapsed = instant.saturating_duration_since(self.epoch);
        i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX)
    }
}

/// Counts and latencies of all receivers.
#[derive(Debug)]
pub(crate) struct Tally {
    received: AtomicU64,
    latencies: Recorder,
}

/// Durations that many tasks measure.
#[derive(Debug)]
pub(crate) struct Recorder {
    /// What was recorded since the last look.
    shards: Vec<Mutex<Histogram<u64>>>,
    /// What was recorded before it.
    earlier: Mutex<Histogram<u64>>,
}

impl Tally {
    pub(crate) fn new() -> Result<Self, CreationError> {
        Ok(Self { received: AtomicU64::new(0), latencies: Recorder::new()? })
    }

    /// A move was received, measured or not.
    pub(crate) fn count(&self) {
        self.received.fetch_add(1, Ordering::Relaxed);
    }

    /// Moves received so far.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// A measured move took `nanoseconds` to the receiver with number `member`.
    pub(crate) fn record(&self, member: u32, nanoseconds: i64) {
        self.latencies.record(member, nanoseconds);
    }

    /// All measured latencies, in nanoseconds.
    pub(crate) fn merged(&self) -> Result<Histogram<u64>, CreationError> {
        self.latencies.merged()
    }

    /// The latencies since the last look, which are told once.
    pub(crate) fn look(&self) -> Result<Option<Latency>, CreationError> {
        self.latencies.look()
    }
}

impl Recorder {
    pub(crate) fn new() -> Result<Self, CreationError> {
        let shards =
            (0..SHARDS).map(|_| Ok(Mutex::new(latencies()?))).collect::<Result<_, CreationError>>()?;
        Ok(Self { shards, earlier: Mutex::new(latencies()?) })
    }

    /// Something took `nanoseconds`; recorders with different numbers seldom wait for each other.
    pub(crate) fn record(&self, number: u32, nanoseconds: i64) {
        locked(&self.shards[number as usize % SHARDS])
            .saturating_record(u64::try_from(nanoseconds).unwrap_or(0));
    }

    /// Everything, in nanoseconds.
    pub(crate) fn merged(&self) -> Result<Histogram<u64>, CreationError> {
        self.look()?;
        let mut merged = latencies()?;
        add(&mut merged, &locked(&self.earlier));
        Ok(merged)
    }

    /// What was recorded since the last look.
    pub(crate) fn look(&self) -> Result<Option<Latency>, CreationError> {
        let mut since = latencies()?;
        for shard in &self.shards {
            let mut shard = locked(shard);
            add(&mut since, &shard);
            shard.reset();
        }
        add(&mut locked(&self.earlier), &since);
        Ok(Latency::of(&since))
    }
}

fn locked(histogram: &Mutex<Histogram<u64>>) -> MutexGuard<'_, Histogram<u64>> {
    histogram.lock().unwrap_or_else(PoisonError::into_inner)
}

fn add(sum: &mut Histogram<u64>, other: &Histogram<u64>) {
    for value in other.iter_recorded() {
        sum.saturating_record_n(value.value_iterated_to(), value.count_at_value());
    }
}

/// Three digits: a quantile is off by at most 0.1 %.
fn latencies() -> Result<Histogram<u64>, CreationError> {
    Histogram::new_with_bounds(1, MAX_LATENCY, 3)
}

/// Quantiles of the time from send to receipt, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// Half of all deliveries were faster.
    pub p50_ms: f64,
    /// 99 % were.
    pub p99_ms: f64,
    /// 99.9 % were.
    pub p999_ms: f64,
    /// The slowest.
    pub max_ms: f64,
}

impl Latency {
    pub(crate) fn of(latencies: &Histogram<u64>) -> Option<Self> {
        let at = |share| quantile(latencies, share).as_secs_f64() * 1000.0;
        (!latencies.is_empty()).then(|| Self {
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            p999_ms: at(0.999),
            max_ms: at(1.0),
        })
    }
}

/// `part` of `whole`; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(crate) fn share(part: f64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part / whole as f64)
}

/// The latency below which this share of all deliveries lies.
pub(crate) fn quantile(latencies: &Histogram<u64>, share: f64) -> Duration {
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
    fn a_look_tells_what_is_new_and_loses_nothing() {
        let recorder = Recorder::new().unwrap();
        recorder.record(1, 1_000_000);
        assert!((recorder.look().unwrap().unwrap().max_ms - 1.0).abs() < 0.01);
        assert_eq!(recorder.look().unwrap(), None);
        recorder.record(2, 3_000_000);
        assert!((recorder.look().unwrap().unwrap().p50_ms - 3.0).abs() < 0.01);
        assert_eq!(recorder.merged().unwrap().len(), 2);
    }

    #[test]
    fn the_clock_starts_at_its_epoch() {
        let clock = Clock::start();
        assert_eq!(clock.at(clock.epoch), 0);
        assert_eq!(clock.at(clock.epoch + Duration::from_micros(3)), 3_000);
    }
}
