//! Weeks in minutes: sessions come and go in rounds, and after each round the server must have nothing more than before
//! the first, and no more memory than after it.
//!
//! A round is a run of [`churn`], so every session opens a document.

mod report;
mod slope;

use std::num::NonZeroU32;

pub use report::{Report, Round, rows};

use crate::churn;
use crate::failure::Failure;
use crate::wire::Target;

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// One round.
    pub round: churn::Plan,
    /// How many rounds.
    pub rounds: NonZeroU32,
}

/// Plays `plan`.
///
/// # Errors
/// [`Failure`] when a round could not be played at all.
pub async fn run(plan: &Plan, target: &Target) -> Result<Report, Failure> {
    let mut rounds = Vec::new();
    for _ in 0..plan.rounds.get() {
        rounds.push(churn::run(&plan.round, target).await?);
    }
    Ok(Report::new(rounds))
}
