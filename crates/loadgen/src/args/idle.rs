//! Options of `collab-bench idle`.

use std::num::NonZeroU32;

use clap::Args;
use collabd_loadgen::idle::Plan;

use super::MemberArguments;

/// Options of `idle`.
#[derive(Debug, Args)]
pub(crate) struct IdleArguments {
    /// How many sockets in all.
    #[arg(long, default_value = "10000")]
    sockets: NonZeroU32,
    /// How many of them in one project.
    #[arg(long, default_value = "10")]
    members: NonZeroU32,
    #[command(flatten)]
    pub(crate) on: MemberArguments,
}

impl IdleArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> Plan {
        Plan::new(self.sockets, self.members)
    }
}
