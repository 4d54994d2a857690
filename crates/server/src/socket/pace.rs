//! B3: how fast a client may send.

use std::num::NonZeroU32;
use std::time::Duration;

use collabd_protocol::{LimitHit, LimitName};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::sleep;

/// A flood is this many times the allowed rate ...
const FLOOD_FACTOR: u32 = 5;
/// ... once it has used up a credit worth this many seconds of it.
const FLOOD_SECONDS: u32 = 10;

/// The message budget of one connection.
#[derive(Debug)]
pub(crate) struct Pace {
    messages: DefaultDirectRateLimiter,
    flood: DefaultDirectRateLimiter,
    flood_rate: NonZeroU32,
    clock: DefaultClock,
}

impl Pace {
    /// A budget of `rate` messages a second and `burst` at once.
    pub(crate) fn new(rate: NonZeroU32, burst: NonZeroU32) -> Self {
        let flood_rate = rate.saturating_mul(times(FLOOD_FACTOR));
        Self {
            messages: RateLimiter::direct(Quota::per_second(rate).allow_burst(burst)),
            flood: RateLimiter::direct(
                Quota::per_second(flood_rate).allow_burst(flood_rate.saturating_mul(times(FLOOD_SECONDS))),
            ),
            flood_rate,
            clock: DefaultClock::default(),
        }
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
