//! Which path leads where.

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::map_request;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{MethodRouter, get};
use collabd_core::Panics;
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};
use tower_http::limit::RequestBodyLimitLayer;
use tracing::error;

use crate::app::App;
use crate::net::timely;
use crate::{admin, connection, documents, graphql, health, page};

/// Bytes of a request's body.
const MAX_BODY: usize = 64 * 1024;

/// What clients reach.
pub(crate) fn public(app: &App) -> Router {
    // Which projects run, and how much happens in them, is nothing for strangers (A8).
    let probes = probes(get(health::live));
    let operations = if app.authority().is_open() { probes.merge(reports()) } else { probes };
    #[cfg(feature = "echo")]
    let operations = operations.merge(crate::echo::routes());
    operations
        .route("/ws/collaboration", get(connection::v1).fallback(connection::wrong_method))
        .route("/ws/collaboration/v2", get(connection::v2).fallback(connection::wrong_method))
        .route("/ws/documents/{project}/{document}", get(documents::open).fallback(connection::wrong_method))
        .merge(graphql::router(app))
        .merge(page::workspace())
        .merge(page::assets())
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .merge(whole_documents(app))
        .layer(map_request(timely))
        .layer(surviving_panics(app))
        .with_state(app.clone())
}

/// Bodies are as large as documents here.
fn whole_documents(app: &App) -> Router<App> {
    Router::new()
        .route("/documents/{project}/{document}", get(documents::export).post(documents::import))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(app.config().documents.max_document_bytes))
}

/// What operators reach on the listener of their own.
pub(crate) fn admin(app: &App) -> Router {
    let router = probes(get(health::live_in_full))
        .merge(reports())
        .merge(page::assets())
        .route("/", get(|| async { Redirect::temporary("/dashboard") }));
    #[cfg(feature = "fault-injection")]
    let router = router.merge(crate::faults::routes());
    router
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(map_request(timely))
        .layer(surviving_panics(app))
        .with_state(app.clone())
}

/// A request that meets a bug is the only one that fails.
fn surviving_panics(app: &App) -> CatchPanicLayer<impl ResponseForPanic<ResponseBody = Body> + use<>> {
    let panics = app.metrics().panics().clone();
    CatchPanicLayer::custom(move |_| panicked(&panics))
}

/// The panic hook has told where it was.
fn panicked(panics: &Panics) -> Response {
    panics.count("request");
    error!("request panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, Json(serde_json::json!({ "error": "internal error" })))
        .into_response()
}

/// Whether the server works.
fn probes(live: MethodRouter<App>) -> Router<App> {
    Router::new()
        .route("/health", live.clone())
        .route("/health/live", live)
        .route("/health/ready", get(health::ready))
}

/// What happens in it.
fn reports() -> Router<App> {
    Router::new()
        .route("/health/collaboration", get(health::collaboration))
        .route("/metrics", get(health::metrics))
        .merge(admin::router())
        .merge(page::dashboard())
}
