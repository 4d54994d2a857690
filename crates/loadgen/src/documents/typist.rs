//! The half of a client that types.

use std::sync::Arc;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use collabd_documents::wire;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::client::Stall;
use super::outcome::Place;
use super::phase::{PhaseWatch, Schedule};
use crate::editing::{EditingError, Editor, Sender};

/// How long a close frame may take to be written; a server that reads takes it at once.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// Presses the keys of one client and sends its answers.
pub(super) struct Typist {
    pub(super) place: Place,
    pub(super) stall: Arc<Stall>,
    pub(super) editor: Arc<Mutex<Editor>>,
    pub(super) sender: Sender,
    /// What the half that listens has to say.
    pub(super) answers: mpsc::Receiver<Bytes>,
}

impl Typist {
    /// Types, answers until the end and closes. Gives the measured updates that were sent.
    pub(super) async fn run(mut self, mut phase: PhaseWatch) -> u64 {
        let mut sent = 0;
        if let Some(schedule) = phase.typing().await {
            tokio::select! {
                // A server that does not read must not keep a client from closing.
                () = phase.closing() => {}
                // A connection that ended is reported by the half that listens.
                _ = self.follow(&schedule, &mut sent) => phase.closing().await,
            }
        }
        let _ = timeout(CLOSE_PATIENCE, self.sender.close()).await;
        sent
    }

    async fn follow(&mut self, schedule: &Schedule, sent: &mut u64) -> Result<(), EditingError> {
        let period = self.stall.plan.period();
        let mut ticks = interval_at(schedule.start + self.phase_shift(period), period);
        // A late generator sends fewer updates, which the report shows, instead of a burst.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                Some(answer) = self.answers.recv() => self.sender.send(answer).await?,
                _ = ticks.tick(), if Instant::now() < schedule.stop => {
                    if Instant::now() >= schedule.stop {
                        continue;
                    }
                    let now = self.stall.clock.now();
                    let update = self.press(now);
                    self.sender.send(wire::update(&update)).await?;
                    *sent += u64::from(now >= schedule.measured_from);
                }
            }
        }
    }

    fn press(&self, now: i64) -> Bytes {
        let keystroke = self.editor.lock().unwrap_or_else(PoisonError::into_inner).press();
        if let Some(clock) = keystroke.clock {
            self.stall.ledger(self.place).note(self.place.client as usize, clock, now);
        }
        keystroke.update
    }

    /// Spreads the clients of all documents evenly over one period.
    fn phase_shift(&self, period: Duration) -> Duration {
        let plan = &self.stall.plan;
        let number = self.place.document * plan.clients.get() + self.place.client;
        period.mul_f64(f64::from(number) / f64::from(plan.total_clients()))
    }
}
