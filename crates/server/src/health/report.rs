//! The server's state as operators and tests read it.

use collabd_core::ProjectReport;
use serde::Serialize;
use tokio::runtime::Handle;

use crate::admission::AdmissionCounts;
use crate::app::App;

/// `GET /health/collaboration`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CollaborationReport {
    /// WebSockets open, and how many may be.
    pub(crate) connections: usize,
    pub(crate) connection_limit: usize,
    /// Places and budgets in use.
    pub(crate) admission: AdmissionCounts,
    /// Sessions in all projects.
    pub(crate) sessions: usize,
    pub(crate) documents: DocumentReport,
    pub(crate) tasks: TaskReport,
    /// Every running project.
    pub(crate) projects: Vec<ProjectState>,
}

/// Shared documents.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentReport {
    /// Documents loaded.
    pub(crate) open: i64,
    /// Connections' subscriptions to them.
    pub(crate) subscriptions: i64,
    /// Bytes of updates that wait for the store.
    pub(crate) unsaved_bytes: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskReport {
    /// Tasks that the server started and will await.
    pub(crate) tracked: usize,
    /// Tasks of the whole runtime, libraries' included.
    pub(crate) alive: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProjectState {
    pub(crate) project_id: i32,
    pub(crate) users: usize,
    pub(crate) connections: usize,
    pub(crate) leases: usize,
    pub(crate) documents: usize,
    pub(crate) observers: usize,
    pub(crate) inbox: usize,
    /// Commands of its sessions so far, and messages put into their outboxes.
    pub(crate) messages: u64,
    pub(crate) deliveries: u64,
}

impl From<ProjectReport> for ProjectState {
    fn from(report: ProjectReport) -> Self {
        Self {
            project_id: report.project.get(),
            users: report.users,
            connections: report.connections,
            leases: report.leases,
            documents: report.documents,
            observers: report.observers,
            inbox: report.inbox,
            messages: report.messages,
            deliveries: report.deliveries,
        }
    }
}

impl CollaborationReport {
    pub(crate) fn of(app: &App) -> Self {
        let projects: Vec<_> = app.coordinator().reports().into_iter().map(ProjectState::from).collect();
        let documents = app.metrics().documents();
        Self {
            connections: app.connections(),
            connection_limit: app.admission().connection_limit(),
            admission: app.admission().counts(),
            sessions: projects.iter().map(|project| project.connections).sum(),
            documents: DocumentReport {
                open: documents.open(),
                subscriptions: documents.subscriptions(),
                unsaved_bytes: documents.unsaved_bytes(),
            },
            tasks: TaskReport {
                tracked: app.tasks().count(),
                alive: Handle::current().metrics().num_alive_tasks(),
            },
            projects,
        }
    }
}
