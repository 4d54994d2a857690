//! The hot document: everybody is in one document, and there are more and more of them.
//!
//! Each level is a run of [`fanout`] with one project. A level holds when its members are quick enough,
//! both in what they are sent (latency) and in what they know (freshness), and nobody was lost or told anything wrong.
//! The largest that holds is the result.

mod level;
mod report;

use std::num::NonZeroU32;
use std::time::Duration;

pub use level::Level;
pub use report::{Report, rows};

use crate::failure::Failure;
use crate::fanout::{self, Audience};
use crate::wire::Target;

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Members of the document at each level, from few to many.
    pub members: Vec<NonZeroU32>,
    /// Moves of each member per second.
    pub rate: NonZeroU32,
    /// Moving before the measurement of each level.
    pub warm_up: Duration,
    /// Moving that is measured at each level.
    pub duration: Duration,
    /// How many members look at what they receive; the others drain it.
    pub sample: NonZeroU32,
    /// What a level has to hold.
    pub goal: Goal,
}

/// What makes a level hold.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    /// 99 % of what is received takes less.
    pub latency: Duration,
    /// 99 % of the newest known positions are younger.
    pub freshness: Duration,
}

/// Plays level after level, up to the first that does not hold.
///
/// # Errors
/// [`Failure`] when a level could not be played at all.
pub async fn run(plan: &Plan, target: &Target) -> Result<Report, Failure> {
    let mut levels = Vec::new();
    for (first_project, members) in (1..).zip(&plan.members) {
        let level = fanout::Plan {
            target: *target,
            // A new project for each level: the one before may still be going.
            first_project,
            projects: NonZeroU32::MIN,
            members: *members,
            rate: plan.rate,
            warm_up: plan.warm_up,
            duration: plan.duration,
            sample: Some(plan.sample),
            audience: Audience::default(),
        };
        let level = Level::new(fanout::run(&level).await?, plan.goal);
        let holds = level.holds;
        levels.push(level);
        if !holds {
            break;
        }
    }
    Ok(Report::new(target.wire.name(), plan, levels))
}
