//! The library answers pings by itself and keeps the answers until the client takes them. So a client that takes
//! nothing is not read any further once enough of them wait.

use std::task::{Context, Poll, Waker};

/// Answers to pings that may wait for a client that takes nothing: 8 KiB of the longest.
const MOST: usize = 64;

/// What waits to be taken by the client.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Did the last write find no room?
    is_stuck: bool,
    /// Pings since then.
    pings: usize,
    reader: Option<Waker>,
}

impl Answers {
    /// Pings came.
    pub(super) fn asked(&mut self, pings: usize) {
        if self.is_stuck {
            self.pings += pings;
        }
    }

    /// A write was tried.
    pub(super) fn wrote<T>(&mut self, written: &Poll<T>) {
        self.is_stuck = written.is_pending();
        if !self.is_stuck {
            self.pings = 0;
            if let Some(reader) = self.reader.take() {
                reader.wake();
            }
        }
    }

    /// Waits until there is room for more answers. Whoever has a write to do wakes it: the library tries to write
    /// before each read as long as something waits.
    pub(super) fn poll_room(&mut self, cx: &Context<'_>) -> Poll<()> {
        if self.is_stuck && self.pings >= MOST {
            self.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}
