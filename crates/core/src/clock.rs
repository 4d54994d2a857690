//! The one moment in which a turn of an actor happens, and waiting for one.

use jiff::Timestamp;
use tokio::time::{Instant, sleep_until};

#[cfg(test)]
use crate::testing::wall_clock;

/// A moment on both clocks. Rooms take it as an argument, so that they need no clock of their own.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// For deadlines and order; never goes back.
    pub instant: Instant,
    /// For people; whole milliseconds.
    pub wall: Timestamp,
}

impl Now {
    /// Reads both clocks.
    pub fn read() -> Self {
        let wall = wall_clock();
        // Sub-millisecond digits say nothing to a person and cost bytes in every presence.
        Self {
            instant: Instant::now(),
            wall: Timestamp::from_millisecond(wall.as_millisecond()).unwrap_or(wall),
        }
    }
}

#[cfg(not(test))]
fn wall_clock() -> Timestamp {
    Timestamp::now()
}

/// Waits for a deadline, or for ever without one. Cancel-safe; a branch of a `select!`.
pub async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
