//! Options of `collab-bench slow`.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;
use collabd_loadgen::slow::Plan;

use super::{MemberArguments, duration};

/// Options of `slow`.
#[derive(Debug, Args)]
pub(crate) struct SlowArguments {
    /// How many projects.
    #[arg(long, default_value = "10")]
    projects: NonZeroU32,
    /// Members of each project.
    #[arg(long, default_value = "10")]
    members: NonZeroU32,
    /// How many of them stop reading.
    #[arg(long, default_value = "2")]
    stalled: NonZeroU32,
    /// Moves of each other member per second.
    #[arg(long, default_value = "20")]
    rate: NonZeroU32,
    /// Moving before the measurement, such as 500ms.
    #[arg(long, default_value = "3s", value_parser = duration)]
    warm_up: Duration,
    /// Moving that is measured: longer than a server waits for somebody who does not read.
    #[arg(long, default_value = "20s", value_parser = duration)]
    duration: Duration,
    #[command(flatten)]
    pub(crate) on: MemberArguments,
}

impl SlowArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> Plan {
        Plan {
            first_project: 1,
            projects: self.projects,
            members: self.members,
            stalled: self.stalled,
            rate: self.rate,
            warm_up: self.warm_up,
            duration: self.duration,
        }
    }
}
