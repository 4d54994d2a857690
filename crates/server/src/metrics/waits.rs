//! How long messages wait for the network.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;

/// Upper bounds in seconds: a write takes microseconds, a client that does not read is closed after some seconds.
const BOUNDS: [f64; 15] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// A histogram of waits. The library's own has a lock, which every write of every client would take.
#[derive(Debug, Default)]
pub(super) struct Waits {
    /// By bound; the last are those above all of them.
    counts: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

impl Waits {
    // Relaxed: each number is read for display, none guards other memory.
    pub(super) fn observe(&self, wait: Duration) {
        let seconds = wait.as_secs_f64();
        let at = BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len());
        self.counts[at].fetch_add(1, Ordering::Relaxed);
        let microseconds = u64::try_from(wait.as_micros()).unwrap_or(u64::MAX);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }
}

impl Collector for Waits {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let counts = self.counts.each_ref().map(|count| count.load(Ordering::Relaxed));
        let bounds = BOUNDS.into_iter().chain([f64::INFINITY]);
        let buckets: Vec<_> = bounds.zip(counts).collect();
        let sum = Duration::from_micros(self.microseconds.load(Ordering::Relaxed)).as_secs_f64();
        encoder
            .encode_descriptor(
                "delivery_wait",
                "How long the first of what was written at once had waited, until it was handed to the network",
                Some(&Unit::Seconds),
                MetricType::Histogram,
            )?
            .encode_histogram::<NoLabelSet>(sum, counts.iter().sum(), &buckets, None)
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;
    use prometheus_client::registry::Registry;

    use super::*;

    #[test]
    fn a_wait_counts_in_the_first_bucket_that_holds_it() {
        let waits = std::sync::Arc::new(Waits::default());
        let mut registry = Registry::default();
        registry.register_collector(Box::new(std::sync::Arc::clone(&waits)));
        for microseconds in [0, 100, 101, 5_000_000, 5_000_001] {
            waits.observe(Duration::from_micros(microseconds));
        }
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for line in [
            "delivery_wait_seconds_bucket{le=\"0.0001\"} 2",
            "delivery_wait_seconds_bucket{le=\"0.00025\"} 3",
            "delivery_wait_seconds_bucket{le=\"5.0\"} 4",
            "delivery_wait_seconds_bucket{le=\"+Inf\"} 5",
            "delivery_wait_seconds_count 5",
            "delivery_wait_seconds_sum 10.000202",
        ] {
            assert!(text.contains(&format!("{line}\n")), "no {line} in\n{text}");
        }
    }
}
