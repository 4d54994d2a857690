//! Options of `collab-bench fanout`.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;
use collabd_loadgen::fanout::{Audience, Plan};
use collabd_loadgen::wire::Target;

use super::{MemberArguments, duration};

/// Options of `fanout`.
#[derive(Debug, Args)]
pub(crate) struct FanoutArguments {
    /// Number of the first project.
    #[arg(long, default_value = "1")]
    first_project: u32,
    /// How many projects.
    #[arg(long, default_value = "1")]
    projects: NonZeroU32,
    /// Members of each project.
    #[arg(long, default_value = "100")]
    members: NonZeroU32,
    /// Moves of each member per second.
    #[arg(long, default_value = "10")]
    rate: NonZeroU32,
    /// Moving before the measurement, such as 500ms.
    #[arg(long, default_value = "2s", value_parser = duration)]
    warm_up: Duration,
    /// Moving that is measured, such as 10s or 1m30s.
    #[arg(long, default_value = "10s", value_parser = duration)]
    duration: Duration,
    /// Members of each project that look at what they receive; the others drain it [default: all of them].
    #[arg(long)]
    sample: Option<NonZeroU32>,
    #[command(flatten)]
    pub(crate) on: MemberArguments,
}

impl FanoutArguments {
    /// The plan these options make, against `target`.
    pub(crate) fn plan(&self, target: &Target) -> Plan {
        Plan {
            target: *target,
            first_project: self.first_project,
            projects: self.projects,
            members: self.members,
            rate: self.rate,
            warm_up: self.warm_up,
            duration: self.duration,
            sample: self.sample,
            audience: Audience::default(),
        }
    }
}
