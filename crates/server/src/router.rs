//! Which path leads where.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::map_request;
use axum::routing::get;
use tower_http::limit::RequestBodyLimitLayer;

use crate::app::App;
use crate::net::timely;
use crate::{connection, documents, graphql, health, page};

/// Bytes of a request's body.
const MAX_BODY: usize = 64 * 1024;

/// What clients reach.
pub(crate) fn public(app: &App) -> Router {
    // Which projects run, and how much happens in them, is nothing for strangers (A8).
    let operations = if app.authority().is_open() { probes().merge(reports()) } else { probes() };
    operations
        .route("/ws/collaboration", get(connection::v1).fallback(connection::wrong_method))
        .route("/ws/collaboration/v2", get(connection::v2).fallback(connection::wrong_method))
        .route("/ws/documents/{project}/{document}", get(documents::open).fallback(connection::wrong_method))
        .merge(graphql::router(app))
        .merge(page::router())
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .merge(whole_documents(app))
        .layer(map_request(timely))
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
    probes().merge(reports()).with_state(app.clone())
}

/// Whether the server works.
fn probes() -> Router<App> {
    Router::new()
        .route("/health", get(health::live))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
}

/// What happens in it.
fn reports() -> Router<App> {
    Router::new()
        .route("/health/collaboration", get(health::collaboration))
        .route("/metrics", get(health::metrics))
}
