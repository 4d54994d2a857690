//! Which path leads where.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::app::App;
use crate::{connection, graphql, health};

/// Bytes of a request's body.
const MAX_BODY: usize = 64 * 1024;
/// Time between two parts of a request's body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// What clients reach.
pub(crate) fn public(app: &App) -> Router {
    operations()
        .route("/ws/collaboration", get(connection::v1).fallback(connection::wrong_method))
        .route("/ws/collaboration/v2", get(connection::v2).fallback(connection::wrong_method))
        .merge(graphql::router(app))
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT))
        .with_state(app.clone())
}

/// What operators reach on the listener of their own.
pub(crate) fn admin(app: &App) -> Router {
    operations().with_state(app.clone())
}

fn operations() -> Router<App> {
    Router::new()
        .route("/health", get(health::live))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/health/collaboration", get(health::collaboration))
        .route("/metrics", get(health::metrics))
}
