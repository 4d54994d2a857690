//! A clock on the wall that goes with paused time, for tests in which nothing may depend on the real one.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

thread_local! {
    /// The moment that counts as [`VirtualWall::EPOCH`] on this thread; without one, the clock is the real one.
    static BEGIN: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// What the wall's clock says on this thread.
pub(crate) fn wall_clock() -> Timestamp {
    match BEGIN.get() {
        Some(begin) => VirtualWall::EPOCH + SignedDuration::try_from(begin.elapsed()).unwrap(),
        None => Timestamp::now(),
    }
}

/// While it is there, the clock of this thread is that of its runtime.
#[derive(Debug)]
pub(crate) struct VirtualWall {
    begin: Instant,
}

impl VirtualWall {
    const EPOCH: Timestamp = Timestamp::constant(1_800_000_000, 0);

    /// Sets the clock to the epoch.
    pub(crate) fn start() -> Self {
        let begin = Instant::now();
        BEGIN.set(Some(begin));
        Self { begin }
    }

    /// The moment of paused time at which the clock showed `wall`.
    pub(crate) fn moment(&self, wall: Timestamp) -> Instant {
        self.begin + wall.duration_since(Self::EPOCH).unsigned_abs()
    }

    /// Milliseconds since the start.
    pub(crate) fn passed(&self) -> u128 {
        self.begin.elapsed().as_millis()
    }
}

impl Drop for VirtualWall {
    fn drop(&mut self) {
        BEGIN.set(None);
    }
}
