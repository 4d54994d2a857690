//! A busy day: on one server, at the same time, people move, some of them stop reading, others come and go, and a crowd
//! only sits there. Each kind has projects of its own, so that what one of them does to another is a fault.

mod report;

use std::num::NonZeroU32;
use std::time::Duration;

pub use report::{Report, rows};

use crate::churn;
use crate::failure::Failure;
use crate::fanout::{self, Audience};
use crate::idle;
use crate::wire::Target;

/// The first projects of those who move beside somebody who does not read, of those who come and go, and of those who
/// sit there. Those who only move begin with 1.
const FIRST_PROJECTS: [u32; 3] = [100_001, 200_001, 300_001];

/// What to play.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Projects of ten in which people move; in as many others, two of ten do not read.
    pub projects: NonZeroU32,
    /// Moves of each per second.
    pub rate: NonZeroU32,
    /// Moving that is measured.
    pub duration: Duration,
    /// Sessions that come and go meanwhile.
    pub sessions: u32,
    /// Sockets that only sit there.
    pub sockets: NonZeroU32,
}

/// Members of each project.
const MEMBERS: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// Visitors at the same time.
const VISITORS: NonZeroU32 = NonZeroU32::MIN.saturating_add(7);
/// Members of a project who do not read.
const STALLED: u32 = 2;
/// Moving before the measurement.
const WARM_UP: Duration = Duration::from_secs(2);

impl Plan {
    fn moving(&self, target: &Target, first_project: u32, audience: Audience) -> fanout::Plan {
        fanout::Plan {
            target: *target,
            first_project,
            projects: self.projects,
            members: MEMBERS,
            rate: self.rate,
            warm_up: WARM_UP,
            duration: self.duration,
            sample: None,
            audience,
        }
    }

    fn coming(&self, first_project: u32) -> churn::Plan {
        churn::Plan {
            first_project,
            projects: self.projects,
            witnesses: NonZeroU32::MIN,
            visitors: VISITORS,
            sessions: self.sessions,
            abrupt_every: 2,
            is_alone: false,
        }
    }
}

/// Plays `plan`.
///
/// # Errors
/// [`Failure`] when one of the kinds could not be played at all.
pub async fn run(plan: &Plan, target: &Target) -> Result<Report, Failure> {
    let [beside, coming, sitting] = FIRST_PROJECTS;
    let moving = plan.moving(target, 1, Audience::default());
    let beside = plan.moving(target, beside, Audience { members: STALLED, is_stalled: true });
    let coming = plan.coming(coming);
    let sitting = idle::Plan { first_project: sitting, ..idle::Plan::new(plan.sockets, MEMBERS) };
    let (moving, beside, coming, sitting) = tokio::join!(
        Box::pin(fanout::run(&moving)),
        Box::pin(fanout::run(&beside)),
        Box::pin(churn::run(&coming, target)),
        Box::pin(idle::run(&sitting, target))
    );
    Ok(Report::new(moving?, beside?, coming?, sitting?))
}
