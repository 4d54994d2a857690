//! The server's health.

use async_graphql::SimpleObject;

use crate::app::App;
use crate::health::{CollaborationReport, readiness};

/// Whether the server is able to do its work, and how much of it there is.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Health {
    /// Did a probe session hear of a cursor, and does the store answer?
    is_ready: bool,
    /// Why it is not ready.
    reason: Option<String>,
    /// WebSockets open.
    connections: usize,
    /// Sessions in all projects.
    sessions: usize,
    /// Tasks that the server has started and will await.
    tasks: usize,
    /// Projects that run.
    projects: usize,
}

impl Health {
    /// Probes the server as `/health/ready` does.
    pub(in crate::graphql) async fn of(app: &App) -> Self {
        let readiness = readiness(app).await;
        let report = CollaborationReport::of(app);
        Self {
            is_ready: readiness.is_ok(),
            reason: readiness.err().map(|unready| unready.to_string()),
            connections: report.connections,
            sessions: report.sessions,
            tasks: report.tasks.tracked,
            projects: report.projects.len(),
        }
    }
}
