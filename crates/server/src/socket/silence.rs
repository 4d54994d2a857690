//! H1: a peer that says nothing for too long is gone, whether or not anything else happens.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use collabd_protocol::CloseCode;
use tokio::time::sleep;

use super::End;
use crate::awake::AwakeClock;

/// Between the limit and the verdict, what waits in the socket is read: after a freeze of the server the clients'
/// pongs lie there unread (H2).
const SECOND_LOOK: Duration = Duration::from_secs(1);

/// When the peer was last heard.
#[derive(Debug)]
pub(crate) struct Silence<'a> {
    clock: &'a AwakeClock,
    last_heard_ms: AtomicU64,
}

impl<'a> Silence<'a> {
    pub(crate) fn new(clock: &'a AwakeClock) -> Self {
        let silence = Self { clock, last_heard_ms: AtomicU64::new(0) };
        silence.break_off();
        silence
    }

    /// The peer was heard.
    pub(crate) fn break_off(&self) {
        let now = u64::try_from(self.clock.now().as_millis()).unwrap_or(u64::MAX);
        self.last_heard_ms.store(now, Ordering::Relaxed);
    }

    fn length(&self) -> Duration {
        self.clock.now().saturating_sub(Duration::from_millis(self.last_heard_ms.load(Ordering::Relaxed)))
    }

    /// Waits until the peer has been silent for `limit`.
    pub(crate) async fn limit(&self, limit: Duration) -> End {
        loop {
            let left = limit.saturating_sub(self.length());
            if !left.is_zero() {
                sleep(left).await;
                continue;
            }
            sleep(SECOND_LOOK.min(limit)).await;
            if self.length() >= limit {
                return CloseCode::HeartbeatTimeout.into();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    /// H1
    #[tokio::test(start_paused = true)]
    async fn a_silent_peer_is_given_up_by_a_timer_of_its_own() {
        let clock = AwakeClock::new();
        let started = Instant::now();
        let end = Silence::new(&clock).limit(Duration::from_secs(90)).await;
        assert_eq!(end, CloseCode::HeartbeatTimeout.into());
        assert_eq!(started.elapsed(), Duration::from_secs(91));
    }

    /// H1
    #[tokio::test(start_paused = true)]
    async fn a_peer_that_is_heard_now_and_then_stays() {
        let clock = AwakeClock::new();
        let silence = Silence::new(&clock);
        let speaking = async {
            for _ in 0..10 {
                sleep(Duration::from_mins(1)).await;
                silence.break_off();
            }
        };
        tokio::select! {
            end = silence.limit(Duration::from_secs(90)) => panic!("ended with {end:?}"),
            () = speaking => {}
        }
    }
}
