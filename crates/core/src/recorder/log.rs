//! What happened last, in the log: below a line about something that must not happen, for whoever has to find out why.

use std::fmt::{self, Display};

use collabd_protocol::ProjectId;
use tracing::warn;

use super::{Close, FlightRecorder, ProjectEvent, Record, ServerEvent, Target, Who};

/// So many events: one line that can still be read, and at most some kilobytes with the longest ids.
pub(super) const TOLD: usize = 16;

impl FlightRecorder {
    /// Logs in one line what happened last in `project`, or to the server where nobody's project is to blame. Names stay
    /// out of the log: an id is enough to look for.
    pub fn log(&self, project: Option<ProjectId>) {
        match project {
            // Of the readiness probe's project nothing is kept.
            Some(project) if project.is_reserved() => {}
            Some(project) => {
                warn!(%project, events = %Told(self.of_project(project, None)), "what happened before");
            }
            None => warn!(events = %Told(self.of_server(None)), "what happened before"),
        }
    }
}

/// Records, the newest first, as they are told: the oldest first.
pub(super) struct Told<E>(pub(super) Vec<Record<E>>);

impl<E: Display> Display for Told<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, record) in self.0.iter().take(TOLD).rev().enumerate() {
            let before = if place == 0 { "" } else { "; " };
            write!(formatter, "{before}{:.3} {}", record.at, record.event)?;
            if record.times > 1 {
                write!(formatter, " {} times", record.times)?;
            }
        }
        Ok(())
    }
}

impl Display for ProjectEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opened => write!(formatter, "opened"),
            Self::Ended => write!(formatter, "ended"),
            Self::Restarted => write!(formatter, "restarted"),
            Self::Joined { who, document } => {
                write!(formatter, "joined {who}")?;
                document.as_ref().map_or(Ok(()), |document| write!(formatter, " in {:?}", document.as_str()))
            }
            Self::Departed { who, reason, close } => {
                write!(formatter, "departed {who} {}", reason.name())?;
                close.map_or(Ok(()), |close| write!(formatter, " {close}"))
            }
            Self::Kicked { target: Target::User(user), .. } => {
                write!(formatter, "kicked {:?}", user.as_str())
            }
            Self::Kicked { target: Target::Session(session), .. } => write!(formatter, "kicked {session}"),
            Self::DocumentOpened(document) => write!(formatter, "document opened {:?}", document.as_str()),
            Self::DocumentClosed(document) => write!(formatter, "document closed {:?}", document.as_str()),
            Self::DocumentRestarted(document) => {
                write!(formatter, "document restarted {:?}", document.as_str())
            }
        }
    }
}

impl Display for ServerEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started => write!(formatter, "started"),
            Self::Stopping => write!(formatter, "stopping"),
            Self::Refused(reason) => write!(formatter, "refused {reason}"),
            Self::Evicted { project, user } => {
                write!(formatter, "evicted {:?} of project {project}", user.as_str())
            }
            Self::Panicked { project, document: None } => write!(formatter, "panicked project {project}"),
            Self::Panicked { project, document: Some(document) } => {
                write!(formatter, "panicked document {:?} of project {project}", document.as_str())
            }
        }
    }
}

impl Display for Who {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} {}", self.user.as_str(), self.session)
    }
}

impl Display for Close {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(code) => write!(formatter, "by server with {}", code.number()),
            Self::Client(None) => write!(formatter, "by client"),
            Self::Client(Some(code)) => write!(formatter, "by client with {code}"),
        }
    }
}
