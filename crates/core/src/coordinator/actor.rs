//! The coordinator's loop: opens projects, notices their ends, shuts them down. It waits on nobody.

use std::sync::Arc;
use std::time::Duration;

use collabd_protocol::ProjectId;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinError;
use tokio::time::Instant;
use tracing::{debug, error};

use super::handle::{CoordinatorHandle, OpenError};
use crate::faults;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::progress::Progress;
use crate::project::{End, ProjectActor, ProjectHandle, Spec};
use crate::quarantine::Quarantine;
use crate::recorder::{FlightRecorder, ProjectEvent, ServerEvent};
use crate::roster::{Directory, Roster};
use crate::tasks::Tasks;

/// How long the readiness probe's project lives on: until the next probe, so that its actor need not be started for
/// each.
const CANARY_VACANCY: Duration = Duration::from_secs(10);

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
    quarantine: Quarantine<ProjectId>,
    progress: Arc<Progress>,
    limits: Limits,
    metrics: Metrics,
    /// Counts what the readiness probe does, out of sight.
    canary_metrics: Metrics,
    recorder: FlightRecorder,
    shutdown: Vec<oneshot::Sender<()>>,
    is_shutting_down: bool,
}

impl CollaborationCoordinator {
    /// Starts a coordinator as one of `tasks`.
    pub fn spawn(
        limits: Limits,
        metrics: Metrics,
        recorder: FlightRecorder,
        tasks: &Tasks,
    ) -> CoordinatorHandle {
        let (inbox_tx, inbox) = mpsc::channel(limits.coordinator_inbox);
        let projects = Roster::new(tasks);
        let directory = projects.directory();
        let progress = Arc::<Progress>::default();
        let handle = CoordinatorHandle {
            inbox: inbox_tx,
            directory: directory.clone(),
            patience: limits.patience,
            progress: Arc::clone(&progress),
        };
        let coordinator = Self {
            inbox,
            projects,
            directory,
            quarantine: Quarantine::default(),
            progress,
            limits,
            metrics,
            canary_metrics: Metrics::default(),
            recorder,
            shutdown: Vec::new(),
            is_shutting_down: false,
        };
        tasks.spawn_vital("coordinator", coordinator.run());
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
            self.progress.rest();
        }
        // Closed before the answers, so that whoever hears them can open nothing any more.
        self.inbox.close();
        for done in self.shutdown.drain(..) {
            // Whoever stopped waiting needs no answer.
            let _ = done.send(());
        }
    }

    /// Says what this turn is about. A turn ends with the loop's round.
    fn begin(&self, doing: &'static str) {
        self.progress.begin(doing);
        faults::strike("coordinator");
    }

    fn handle(&mut self, command: Command) {
        match command {
            Command::Open { project, reply } => {
                self.begin("open");
                // Whoever stopped waiting needs no answer.
                let _ = reply.send(self.open(project));
            }
            Command::ShutDown { drain, done } => {
                self.begin("shut_down");
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
        if let Some(retry_after) = self.quarantine.closed_for(&project, Instant::now()) {
            return Err(OpenError::Quarantined { retry_after });
        }
        let mut limits = self.limits.clone();
        let metrics = if project.is_reserved() {
            limits.vacancy = CANARY_VACANCY;
            &self.canary_metrics
        } else {
            &self.metrics
        };
        let incarnation = self.projects.next_incarnation();
        let (actor, handle) = ProjectActor::new(Spec {
            project,
            incarnation,
            limits,
            metrics: metrics.clone(),
            recorder: self.recorder.clone(),
        });
        metrics.project_opened();
        // Before the first of its own.
        self.recorder.project(project, ProjectEvent::Opened);
        self.projects.start(handle.clone(), actor.run());
        debug!(%project, "project opened");
        Ok(handle)
    }

    fn reap(&mut self, handle: &ProjectHandle, ended: Result<(), JoinError>) {
        self.begin("reap");
        let project = handle.project();
        let metrics = if project.is_reserved() { &self.canary_metrics } else { &self.metrics };
        metrics.project_ended();
        match ended {
            Ok(()) => self.recorder.project(project, ProjectEvent::Ended),
            Err(failed) => {
                self.metrics.panics().count("project");
                self.recorder.project(project, ProjectEvent::Restarted);
                self.recorder.server(ServerEvent::Panicked { project, document: None });
                error!(%project, error = %failed, "project actor panicked");
                self.recorder.log(Some(project));
                if self.quarantine.note(&project, Instant::now()) {
                    error!(%project, "project panicked again and again, closed for a minute");
                }
            }
        }
    }

    fn begin_shutdown(&mut self, drain: Duration) {
        if !self.is_shutting_down {
            self.is_shutting_down = true;
            self.projects.handles().for_each(|handle| handle.end(End::Drain(drain)));
        }
    }
}
