//! The half of a member that moves.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::member::Shared;
use super::phase::{PhaseWatch, Schedule};
use super::plan::Part;
use crate::wire::{LAST_STEP, Place, Speaker, WireError};

/// How long a close frame may take to be written; a server that reads takes it at once.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// Sends the moves of one member.
#[derive(Debug)]
pub(super) struct Mover {
    place: Place,
    part: Part,
    shared: Arc<Shared>,
    speaker: Speaker,
    moves: u64,
}

impl Mover {
    pub(super) fn new(place: Place, part: Part, shared: Arc<Shared>, speaker: Speaker) -> Self {
        Self { place, part, shared, speaker, moves: 0 }
    }

    /// Moves, sends the last position, waits for the end and closes. Gives the measured moves that were sent.
    pub(super) async fn run(mut self, mut phase: PhaseWatch) -> u64 {
        if let Some(schedule) = phase.moving().await
            && self.part.moves()
        {
            tokio::select! {
                // A server that does not read must not keep a member from closing.
                () = phase.closing() => {}
                // A connection that ended is reported by the half that reads.
                _ = self.follow(&schedule) => phase.closing().await,
            }
        } else {
            phase.closing().await;
        }
        let _ = timeout(CLOSE_PATIENCE, self.speaker.close()).await;
        self.moves
    }

    async fn follow(&mut self, schedule: &Schedule) -> Result<(), WireError> {
        let period = self.shared.plan.period();
        let mut ticks = interval_at(schedule.start + self.phase_shift(period), period);
        // A late generator sends fewer moves, which the report shows, instead of a burst.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        for step in 1.. {
            ticks.tick().await;
            let sent_at = self.shared.clock.now();
            if Instant::now() >= schedule.stop {
                return self.speaker.say(LAST_STEP, sent_at).await;
            }
            self.speaker.say(step % LAST_STEP, sent_at).await?;
            if sent_at >= schedule.measured_from {
                self.moves += 1;
            }
        }
        Ok(())
    }

    /// Spreads the members of all projects evenly over one period.
    fn phase_shift(&self, period: Duration) -> Duration {
        let plan = &self.shared.plan;
        let number = plan.index(self.place) * plan.members.get() + self.place.member;
        period.mul_f64(f64::from(number) / f64::from(plan.total_members()))
    }
}
