//! The way into a project: cheap to clone, bounded in waiting.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::codec::Encoding;
use collabd_protocol::ids::Incarnation;
use collabd_protocol::{DocumentId, DocumentType, ProjectId};
use tokio::sync::{mpsc, watch};

use super::command::{Command, End};
use super::observer::Observer;
use super::report::{ProjectReport, Published};
use super::session::Session;
use crate::ask::{AskError, ask, tell};
use crate::outbox::Outbox;
use crate::progress::Pulse;
use crate::room::{self, Profile};
use crate::roster::Listed;

/// Who wants to join, and where its messages go.
#[derive(Debug, Clone)]
pub struct JoinRequest {
    /// The user.
    pub profile: Profile,
    /// How to encode what the session is told; without it, the session hears only when it has to close.
    pub encoding: Option<Encoding>,
    /// Where to put it.
    pub outbox: Outbox,
    /// The document to enter at once, with its kind if the client named one.
    pub document: Option<(DocumentId, Option<DocumentType>)>,
}

/// Why a join failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// The project has ended; open it again.
    #[error("the project has ended")]
    Closed,
    /// The project did not answer within the patience.
    #[error("the project did not answer in time")]
    Overloaded,
    /// The project holds as many sessions as it may.
    #[error("the project has {limit} sessions, which is the limit")]
    Full {
        /// Most sessions.
        limit: usize,
    },
    /// The project's actor broke down again and again.
    #[error("the project broke down again and again and is closed for a while")]
    Quarantined {
        /// How long it is still closed.
        retry_after: Duration,
    },
}

/// Why a project did not take a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// The project has ended.
    #[error("the project has ended")]
    Closed,
    /// The project had no room for the command within the patience.
    #[error("the project did not take the message in time")]
    Overloaded,
}

/// Sends commands to one run of one project's actor.
#[derive(Debug, Clone)]
pub struct ProjectHandle {
    pub(super) project: ProjectId,
    pub(super) incarnation: Incarnation,
    pub(super) patience: Duration,
    pub(super) inbox: mpsc::Sender<Command>,
    pub(super) end: watch::Sender<Option<End>>,
    pub(super) published: Arc<Published>,
}

impl ProjectHandle {
    /// Which project.
    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// Joins. The snapshot is in the outbox when this returns (J3). Cancel-safe: a join whose caller went away is
    /// undone.
    ///
    /// # Errors
    /// [`JoinError`]; nothing has happened then.
    pub async fn join(&self, request: JoinRequest) -> Result<Session, JoinError> {
        let request = Box::new(request);
        match ask(&self.inbox, self.patience, |reply| Command::Join { request, reply }).await {
            Ok(joined) => joined,
            Err(AskError::Closed) => Err(JoinError::Closed),
            Err(AskError::Overloaded) => Err(JoinError::Overloaded),
        }
    }

    /// Begins to watch who is here.
    ///
    /// # Errors
    /// [`ProjectError::Overloaded`] after the patience or when too many watch, [`ProjectError::Closed`] when the
    /// project has ended.
    pub async fn observe(&self) -> Result<Observer, ProjectError> {
        let observer = ask(&self.inbox, self.patience, |reply| Command::Observe { reply }).await?;
        observer.ok_or(ProjectError::Overloaded)
    }

    /// The project's state as of its last turn, without asking the actor.
    pub fn report(&self) -> ProjectReport {
        self.published.load(self.project, self.waiting())
    }

    /// The project's pulse, if it has something to do.
    pub(crate) fn pulse(&self) -> Option<Pulse> {
        let pulse = self.published.progress.pulse("project", self.waiting(), || self.project.to_string());
        pulse.map(|pulse| pulse.in_project(self.project))
    }

    fn waiting(&self) -> usize {
        self.inbox.max_capacity() - self.inbox.capacity()
    }

    pub(super) async fn tell(&self, command: room::Command) -> Result<(), ProjectError> {
        Ok(tell(&self.inbox, self.patience, Command::Room(Box::new(command))).await?)
    }

    pub(super) fn try_tell(&self, command: room::Command) -> Result<(), ProjectError> {
        self.inbox.try_send(Command::Room(Box::new(command))).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => ProjectError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => ProjectError::Closed,
        })
    }

    /// Which run of the actor this handle belongs to.
    pub(crate) fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    /// Has the actor break down, as only a bug would; false when its inbox is full.
    #[cfg(test)]
    pub(crate) fn break_down(&self) -> bool {
        self.inbox.try_send(Command::Panic).is_ok()
    }

    /// Asks the actor to end, without waiting.
    pub(crate) fn end(&self, end: End) {
        self.end.send_replace(Some(end));
    }
}

impl Listed for ProjectHandle {
    type Key = ProjectId;

    fn key(&self) -> ProjectId {
        self.project
    }

    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    fn is_closed(&self) -> bool {
        self.inbox.is_closed()
    }
}

impl From<AskError> for ProjectError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Closed => Self::Closed,
            AskError::Overloaded => Self::Overloaded,
        }
    }
}
