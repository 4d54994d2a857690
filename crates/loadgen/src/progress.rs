//! Word of a long run while it goes on.

use std::io::{self, Write as _};
use std::time::Duration;

use tokio::time::Instant;

/// Between two lines: seldom enough to be no load, often enough to see that something happens.
const EVERY: Duration = Duration::from_secs(5);

/// Writes a line to standard error now and then.
#[derive(Debug)]
pub(crate) struct Progress {
    label: String,
    began: Instant,
    next: Instant,
}

impl Progress {
    /// Progress of what is called `label`.
    pub(crate) fn new(label: impl Into<String>) -> Self {
        let began = Instant::now();
        Self { label: label.into(), began, next: began + EVERY }
    }

    /// Says how far it is, if the time has come.
    pub(crate) fn tell(&mut self, state: impl FnOnce() -> String) {
        let now = Instant::now();
        if now < self.next {
            return;
        }
        self.next = now + EVERY;
        let seconds = now.duration_since(self.began).as_secs();
        // Nobody may be there to read it.
        let _ = writeln!(io::stderr(), "{} after {seconds} s: {}", self.label, state());
    }
}
