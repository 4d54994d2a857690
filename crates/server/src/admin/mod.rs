//! What operators see and do beside health and metrics, as JSON for the dashboard: the same wherever that is served, be it
//! the listener for operators, which has no GraphQL, or an open server's only one.

mod error;
mod question;
mod shown;

use std::cmp::Reverse;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::routing::{get, post};
use axum::{Json, Router};
use collabd_core::recorder::Target;
use collabd_protocol::{ProjectId, SessionId, UserId};
use serde::{Deserialize, Serialize};

use self::error::AdminError;
use self::question::Question;
use self::shown::{NamedProject, ShownSession};
use crate::app::App;
use crate::live;
use crate::recorded::RecordedEvent;
use crate::store::Limit;

/// The endpoints, for whoever may see what happens in all projects.
pub(crate) fn router() -> Router<App> {
    Router::new()
        .route("/admin/projects", get(projects))
        .route("/admin/sessions", get(sessions))
        .route("/admin/events", get(events))
        .route("/admin/kick", post(kick))
}

/// `GET /admin/projects`: what the running projects are called. How they are, `/health/collaboration` says.
async fn projects(State(app): State<App>) -> Result<Json<Vec<NamedProject>>, AdminError> {
    let mut running = app.coordinator().reports();
    // The busiest ones, where there are more than one listing takes.
    running.sort_unstable_by_key(|report| Reverse(report.connections));
    running.truncate(Limit::MAX.get() as usize);
    let ids: Vec<_> = running.iter().map(|report| report.project).collect();
    let stored = app.store().projects_among(&ids).await?;
    Ok(Json(stored.into_iter().map(NamedProject::from).collect()))
}

/// `GET /admin/sessions?project=N`: who is connected to a project, in the order in which they joined.
async fn sessions(
    State(app): State<App>,
    question: Question<SessionId>,
) -> Result<Json<Vec<ShownSession>>, AdminError> {
    let project = question.project.ok_or(AdminError::NoProject)?;
    let sessions = app.live().sessions(project, question.after, Limit::MAX);
    Ok(Json(sessions.into_iter().filter_map(ShownSession::of).collect()))
}

/// `GET /admin/events?project=N`: what happened last in a project, the newest first; without one, to the server.
async fn events(State(app): State<App>, question: Question<u64>) -> Json<Vec<RecordedEvent>> {
    let recorder = app.recorder();
    let Question { project, after } = question;
    Json(match project {
        Some(project) => recorder.of_project(project, after).into_iter().map(RecordedEvent::from).collect(),
        None => recorder.of_server(after).into_iter().map(RecordedEvent::from).collect(),
    })
}

/// Whom `POST /admin/kick` is about: all of a user's connections to a project, or the one of a session.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kick {
    #[serde(rename = "projectId")]
    project: ProjectId,
    #[serde(rename = "userId")]
    user: Option<UserId>,
    #[serde(rename = "sessionId")]
    session: Option<SessionId>,
}

#[derive(Debug, Serialize)]
struct Kicked {
    /// How many connections were closed.
    kicked: usize,
}

/// `POST /admin/kick`. A page of another origin cannot ask for it: its browser would have to send JSON, which needs a
/// permission that collabd never gives.
async fn kick(
    State(app): State<App>,
    kick: Result<Json<Kick>, JsonRejection>,
) -> Result<Json<Kicked>, AdminError> {
    let Json(Kick { project, user, session }) = kick?;
    let target = match (user, session) {
        (Some(user), None) => Target::User(user),
        (None, Some(session)) => Target::Session(session),
        _ => return Err(AdminError::NoTarget),
    };
    Ok(Json(Kicked { kicked: live::kick(&app, project, target, None) }))
}
