//! Options of `collab-bench churn`.

use std::num::NonZeroU32;

use clap::Args;
use collabd_loadgen::churn::Plan;

use super::MemberArguments;

/// Options of `churn`.
#[derive(Debug, Args)]
pub(crate) struct ChurnArguments {
    /// How many projects.
    #[arg(long, default_value = "200")]
    projects: NonZeroU32,
    /// Those who stay and must hear of everybody, in each project.
    #[arg(long, default_value = "1")]
    witnesses: NonZeroU32,
    /// Those who come and go at the same time.
    #[arg(long, default_value = "64")]
    visitors: NonZeroU32,
    /// Sessions of all of them together.
    #[arg(long, default_value = "40000")]
    sessions: u32,
    /// One of so many sessions ends with a TCP reset; 0 for none.
    #[arg(long, default_value = "2")]
    abrupt_every: u32,
    #[command(flatten)]
    pub(crate) on: MemberArguments,
}

impl ChurnArguments {
    /// The plan these options make.
    pub(crate) fn plan(&self) -> Plan {
        Plan {
            first_project: 1,
            projects: self.projects,
            witnesses: self.witnesses,
            visitors: self.visitors,
            sessions: self.sessions,
            abrupt_every: self.abrupt_every,
            is_alone: true,
        }
    }
}
