//! The way to the coordinator.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::ProjectId;
use tokio::sync::{mpsc, oneshot};

use super::actor::Command;
use crate::ask::{AskError, ask};
use crate::outbox::Goodbye;
use crate::progress::{Progress, Pulse};
use crate::project::{
    End, JoinError, JoinRequest, Observer, ProjectError, ProjectHandle, ProjectReport, Session,
};
use crate::roster::Directory;

/// Why a project could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The server is shutting down, or has.
    #[error("the server is shutting down")]
    ShuttingDown,
    /// The coordinator did not answer within the patience.
    #[error("the server did not answer in time")]
    Overloaded,
    /// The project's actor broke down again and again.
    #[error("the project broke down again and again and is closed for a while")]
    Quarantined {
        /// How long it is still closed.
        retry_after: Duration,
    },
}

/// Reaches the coordinator. Clones reach the same one.
#[derive(Debug, Clone)]
pub struct CoordinatorHandle {
    pub(super) inbox: mpsc::Sender<Command>,
    pub(super) directory: Directory<ProjectHandle>,
    pub(super) patience: Duration,
    pub(super) progress: Arc<Progress>,
}

impl CoordinatorHandle {
    /// How often an open is repeated when the project ends between open and join. Each retry meets a newer actor,
    /// so a second one is rare already.
    const OPEN_ATTEMPTS: usize = 4;

    /// Opens a project: starts its actor unless one runs.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(&self, project: ProjectId) -> Result<ProjectHandle, OpenError> {
        match ask(&self.inbox, self.patience, |reply| Command::Open { project, reply }).await {
            Ok(opened) => opened,
            Err(AskError::Closed) => Err(OpenError::ShuttingDown),
            Err(AskError::Overloaded) => Err(OpenError::Overloaded),
        }
    }

    /// Opens a project and joins it, again if it ends in between.
    ///
    /// # Errors
    /// [`JoinError`]; `Closed` means that the server is shutting down.
    pub async fn join(&self, project: ProjectId, request: JoinRequest) -> Result<Session, JoinError> {
        for _ in 0..Self::OPEN_ATTEMPTS {
            let handle = self.open(project).await?;
            match handle.join(request.clone()).await {
                Err(JoinError::Closed) => {}
                joined => return joined,
            }
        }
        Err(JoinError::Overloaded)
    }

    /// Opens a project and watches who is in it, again if it ends in between.
    ///
    /// # Errors
    /// [`ProjectError`]; `Closed` means that the server is shutting down.
    pub async fn observe(&self, project: ProjectId) -> Result<Observer, ProjectError> {
        for _ in 0..Self::OPEN_ATTEMPTS {
            let handle = self.open(project).await?;
            match handle.observe().await {
                Err(ProjectError::Closed) => {}
                observed => return observed,
            }
        }
        Err(ProjectError::Overloaded)
    }

    /// The running projects' reports, read from what they published; the readiness probe's project is left out.
    pub fn reports(&self) -> Vec<ProjectReport> {
        let handles = self.directory.list();
        handles.iter().filter(|handle| !handle.project().is_reserved()).map(ProjectHandle::report).collect()
    }

    /// The pulses of the coordinator and of the projects that have something to do, the readiness probe's included.
    pub fn pulses(&self) -> Vec<Pulse> {
        let waiting = self.inbox.max_capacity() - self.inbox.capacity();
        let own = self.progress.pulse("coordinator", waiting, String::new);
        let projects = self.directory.list();
        projects.iter().filter_map(ProjectHandle::pulse).chain(own).collect()
    }

    /// The handle of a project that runs.
    #[cfg(test)]
    pub(crate) fn running(&self, project: ProjectId) -> Option<ProjectHandle> {
        self.directory.live(&project)
    }

    /// One project's report; `None` when it does not run.
    pub fn report(&self, project: ProjectId) -> Option<ProjectReport> {
        self.directory.live(&project).map(|handle| handle.report())
    }

    /// Closes every member of a project, if it runs. Does not wait for them to be gone.
    pub fn close_project(&self, project: ProjectId, goodbye: Goodbye) {
        if let Some(handle) = self.directory.get(&project) {
            handle.end(End::Now(goodbye));
        }
    }

    /// Ends every project, its members spread over `drain`, and waits until all of them have ended. From then on
    /// every command fails (D1). Repeated calls wait for the same end.
    pub async fn shut_down(&self, drain: Duration) {
        let (done, ended) = oneshot::channel();
        // Room in the inbox is made by the coordinator alone, which waits on nobody, so this wait is short.
        if let Ok(permit) = self.inbox.reserve().await {
            permit.send(Command::ShutDown { drain, done });
            // An error means that the coordinator has ended already.
            let _ = ended.await;
        }
    }
}

impl From<OpenError> for JoinError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::ShuttingDown => Self::Closed,
            OpenError::Overloaded => Self::Overloaded,
            OpenError::Quarantined { retry_after } => Self::Quarantined { retry_after },
        }
    }
}

impl From<OpenError> for ProjectError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::ShuttingDown => Self::Closed,
            // Whoever watches looks again, as at a project that is busy.
            OpenError::Overloaded | OpenError::Quarantined { .. } => Self::Overloaded,
        }
    }
}
