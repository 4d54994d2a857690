//! Members who stop reading: what their neighbours notice.
//!
//! Two runs of [`fanout`] with the same members, a share of whom do not move. In the first they read, in
//! the second they stop. Whoever moves must notice nothing, and what waits for those who do not read is bounded.

mod report;

use std::num::NonZeroU32;
use std::time::Duration;

pub use report::{Report, rows};

use crate::failure::Failure;
use crate::fanout::{self, Audience};
use crate::wire::Target;

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The first of the projects, which are numbered consecutively.
    pub first_project: u32,
    /// How many projects, in each of the two runs.
    pub projects: NonZeroU32,
    /// Members of each project.
    pub members: NonZeroU32,
    /// How many of them stop reading.
    pub stalled: NonZeroU32,
    /// Moves of each other member per second.
    pub rate: NonZeroU32,
    /// Moving before the measurement.
    pub warm_up: Duration,
    /// Moving that is measured: longer than a server waits for somebody who does not read.
    pub duration: Duration,
}

impl Plan {
    /// One of both runs.
    fn run(&self, target: &Target, is_stalled: bool) -> fanout::Plan {
        let shift = if is_stalled { self.projects.get() } else { 0 };
        fanout::Plan {
            target: *target,
            first_project: self.first_project + shift,
            projects: self.projects,
            members: self.members,
            rate: self.rate,
            warm_up: self.warm_up,
            duration: self.duration,
            sample: None,
            audience: Audience { members: self.stalled.get(), is_stalled },
        }
    }
}

/// Plays `plan`.
///
/// # Errors
/// [`Failure`] when one of the runs could not be played at all.
pub async fn run(plan: &Plan, target: &Target) -> Result<Report, Failure> {
    let reading = fanout::run(&plan.run(target, false)).await?;
    let stalled = fanout::run(&plan.run(target, true)).await?;
    Ok(Report::new(plan, reading, stalled))
}
