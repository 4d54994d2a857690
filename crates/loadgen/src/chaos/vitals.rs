//! Whether the server answers for its health, all the while.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde::Serialize;
use tokio::runtime::Builder;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::daemon::Whereabouts;
use super::report::Report;
use crate::http::HttpClient;

/// Between two questions: often enough to meet every stall that a person would notice.
const EVERY: Duration = Duration::from_millis(20);

/// How the health page answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Health {
    /// Questions to a server that was meant to answer.
    pub asked: u64,
    /// Those without an answer, or with a bad one.
    pub failed: u64,
    /// Those whose answer took longer than it may.
    pub late: u64,
    /// The longest time from the connection to the last byte.
    pub worst_ms: f64,
}

/// Asks in a thread of its own, so that what keeps the clients busy does not count as the server's time.
#[derive(Debug)]
pub(crate) struct Vitals {
    health: Arc<Mutex<Health>>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Vitals {
    /// Begins to ask; an answer may take as long as `bar`.
    pub(crate) fn watch(place: watch::Receiver<Whereabouts>, bar: Duration) -> Self {
        let health = Arc::new(Mutex::new(Health::default()));
        let (stop, stopped) = oneshot::channel();
        let noted = Arc::clone(&health);
        let thread = thread::spawn(move || {
            if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
                runtime.block_on(async {
                    tokio::select! {
                        _ = stopped => {}
                        () = ask(place, bar, &noted) => {}
                    }
                });
            }
        });
        Self { health, stop, thread }
    }

    /// Stops, and writes into `report` how the page answered.
    pub(crate) fn report(self, report: &mut Report) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
        let health = *self.health.lock().unwrap_or_else(PoisonError::into_inner);
        let Health { asked, failed, late, worst_ms } = health;
        let broken = (failed + late > 0 || asked == 0).then(|| {
            format!("{failed} of {asked} without an answer, {late} late, the worst after {worst_ms:.1} ms")
        });
        let before = report.health.unwrap_or_default();
        report.health = Some(Health {
            asked: before.asked + asked,
            failed: before.failed + failed,
            late: before.late + late,
            worst_ms: before.worst_ms.max(worst_ms),
        });
        report.promise("the health page answers in time", broken.as_slice());
    }
}

async fn ask(place: watch::Receiver<Whereabouts>, bar: Duration, health: &Mutex<Health>) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let before = *place.borrow();
        if !before.is_up {
            continue;
        }
        let asked = Instant::now();
        let answer = HttpClient::new(before.address).get("/health").await;
        let taken = asked.elapsed();
        // A server that was killed meanwhile owes no answer.
        if *place.borrow() != before {
            continue;
        }
        let mut health = health.lock().unwrap_or_else(PoisonError::into_inner);
        health.asked += 1;
        health.failed += u64::from(!answer.is_ok_and(|answer| answer.status.is_success()));
        health.late += u64::from(taken > bar);
        health.worst_ms = health.worst_ms.max(taken.as_secs_f64() * 1000.0);
    }
}
