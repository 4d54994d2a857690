//! A clock that stands still while the process does (H2).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

/// How often the clock looks whether the process was frozen.
const BEAT: Duration = Duration::from_millis(250);

/// Time for judging a client's silence. A process that was stopped for a minute hears, when it goes on, of no
/// client for a minute; that minute must not count against them.
#[derive(Debug)]
pub(crate) struct AwakeClock {
    origin: Instant,
    frozen_ms: AtomicU64,
}

impl AwakeClock {
    pub(crate) fn new() -> Self {
        Self { origin: Instant::now(), frozen_ms: AtomicU64::new(0) }
    }

    /// Time since the start during which the process could run.
    pub(crate) fn now(&self) -> Duration {
        let frozen = Duration::from_millis(self.frozen_ms.load(Ordering::Relaxed));
        self.origin.elapsed().saturating_sub(frozen)
    }

    /// Runs for ever: a beat that comes late by more than a beat was late because nothing ran.
    pub(crate) async fn watch(&self) {
        let mut beats = interval(BEAT);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut last = Instant::now();
        loop {
            beats.tick().await;
            let late = last.elapsed().saturating_sub(BEAT);
            if late > BEAT {
                self.frozen_ms
                    .fetch_add(u64::try_from(late.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
            }
            last = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// H2, L7
    #[tokio::test(start_paused = true)]
    async fn time_in_which_nothing_could_run_does_not_count() {
        let clock = AwakeClock::new();
        let mut watching = std::pin::pin!(clock.watch());
        tokio::select! {
            () = &mut watching => {}
            () = tokio::time::sleep(Duration::from_secs(10)) => {}
        }
        let before = clock.now();
        tokio::time::advance(Duration::from_mins(1)).await;
        tokio::select! {
            () = &mut watching => {}
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
        let counted = clock.now().checked_sub(before).unwrap();
        assert!(counted < Duration::from_secs(2), "{counted:?} of 61 s counted, though 60 s were frozen");
    }
}
