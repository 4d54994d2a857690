//! Weeks in minutes: sessions come and go in rounds, and after each round the server must have nothing more than before
//! the first, and no more memory than after it.
//!
//! A round is a run of [`fanout`] in one crowded document, for the messages, and then one of [`churn`], for the sessions, each
//! of which opens a document.

mod report;
mod slope;

use std::num::NonZeroU32;
use std::time::Duration;

pub use report::{Report, Round, rows};

use crate::churn;
use crate::failure::Failure;
use crate::fanout::{self, Audience};
use crate::wire::Target;

/// Moves of each member of the crowd per second.
const RATE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// How many of the crowd look at what they receive.
const SAMPLE: NonZeroU32 = NonZeroU32::new(16).unwrap();

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The crowd that each round begins with.
    pub crowd: Crowd,
    /// The sessions of one round.
    pub round: churn::Plan,
    /// How many rounds.
    pub rounds: NonZeroU32,
}

/// Members of one document who all move.
#[derive(Debug, Clone, Copy)]
pub struct Crowd {
    /// How many.
    pub members: NonZeroU32,
    /// For how long.
    pub duration: Duration,
}

impl Plan {
    fn crowd(&self, target: &Target) -> fanout::Plan {
        fanout::Plan {
            target: *target,
            first_project: self.round.first_project,
            projects: NonZeroU32::MIN,
            members: self.crowd.members,
            rate: RATE,
            warm_up: Duration::ZERO,
            duration: self.crowd.duration,
            sample: Some(SAMPLE),
            audience: Audience::default(),
        }
    }
}

/// Plays `plan`.
///
/// # Errors
/// [`Failure`] when a round could not be played at all.
pub async fn run(plan: &Plan, target: &Target) -> Result<Report, Failure> {
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds.get() {
        let crowd = fanout::run(&plan.crowd(target)).await?;
        rounds.push((crowd, churn::run(&plan.round, target).await?));
    }
    Ok(Report::new(rounds))
}
