//! A thread beside the runtime that looks whether everything goes on: a runtime that is stuck could not look at itself.
//!
//! It asks nobody. Every actor publishes its turns ([`Progress`](collabd_core::progress::Progress)), a task of the
//! runtime answers knocks, and whoever has something to do and the same number as before does not go on. First that is
//! told, then the process no longer calls itself live; one that can do nothing any more is ended, so that its supervisor
//! starts another.

mod life;
mod stalls;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use tokio::time::Instant;
use tracing::{error, info, warn};

pub(crate) use life::Life;
use stalls::{Change, Stall, Stalls};

use crate::app::App;

/// With what the process ends when a part without which there is no server is stuck or has ended: `EX_SOFTWARE` of
/// `sysexits.h`.
pub const EXIT_STATUS: i32 = 70;

/// Between two looks.
const BEAT: Duration = Duration::from_millis(250);
/// Stuck for so long, the process is no longer live.
const NOT_LIVE: Duration = Duration::from_secs(5);
/// Stuck for so long, a part that everybody needs ends the process.
const FATAL: Duration = Duration::from_secs(10);
/// The parts that everybody needs.
const NEEDED: [&str; 3] = ["runtime", "coordinator", "documents"];
/// For the last line of the log, which whoever reads it may not take.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// The thread. Dropping this ends it.
#[derive(Debug)]
pub(crate) struct Watchdog {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// Starts to look. Without a thread to be had the server goes on unwatched.
    pub(crate) fn start(app: &App) -> Self {
        let (stop, stopped) = channel();
        let watched = app.clone();
        let thread = Builder::new().name("watchdog".to_owned()).spawn(move || watch(&watched, &stopped));
        let thread = thread.inspect_err(|error| warn!(%error, "no watchdog")).ok();
        Self { stop: Some(stop), thread }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A watchdog that panicked has told so by itself.
            let _ = thread.join();
        }
    }
}

/// Time in which this thread could run. Where that does not go on, nothing does, and nobody is to blame (H2).
#[derive(Debug)]
struct AwakeTime {
    awake: Duration,
    last: Instant,
}

impl AwakeTime {
    fn since(now: Instant) -> Self {
        Self { awake: Duration::ZERO, last: now }
    }

    /// The time until now. Between two looks no more than two beats count.
    fn at(&mut self, now: Instant) -> Duration {
        self.awake += now.duration_since(self.last).min(2 * BEAT);
        self.last = now;
        self.awake
    }
}

fn watch(app: &App, stopped: &Receiver<()>) {
    let mut stalls = Stalls::default();
    let mut clock = AwakeTime::since(Instant::now());
    while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
        let awake = clock.at(Instant::now());
        app.life().knock();
        stalls.look(app.pulses(), awake).into_iter().for_each(|change| tell(app, change));
        let worst = stalls.worst(awake, |_| true).filter(|stall| stall.time >= NOT_LIVE);
        app.life().set_trouble(worst.map(|stall| stall.to_string()));
        let is_needed = |kind: &str| NEEDED.contains(&kind);
        if let Some(stall) = stalls.worst(awake, is_needed).filter(|stall| stall.time >= FATAL) {
            end(stall);
        }
    }
}

fn tell(app: &App, change: Change) {
    match change {
        Change::Stuck(Stall { pulse, .. }) => {
            app.metrics().stalled(pulse.kind);
            warn!(
                kind = pulse.kind,
                which = pulse.which,
                doing = pulse.doing,
                waiting = pulse.waiting,
                "stuck"
            );
            app.recorder().log(pulse.project);
        }
        Change::GoesOn(Stall { pulse, time }) => {
            info!(kind = pulse.kind, which = pulse.which, doing = pulse.doing, after = ?time, "goes on");
        }
    }
}

/// Ends the process, whatever it does. Told by a thread of its own: what is stuck may be the log.
fn end(stall: Stall) {
    let (told, telling) = channel();
    let last_words = Builder::new().spawn(move || {
        error!(%stall, "the server cannot go on and ends");
        let _ = told.send(());
    });
    if last_words.is_ok() {
        let _ = telling.recv_timeout(LAST_WORDS);
    }
    std::process::exit(EXIT_STATUS);
}

impl App {
    /// Whoever has something to do.
    fn pulses(&self) -> Vec<collabd_core::progress::Pulse> {
        let mut pulses = self.coordinator().pulses();
        pulses.extend(self.documents().pulses());
        pulses.push(self.life().pulse());
        pulses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// H2
    #[test]
    fn a_freeze_is_two_beats_long() {
        let start = Instant::now();
        let mut clock = AwakeTime::since(start);
        assert_eq!(clock.at(start + BEAT), BEAT);
        assert_eq!(clock.at(start + BEAT + Duration::from_secs(12)), 3 * BEAT);
        assert_eq!(clock.at(start + 2 * BEAT + Duration::from_secs(12)), 4 * BEAT);
    }
}
