//! What the runtime and the watchdog tell each other, without waiting.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use collabd_core::progress::Pulse;
use tokio::sync::Notify;

/// Signs of life.
#[derive(Debug, Default)]
pub(crate) struct Life {
    knock: Notify,
    /// Knocks that the runtime has answered.
    answers: AtomicU64,
    trouble: Mutex<Option<String>>,
}

impl Life {
    /// Runs for ever: answers each knock, as soon as the runtime has a turn for it.
    pub(crate) async fn answer(&self) {
        loop {
            self.knock.notified().await;
            self.answers.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Wakes a thread of the runtime from outside. One thread waits for sockets and timers on behalf of all, and if it
    /// comes upon a turn that does not end, nobody waits for them any more; a thread that this wakes does.
    pub(super) fn knock(&self) {
        self.knock.notify_one();
    }

    /// The pulse of the runtime, which always has something to do.
    pub(super) fn pulse(&self) -> Pulse {
        let turns = self.answers.load(Ordering::Relaxed);
        Pulse { kind: "runtime", which: String::new(), project: None, turns, waiting: 1, doing: "answer" }
    }

    /// Why the process is not live; `None` when it is.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.lock().clone()
    }

    pub(super) fn set_trouble(&self, trouble: Option<String>) {
        *self.lock() = trouble;
    }

    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
