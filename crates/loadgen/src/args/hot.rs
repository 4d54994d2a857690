//! Options of `collab-bench hot`.

use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;
use collabd_loadgen::hot::{Goal, Plan};

use super::{MemberArguments, duration};

/// Options of `hot`.
#[derive(Debug, Args)]
pub(crate) struct HotArguments {
    /// Members of the document at each level, from few to many.
    #[arg(long, value_delimiter = ',', default_value = "25,50,75,100,150,200,300,400,500,600,800")]
    members: Vec<NonZeroU32>,
    /// Moves of each member per second.
    #[arg(long, default_value = "20")]
    rate: NonZeroU32,
    /// How many members look at what they receive; the others drain it.
    #[arg(long, default_value = "16")]
    sample: NonZeroU32,
    /// Moving before the measurement of each level, such as 500ms.
    #[arg(long, default_value = "3s", value_parser = duration)]
    warm_up: Duration,
    /// Moving that is measured at each level, such as 10s.
    #[arg(long, default_value = "8s", value_parser = duration)]
    duration: Duration,
    /// Latency that 99 % must stay below for a level to hold.
    #[arg(long, default_value = "50ms", value_parser = duration)]
    latency: Duration,
    /// Freshness that 99 % must stay below for a level to hold.
    #[arg(long, default_value = "100ms", value_parser = duration)]
    freshness: Duration,
    #[command(flatten)]
    pub(crate) on: MemberArguments,
}

impl HotArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> Plan {
        Plan {
            members: self.members.clone(),
            rate: self.rate,
            warm_up: self.warm_up,
            duration: self.duration,
            sample: self.sample,
            goal: Goal { latency: self.latency, freshness: self.freshness },
        }
    }
}
