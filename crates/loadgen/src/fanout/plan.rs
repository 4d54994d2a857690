//! What to play, and what forbids it.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use collabd_protocol::Encoding;
use collabd_protocol::codec::Dialect;
use hdrhistogram::CreationError;
use tokio::task::JoinError;

use crate::process::{ProcessError, descriptor_limit};

/// Descriptors that the process needs besides the members' sockets: standard streams, runtime, report.
const OTHER_DESCRIPTORS: u64 = 32;

/// One run of the scenario.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The server. Not a loopback address only with `allow_remote`.
    pub address: SocketAddr,
    /// May the load go to another machine?
    pub allow_remote: bool,
    /// The first of the projects, which are numbered consecutively.
    pub first_project: i32,
    /// How many projects.
    pub projects: NonZeroU32,
    /// Members of each project.
    pub members: NonZeroU32,
    /// Moves of each member per second.
    pub rate: NonZeroU32,
    /// Moving that is not measured: caches fill, connections find their windows.
    pub warm_up: Duration,
    /// Moving that is measured.
    pub duration: Duration,
    /// A v2 encoding: v1 messages carry no send time.
    pub encoding: Encoding,
    /// The server's process, to tell what it costs.
    pub pid: Option<u32>,
}

/// Why a run could not begin or end.
#[derive(Debug, thiserror::Error)]
pub enum FanoutError {
    /// The target is another machine.
    #[error("{0} is not a loopback address: a load is for a machine that expects it (see --allow-remote)")]
    RemoteTarget(SocketAddr),
    /// The encoding has no send times.
    #[error("the v1 dialect carries no send time, so latency cannot be measured with it")]
    Unmeasurable,
    /// The last project's number would be too large.
    #[error("project numbers must stay from 1 to 2147483647")]
    ProjectRange,
    /// The process may not open enough sockets.
    #[error("needs {needed} file descriptors, the limit is {limit}: raise it with ulimit -n")]
    TooFewDescriptors {
        /// What the plan needs.
        needed: u64,
        /// What the process may open.
        limit: u64,
    },
    /// A process could not be looked at.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// The histogram's bounds make none.
    #[error("histogram: {0:?}")]
    Histogram(CreationError),
    /// Not one member could join.
    #[error("nobody could join: {reason}")]
    NobodyJoined {
        /// Why the first one could not.
        reason: String,
    },
    /// A member's task panicked.
    #[error("a member failed: {0}")]
    Member(#[from] JoinError),
}

impl Plan {
    /// Members of all projects together.
    pub fn total_members(&self) -> u32 {
        self.projects.get().saturating_mul(self.members.get())
    }

    /// The time between two moves of one member.
    pub(super) fn period(&self) -> Duration {
        Duration::from_secs(1) / self.rate.get()
    }

    /// The number of the project at `index`.
    pub(super) fn project(&self, index: u32) -> i32 {
        self.first_project.saturating_add_unsigned(index)
    }

    /// Checks what can be known before the first connection.
    ///
    /// # Errors
    /// [`FanoutError`] names what forbids the run.
    pub fn check(&self) -> Result<(), FanoutError> {
        if !self.allow_remote && !self.address.ip().is_loopback() {
            return Err(FanoutError::RemoteTarget(self.address));
        }
        if self.encoding.dialect() == Dialect::V1 {
            return Err(FanoutError::Unmeasurable);
        }
        let last = self.first_project.checked_add_unsigned(self.projects.get() - 1);
        if self.first_project < 1 || last.is_none() {
            return Err(FanoutError::ProjectRange);
        }
        let needed = u64::from(self.total_members()) + OTHER_DESCRIPTORS;
        match descriptor_limit()? {
            Some(limit) if limit < needed => Err(FanoutError::TooFewDescriptors { needed, limit }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            address: ([127, 0, 0, 1], 3000).into(),
            allow_remote: false,
            first_project: 1,
            projects: NonZeroU32::MIN,
            members: NonZeroU32::MIN,
            rate: NonZeroU32::MIN,
            warm_up: Duration::ZERO,
            duration: Duration::from_secs(1),
            encoding: Encoding::JsonBatch,
            pid: None,
        }
    }

    #[test]
    fn a_load_goes_to_another_machine_only_when_told_to() {
        let mut plan = plan();
        plan.check().unwrap();
        plan.address = ([192, 0, 2, 1], 3000).into();
        assert!(matches!(plan.check(), Err(FanoutError::RemoteTarget(_))));
        plan.allow_remote = true;
        plan.check().unwrap();
    }

    #[test]
    fn a_plan_that_cannot_be_measured_or_numbered_is_refused() {
        let v1 = Plan { encoding: Encoding::V1, ..plan() };
        assert!(matches!(v1.check(), Err(FanoutError::Unmeasurable)));
        let beyond = Plan { first_project: i32::MAX, projects: NonZeroU32::new(2).unwrap(), ..plan() };
        assert!(matches!(beyond.check(), Err(FanoutError::ProjectRange)));
        let crowd = Plan { projects: NonZeroU32::MAX, first_project: 1, ..plan() };
        assert!(crowd.check().is_err());
    }
}
