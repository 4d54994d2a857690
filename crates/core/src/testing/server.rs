//! A coordinator or a single project whose end asserts that nothing is left.

use std::time::Duration;

use collabd_protocol::ids::Incarnation;

use super::{Member, project};
use crate::coordinator::{CollaborationCoordinator, CoordinatorHandle};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::project::{ProjectActor, ProjectHandle, Spec};
use crate::recorder::FlightRecorder;
use crate::tasks::Tasks;

/// Everything that a server's core owns.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) coordinator: CoordinatorHandle,
    pub(crate) metrics: Metrics,
    pub(crate) recorder: FlightRecorder,
    pub(crate) tasks: Tasks,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(Limits::default())
    }

    pub(crate) fn start_with(limits: Limits) -> Self {
        let tasks = Tasks::new();
        let metrics = Metrics::default();
        let recorder = FlightRecorder::default();
        let coordinator = CollaborationCoordinator::spawn(limits, metrics.clone(), recorder.clone(), &tasks);
        Self { coordinator, metrics, recorder, tasks }
    }

    pub(crate) async fn join(&self, number: i32, name: &str) -> Member {
        let opened = self.coordinator.open(project(number)).await.unwrap();
        Member::join(&opened, name).await.unwrap()
    }

    /// Asserts that only the coordinator itself is left.
    pub(crate) fn assert_idle(&self) {
        assert_eq!(self.tasks.count(), 1, "tasks");
        assert_eq!(self.metrics.sessions(), 0, "sessions");
        assert_eq!(self.metrics.projects(), 0, "projects");
        assert_eq!(self.coordinator.reports(), [], "reports");
    }

    /// Shuts down and asserts that nothing is left. Every session has to be dropped already.
    pub(crate) async fn end(self) {
        self.coordinator.shut_down(Duration::ZERO).await;
        self.tasks.finished().await;
        assert_eq!(self.tasks.count(), 0, "tasks");
        assert_eq!(self.metrics.sessions(), 0, "sessions");
        assert_eq!(self.metrics.projects(), 0, "projects");
    }
}

/// One project actor without a coordinator.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) handle: ProjectHandle,
    pub(crate) metrics: Metrics,
    pub(crate) tasks: Tasks,
}

impl Project {
    pub(crate) fn start() -> Self {
        Self::start_with(Limits::default())
    }

    pub(crate) fn start_with(limits: Limits) -> Self {
        let (project, actor) = Self::build(limits);
        project.tasks.spawn(actor.run());
        project
    }

    /// An actor that has no turn until the test gives it one.
    pub(crate) fn build(limits: Limits) -> (Self, ProjectActor) {
        let metrics = Metrics::default();
        let (actor, handle) = ProjectActor::new(Spec {
            project: project(1),
            incarnation: Incarnation(7),
            limits,
            metrics: metrics.clone(),
            recorder: FlightRecorder::default(),
        });
        let project = Self { handle, metrics, tasks: Tasks::new() };
        (project, actor)
    }

    pub(crate) async fn join(&self, name: &str) -> Member {
        Member::join(&self.handle, name).await.unwrap()
    }

    /// Waits until the actor has ended by itself and asserts that nothing is left.
    pub(crate) async fn end(self) {
        self.tasks.finished().await;
        assert_eq!(self.metrics.sessions(), 0, "sessions");
    }
}
