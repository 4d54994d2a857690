//! Health, told by going through the machine, and the metrics.

mod gate;
mod probe;
mod report;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

pub(crate) use gate::Gate;
pub(crate) use probe::watch;
pub(crate) use report::CollaborationReport;

use crate::app::App;
use crate::canary::CanaryError;

/// What `OpenMetrics` text is called.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Serialize)]
struct Status {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// `GET /health` and `/health/live`: the process answers, and nothing in it is stuck. Which project is, is nothing for
/// strangers (A8).
pub(crate) async fn live(State(app): State<App>) -> Response {
    let trouble = app.life().trouble();
    liveness(
        trouble.map(|what| if app.authority().is_open() { what } else { "something is stuck".to_owned() }),
    )
}

/// The same for operators.
pub(crate) async fn live_in_full(State(app): State<App>) -> Response {
    liveness(app.life().trouble())
}

fn liveness(trouble: Option<String>) -> Response {
    match trouble {
        None => Json(Status { status: "ok", reason: None }).into_response(),
        Some(reason) => {
            let body = Json(Status { status: "stuck", reason: Some(reason) });
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

/// `GET /health/ready`: a session can be opened and hears of a cursor, and the store answers.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    match readiness(&app).await {
        Ok(()) => Json(Status { status: "ready", reason: None }).into_response(),
        Err(reason) => {
            let body = Json(Status { status: "unready", reason: Some(reason.to_string()) });
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}

/// Why the server is not ready.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unready {
    /// It is shutting down.
    #[error("the server is shutting down")]
    Stopping,
    /// The last probes found it so.
    #[error("{0}")]
    Closed(String),
    /// Most of the memory is taken.
    #[error("memory")]
    Memory,
    /// The canary did not come back.
    #[error(transparent)]
    Canary(#[from] CanaryError),
    /// The store does not answer.
    #[error("the store does not answer")]
    Store,
}

/// Is the server able to do its work?
pub(crate) async fn readiness(app: &App) -> Result<(), Unready> {
    if app.stopping().is_cancelled() {
        return Err(Unready::Stopping);
    }
    // What has failed again and again is not asked once more by everybody who wants to know.
    if let Some(reason) = app.gate().reason() {
        return Err(Unready::Closed(reason));
    }
    app.canary().sing().await?;
    app.store().ping().await.map_err(|_| Unready::Store)
}

/// `GET /health/collaboration`: per-project reports and task counts, without asking any actor.
pub(crate) async fn collaboration(State(app): State<App>) -> Json<CollaborationReport> {
    Json(CollaborationReport::of(&app))
}

/// `GET /metrics`.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
    match app.metrics().exposition(app.connections(), app.tasks().count()) {
        Ok(text) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
