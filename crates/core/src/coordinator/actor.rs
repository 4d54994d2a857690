//! The coordinator's loop: opens projects, notices their ends, shuts them down. It waits on nobody.

use std::time::Duration;

use collabd_protocol::ProjectId;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinError;
use tracing::{debug, error};

use super::handle::{CoordinatorHandle, OpenError};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::project::{End, ProjectActor, ProjectHandle, Spec};
use crate::roster::{Directory, Roster};
use crate::tasks::Tasks;

/// A command in the coordinator's inbox.
#[derive(Debug)]
pub(super) enum Command {
    Open { project: ProjectId, reply: oneshot::Sender<Result<ProjectHandle, OpenError>> },
    ShutDown { drain: Duration, done: oneshot::Sender<()> },
}

/// Owns every project actor.
#[derive(Debug)]
pub struct CollaborationCoordinator {
    inbox: mpsc::Receiver<Command>,
    projects: Roster<ProjectHandle>,
    directory: Directory<ProjectHandle>,
    limits: Limits,
    metrics: Metrics,
    /// Counts what the readiness probe does, out of sight.
    canary_metrics: Metrics,
    shutdown: Vec<oneshot::Sender<()>>,
    is_shutting_down: bool,
}

impl CollaborationCoordinator {
    /// Starts a coordinator as one of `tasks`.
    pub fn spawn(limits: Limits, metrics: Metrics, tasks: &Tasks) -> CoordinatorHandle {
        let (inbox_tx, inbox) = mpsc::channel(limits.coordinator_inbox);
        let projects = Roster::new(tasks);
        let directory = projects.directory();
        let handle =
            CoordinatorHandle { inbox: inbox_tx, directory: directory.clone(), patience: limits.patience };
        let coordinator = Self {
            inbox,
            projects,
            directory,
            limits,
            metrics,
            canary_metrics: Metrics::default(),
            shutdown: Vec::new(),
            is_shutting_down: false,
        };
        tasks.spawn(coordinator.run());
        handle
    }

    async fn run(mut self) {
        let mut has_handles = true;
        while !(self.is_shutting_down && self.projects.is_empty()) {
            tokio::select! {
                biased;
                (handle, ended) = self.projects.ended() => self.reap(&handle, ended),
                command = self.inbox.recv(), if has_handles => if let Some(command) = command {
                    self.handle(command);
                } else {
                    // A closed inbox answers at once and for ever, so it is not asked again.
                    has_handles = false;
                    self.begin_shutdown(Duration::ZERO);
                },
            }
        }
        // Closed before the answers, so that whoever hears them can open nothing any more.
        self.inbox.close();
        for done in self.shutdown.drain(..) {
            // Whoever stopped waiting needs no answer.
            let _ = done.send(());
        }
    }

    fn handle(&mut self, command: Command) {
        match command {
            Command::Open { project, reply } => {
                // Whoever stopped waiting needs no answer.
                let _ = reply.send(self.open(project));
            }
            Command::ShutDown { drain, done } => {
                self.shutdown.push(done);
                self.begin_shutdown(drain);
            }
        }
    }

    fn open(&mut self, project: ProjectId) -> Result<ProjectHandle, OpenError> {
        if self.is_shutting_down {
            return Err(OpenError::ShuttingDown);
        }
        if let Some(handle) = self.directory.live(&project) {
            return Ok(handle);
        }
        let metrics = if project.is_reserved() { &self.canary_metrics } else { &self.metrics };
        let incarnation = self.projects.next_incarnation();
        let (actor, handle) = ProjectActor::new(Spec {
            project,
            incarnation,
            limits: self.limits.clone(),
            metrics: metrics.clone(),
        });
        metrics.project_opened();
        self.projects.start(handle.clone(), actor.run());
        debug!(%project, "project opened");
        Ok(handle)
    }

    fn reap(&self, handle: &ProjectHandle, ended: Result<(), JoinError>) {
        let metrics = if handle.project().is_reserved() { &self.canary_metrics } else { &self.metrics };
        metrics.project_ended();
        if let Err(failed) = ended {
            metrics.project_panicked();
            error!(project = %handle.project(), error = %failed, "project actor panicked");
        }
    }

    fn begin_shutdown(&mut self, drain: Duration) {
        if !self.is_shutting_down {
            self.is_shutting_down = true;
            self.projects.handles().for_each(|handle| handle.end(End::Drain(drain)));
        }
    }
}
