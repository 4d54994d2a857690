//! Options of `collab-bench storm`.

use std::num::NonZeroU32;

use clap::Args;
use collabd_loadgen::storm::Plan;

use super::ServerArguments;
use super::members::EncodingName;

/// Options of `storm`.
#[derive(Debug, Args)]
pub(crate) struct StormArguments {
    /// How many projects.
    #[arg(long, default_value = "100")]
    projects: NonZeroU32,
    /// Members of each project.
    #[arg(long, default_value = "10")]
    members: NonZeroU32,
    /// How often the server is restarted.
    #[arg(long, default_value = "5")]
    restarts: u32,
    /// How messages are put into collabd's frames.
    #[arg(long, value_enum, default_value = "compact")]
    encoding: EncodingName,
    #[command(flatten)]
    pub(crate) servers: ServerArguments,
}

impl StormArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> Plan {
        Plan {
            projects: self.projects,
            members: self.members,
            restarts: self.restarts,
            encoding: self.encoding.encoding(),
        }
    }
}
