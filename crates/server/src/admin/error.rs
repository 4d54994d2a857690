//! Why an operator gets no answer.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use collabd_protocol::ids::ProjectIdError;
use serde_json::json;
use tracing::warn;

use crate::store::StoreError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AdminError {
    /// The query is none of those that are understood.
    #[error("the query may have project and after, each once and valid")]
    Query,
    /// The project is none.
    #[error("project {0}")]
    Project(#[from] ProjectIdError),
    /// No project is named.
    #[error("project is missing")]
    NoProject,
    /// The body is none of those that are understood.
    #[error("{}", .0.body_text())]
    Body(#[from] JsonRejection),
    /// Nobody is named, or too many.
    #[error("userId or sessionId must be given, and not both")]
    NoTarget,
    /// The store does not answer.
    #[error("the store is not available")]
    Store,
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        // Here the detail ends, so here it is logged.
        warn!(%error, "store unavailable");
        Self::Store
    }
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Body(rejection) => rejection.status(),
            Self::Store => StatusCode::SERVICE_UNAVAILABLE,
            Self::Query | Self::Project(_) | Self::NoProject | Self::NoTarget => StatusCode::BAD_REQUEST,
        };
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}
