//! B3: how fast a client may send.

use std::num::NonZeroU32;
use std::time::Duration;

use collabd_protocol::{LimitHit, LimitName};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::sleep;

/// A flood is this many times the allowed rate ...
const FLOOD_FACTOR: u32 = 5;
/// ... once it has used up a credit worth this many seconds of it.
const FLOOD_SECONDS: u32 = 10;

type Limiter<C> = RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The message budget of one connection. Tests have a clock of their own.
#[derive(Debug)]
pub(crate) struct Pace<C: Clock = DefaultClock> {
    messages: Limiter<C>,
    flood: Limiter<C>,
    flood_rate: NonZeroU32,
    clock: C,
}

impl Pace {
    /// A budget of `rate` messages a second and `burst` at once.
    pub(crate) fn new(rate: NonZeroU32, burst: NonZeroU32) -> Self {
        Self::by(DefaultClock::default(), rate, burst)
    }
}

impl<C: Clock + Clone> Pace<C> {
    fn by(clock: C, rate: NonZeroU32, burst: NonZeroU32) -> Self {
        let flood_rate = rate.saturating_mul(times(FLOOD_FACTOR));
        let credit = flood_rate.saturating_mul(times(FLOOD_SECONDS));
        let limiter = |rate, burst| {
            RateLimiter::direct_with_clock(Quota::per_second(rate).allow_burst(burst), clock.clone())
        };
        Self { messages: limiter(rate, burst), flood: limiter(flood_rate, credit), flood_rate, clock }
    }

    /// Counts a frame of any kind; false once the client floods.
    pub(crate) fn tolerates_frame(&self) -> bool {
        self.flood.check().is_ok()
    }

    /// The limit that a client meets who floods.
    pub(crate) fn flood_limit(&self) -> LimitHit {
        LimitHit::full(LimitName::Flood, usize::try_from(self.flood_rate.get()).unwrap_or(usize::MAX))
    }

    /// Takes one message off the budget, or waits until there is budget for it: whoever reads no further meanwhile
    /// holds the client back.
    pub(crate) async fn message(&self) {
        while let Err(wait) = self.take_message() {
            sleep(wait).await;
        }
    }

    /// Takes one message off the budget.
    ///
    /// # Errors
    /// The time until there is budget for one.
    pub(crate) fn take_message(&self) -> Result<(), Duration> {
        self.messages.check().map_err(|not_yet| not_yet.wait_time_from(self.clock.now()))
    }
}

fn times(factor: u32) -> NonZeroU32 {
    NonZeroU32::new(factor).unwrap_or(NonZeroU32::MIN)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Of its two bounds, which a connection holds to.
    type Check = fn(&Pace<FakeRelativeClock>) -> bool;
    const MESSAGES: Check = |pace| pace.take_message().is_ok();
    const FRAMES: Check = |pace| pace.tolerates_frame();

    /// Rates and bursts, and what a client does: messages at once, and the nanoseconds after them.
    fn clients() -> impl Strategy<Value = (u32, u32, Vec<(u32, u64)>)> {
        let pauses = prop_oneof![Just(0), 0..100_000_000_u64, 0..5_000_000_000_u64];
        (1..300_u32, 1..100_u32, vec((1..60_u32, pauses), 1..80))
    }

    fn pace(rate: u32, burst: u32) -> (Pace<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let number = |number| NonZeroU32::new(number).unwrap();
        (Pace::by(clock.clone(), number(rate), number(burst)), clock)
    }

    /// The seconds in which anything was let through, in order.
    fn let_through(
        pace: &Pace<FakeRelativeClock>,
        clock: &FakeRelativeClock,
        arrivals: Vec<(u32, u64)>,
        check: Check,
    ) -> Vec<f64> {
        let (mut now, mut taken) = (Duration::ZERO, Vec::new());
        for (count, pause) in arrivals {
            taken.extend((0..count).filter(|_| check(pace)).map(|_| now.as_secs_f64()));
            let pause = Duration::from_nanos(pause);
            clock.advance(pause);
            now += pause;
        }
        taken
    }

    fn is_within(taken: &[f64], rate: f64, burst: f64) -> Result<(), TestCaseError> {
        for (first, from) in taken.iter().enumerate() {
            let mut count = 0.0;
            for until in &taken[first..] {
                count += 1.0;
                // The library counts in whole nanoseconds, rounded down: a millionth is its own.
                let allowed = (until - from) * rate * (1.0 + 1e-6) + burst + 1e-6;
                prop_assert!(count <= allowed, "{count} from {from} to {until}, {allowed} allowed");
            }
        }
        Ok(())
    }

    proptest! {
        /// I15, B3: whatever comes whenever.
        #[test]
        fn within_any_time_there_are_no_more_messages_than_the_rate_and_one_burst(
            (rate, burst, arrivals) in clients(),
        ) {
            let (pace, clock) = pace(rate, burst);
            let taken = let_through(&pace, &clock, arrivals, MESSAGES);
            is_within(&taken, rate.into(), burst.into())?;
        }

        /// I15, B3
        #[test]
        fn within_any_time_there_are_no_more_frames_than_a_flood_is_allowed(
            (rate, burst, arrivals) in clients(),
        ) {
            let (pace, clock) = pace(rate.div_ceil(100), burst);
            let taken = let_through(&pace, &clock, arrivals, FRAMES);
            let flood = f64::from(FLOOD_FACTOR * rate.div_ceil(100));
            is_within(&taken, flood, flood * f64::from(FLOOD_SECONDS))?;
        }

        /// I15: at most a burst at once, and as long a pause after it as it is worth.
        #[test]
        fn who_keeps_to_the_rate_is_never_limited((rate, burst, arrivals) in clients()) {
            let (pace, clock) = pace(rate, burst);
            for (count, pause) in arrivals {
                for _ in 0..count.min(burst) {
                    prop_assert_eq!(pace.take_message(), Ok(()));
                    prop_assert!(pace.tolerates_frame() || burst > rate * FLOOD_FACTOR * FLOOD_SECONDS);
                }
                clock.advance(Duration::from_secs(1) * count.min(burst) / rate + Duration::from_nanos(pause));
            }
        }

        /// I15: the time that is told is the time after which it works.
        #[test]
        fn who_waits_as_told_is_let_through((rate, burst, arrivals) in clients()) {
            let (pace, clock) = pace(rate, burst);
            for (count, _) in arrivals {
                for _ in 0..count {
                    if let Err(wait) = pace.take_message() {
                        prop_assert!(wait <= Duration::from_secs(1) / rate);
                        clock.advance(wait);
                        prop_assert_eq!(pace.take_message(), Ok(()));
                    }
                }
            }
        }
    }
}
