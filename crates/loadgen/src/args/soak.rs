//! Options of `collab-bench soak`.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;
use collabd_loadgen::{churn, soak};

use super::{MemberArguments, duration};

/// Options of `soak`.
#[derive(Debug, Args)]
pub(crate) struct SoakArguments {
    /// How many rounds.
    #[arg(long, default_value = "10")]
    rounds: NonZeroU32,
    /// Sessions of each round.
    #[arg(long, default_value = "100000")]
    sessions: u32,
    /// How many projects.
    #[arg(long, default_value = "200")]
    projects: NonZeroU32,
    /// Those who come and go at the same time.
    #[arg(long, default_value = "64")]
    visitors: NonZeroU32,
    /// Members of the crowd in one document that each round begins with.
    #[arg(long, default_value = "200")]
    crowd: NonZeroU32,
    /// How long they move twenty times a second, such as 10s.
    #[arg(long, default_value = "13s", value_parser = duration)]
    crowd_duration: Duration,
    #[command(flatten)]
    pub(crate) on: MemberArguments,
}

impl SoakArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> soak::Plan {
        let round = churn::Plan {
            first_project: 1,
            projects: self.projects,
            witnesses: NonZeroU32::MIN,
            visitors: self.visitors,
            sessions: self.sessions,
            abrupt_every: 2,
            is_alone: true,
        };
        let crowd = soak::Crowd { members: self.crowd, duration: self.crowd_duration };
        soak::Plan { crowd, round, rounds: self.rounds }
    }
}
