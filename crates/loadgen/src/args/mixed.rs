//! Options of `collab-bench mixed`.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;
use collabd_loadgen::mixed::Plan;

use super::{MemberArguments, duration};

/// Options of `mixed`.
#[derive(Debug, Args)]
pub(crate) struct MixedArguments {
    /// Projects of ten in which people move; in as many others, two of ten do not read.
    #[arg(long, default_value = "5")]
    projects: NonZeroU32,
    /// Moves of each per second.
    #[arg(long, default_value = "10")]
    rate: NonZeroU32,
    /// Moving that is measured, such as 10s.
    #[arg(long, default_value = "20s", value_parser = duration)]
    duration: Duration,
    /// Sessions that come and go meanwhile.
    #[arg(long, default_value = "10000")]
    sessions: u32,
    /// Sockets that only sit there.
    #[arg(long, default_value = "2000")]
    sockets: NonZeroU32,
    #[command(flatten)]
    pub(crate) on: MemberArguments,
}

impl MixedArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> Plan {
        Plan {
            projects: self.projects,
            rate: self.rate,
            duration: self.duration,
            sessions: self.sessions,
            sockets: self.sockets,
        }
    }
}
