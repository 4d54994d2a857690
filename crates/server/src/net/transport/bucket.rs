//! Credit for bytes, which comes back at a rate.

use std::time::Duration;

use tokio::time::Instant;

/// How fast bytes may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ByteRate {
    /// Bytes a second in the long run.
    pub(crate) per_second: usize,
    /// Bytes at once after a pause.
    pub(crate) burst: usize,
}

/// A bucket of credit. All that it keeps is when it would be full again if nothing more came, so it needs no timer to
/// be refilled.
#[derive(Debug)]
pub(super) struct Bucket {
    rate: ByteRate,
    full_at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub(super) fn full(rate: ByteRate) -> Self {
        Self { rate, full_at: Instant::now() }
    }

    /// Takes `bytes` out, if need be more than there are: then it takes longer until there is credit again.
    pub(super) fn charge(&mut self, bytes: usize) {
        self.full_at = self.full_at.max(Instant::now()) + self.time_for(bytes);
    }

    /// Bytes that may come now.
    pub(super) fn credit(&self) -> usize {
        let missing = self.full_at.saturating_duration_since(Instant::now()).as_nanos();
        // Rounded up, so that nobody gets more than the rate.
        let missing = (missing * self.rate.per_second as u128).div_ceil(NANOS_PER_SECOND);
        self.rate.burst.saturating_sub(usize::try_from(missing).unwrap_or(usize::MAX))
    }

    /// Time until there is credit for `bytes`, or for as many as the bucket holds.
    pub(super) fn wait_for(&self, bytes: usize) -> Duration {
        let spare = self.time_for(self.rate.burst.saturating_sub(bytes));
        self.full_at.saturating_duration_since(Instant::now()).saturating_sub(spare)
    }

    /// As much as one pause should wait for: enough that pauses are few, and little enough that they are short.
    pub(super) fn portion(&self) -> usize {
        (self.rate.per_second / PORTIONS_PER_SECOND).clamp(1, self.rate.burst)
    }

    /// Has so much credit come back that nobody is over the rate?
    pub(super) fn has_rested(&self) -> bool {
        self.credit() >= self.rate.per_second.min(self.rate.burst)
    }

    fn time_for(&self, bytes: usize) -> Duration {
        let nanos = (bytes as u128 * NANOS_PER_SECOND).div_ceil(self.rate.per_second as u128);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

const NANOS_PER_SECOND: u128 = 1_000_000_000;

/// How often a second whoever is held back is let on.
const PORTIONS_PER_SECOND: usize = 32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::time::advance;

    use super::*;

    const RATE: ByteRate = ByteRate { per_second: 1000, burst: 5000 };

    #[tokio::test(start_paused = true)]
    async fn a_full_bucket_holds_a_burst_and_refills_at_its_rate() {
        let mut bucket = Bucket::full(RATE);
        assert_eq!((bucket.credit(), bucket.wait_for(5000)), (5000, Duration::ZERO));
        bucket.charge(5000);
        assert_eq!((bucket.credit(), bucket.wait_for(500)), (0, Duration::from_millis(500)));
        advance(Duration::from_millis(500)).await;
        assert_eq!((bucket.credit(), bucket.wait_for(500)), (500, Duration::ZERO));
        advance(Duration::from_hours(1)).await;
        assert_eq!(bucket.credit(), 5000, "no more than a burst");
    }

    #[tokio::test(start_paused = true)]
    async fn a_debt_is_waited_for() {
        let mut bucket = Bucket::full(RATE);
        bucket.charge(7000);
        assert_eq!((bucket.credit(), bucket.wait_for(1)), (0, Duration::from_millis(2001)));
    }

    proptest! {
        /// Whatever comes whenever: in no stretch of time is there more than the rate allows and one burst.
        #[test]
        fn in_any_stretch_of_time_there_is_no_more_than_the_rate_and_one_burst(
            arrivals in prop::collection::vec((0_u64..3000, 1_usize..9000), 1..60),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            runtime.unwrap().block_on(async {
                let mut bucket = Bucket::full(RATE);
                let (mut now, mut admitted): (u64, Vec<(u64, usize)>) = (0, Vec::new());
                for (pause, wanted) in arrivals {
                    advance(Duration::from_millis(pause)).await;
                    now += pause;
                    let taken = wanted.min(bucket.credit());
                    bucket.charge(taken);
                    admitted.push((now, taken));
                }
                for (first, (start, _)) in admitted.iter().enumerate() {
                    let mut sum = 0;
                    for (end, taken) in &admitted[first..] {
                        sum += taken;
                        let allowed = RATE.burst as u64 + (end - start) * RATE.per_second as u64 / 1000;
                        assert!(sum as u64 <= allowed, "{sum} from {start} to {end} ms, {allowed} allowed");
                    }
                }
            });
        }

        /// Who stays within the rate and the burst never waits.
        #[test]
        fn who_keeps_to_the_rate_is_never_held_back(sizes in prop::collection::vec(1_usize..5000, 1..60)) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
            runtime.unwrap().block_on(async {
                let mut bucket = Bucket::full(RATE);
                for size in sizes {
                    assert!(bucket.credit() >= size, "{} of {size}", bucket.credit());
                    bucket.charge(size);
                    advance(Duration::from_millis(size as u64)).await;
                }
            });
        }
    }
}
