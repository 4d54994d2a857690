//! When what a connection has proved ends (A6).

use std::future::pending;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::sleep;

use crate::auth::LEEWAY;

/// How long before the end a client is told: time to fetch a fresh token.
const NOTICE: SignedDuration = SignedDuration::from_mins(1);

/// Longest sleep between two looks at the clock: a machine that was suspended wakes up with another time.
const LOOK: Duration = Duration::from_secs(30);

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// The client hears that the end is near, which is then.
    Notice(Timestamp),
    /// The end.
    End,
}

/// The end of an identity.
#[derive(Debug, Default)]
pub(crate) struct Expiry {
    at: Option<Timestamp>,
    was_told: bool,
}

impl Expiry {
    /// At `at`, if ever.
    pub(crate) fn new(at: Option<Timestamp>) -> Self {
        Self { at, was_told: false }
    }

    /// The client was told.
    pub(crate) fn told(&mut self) {
        self.was_told = true;
    }

    /// Waits until something is due; a notice only where one may be sent now. Cancel-safe.
    pub(crate) async fn due(&self, may_tell: bool) -> Due {
        loop {
            let Some((when, due)) = self.next(may_tell) else { return pending().await };
            match Duration::try_from(when.duration_since(Timestamp::now())) {
                Ok(left) if !left.is_zero() => sleep(left.min(LOOK)).await,
                // A negative time is over.
                _ => return due,
            }
        }
    }

    fn next(&self, may_tell: bool) -> Option<(Timestamp, Due)> {
        let at = self.at?;
        if may_tell && !self.was_told {
            return Some((at.saturating_sub(NOTICE).ok()?, Due::Notice(at)));
        }
        Some((at.saturating_add(LEEWAY).ok()?, Due::End))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A6
    #[test]
    fn the_notice_comes_a_minute_before_and_the_end_five_seconds_after_a_token_expires() {
        let at = Timestamp::from_second(1_800_000_000).unwrap();
        let mut expiry = Expiry { at: Some(at), was_told: false };
        let second = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(expiry.next(true), Some((second(1_799_999_940), Due::Notice(at))));
        assert_eq!(expiry.next(false), Some((second(1_800_000_005), Due::End)));
        expiry.told();
        assert_eq!(expiry.next(true), Some((second(1_800_000_005), Due::End)));
        assert_eq!(Expiry::default().next(true), None);
    }
}
