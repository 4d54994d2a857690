//! `/documents/{project_id}/{document_id}`: a document out and in over plain HTTP, as a Yjs update, as JSON or as text.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use collabd_core::faults;
use collabd_documents::{DocumentError, DocumentKey};
use collabd_protocol::{CloseCode, DocumentId, Role};
use tracing::warn;

use super::place;
use super::whole::{Whole, WholeError};
use crate::admission::{Refusal, cost};
use crate::app::App;
use crate::auth::{AuthError, bearer};
use crate::store::StoreError;

const UPDATE: &str = "application/octet-stream";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain";

/// Why a request is not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransferError {
    /// It names no document.
    #[error("the path must be /documents/PROJECT/DOCUMENT")]
    Path,
    /// Its sender may not do this.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// Its sender has asked for too much.
    #[error(transparent)]
    Limit(#[from] Refusal),
    /// There is no such project, or nobody looks.
    #[error("{}", .0.name())]
    Place(CloseCode),
    /// Its body is too long or did not arrive.
    #[error(transparent)]
    Body(#[from] BytesRejection),
    /// It holds neither of the forms.
    #[error("Content-Type must be {UPDATE} or {JSON}")]
    ContentType,
    /// Its body is no JSON.
    #[error("the body is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The document does not do it.
    #[error(transparent)]
    Whole(#[from] WholeError),
}

impl TransferError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Path | Self::Json(_) => StatusCode::BAD_REQUEST,
            Self::Auth(error) => error.status(),
            Self::Limit(refusal) => refusal.status(),
            Self::Place(CloseCode::Forbidden | CloseCode::ProjectDeleted)
            | Self::Whole(WholeError::NoVersion) => StatusCode::NOT_FOUND,
            Self::Body(rejection) => rejection.status(),
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Whole(WholeError::Refused(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Whole(WholeError::Unshowable(_)) => StatusCode::NOT_ACCEPTABLE,
            Self::Place(_)
            | Self::Whole(
                WholeError::Document(
                    DocumentError::Closed
                    | DocumentError::Overloaded
                    | DocumentError::Unavailable
                    | DocumentError::Full(_)
                    | DocumentError::Quarantined { .. },
                )
                | WholeError::Store(StoreError::Unavailable(_)),
            ) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Whole(WholeError::Store(_) | WholeError::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for TransferError {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            warn!(error = %self, "document not transferred");
        }
        match self {
            Self::Limit(refusal) => refusal.into_response(),
            _ => (status, Json(serde_json::json!({ "error": self.to_string() }))).into_response(),
        }
    }
}

type Which = Result<Path<(String, String)>, PathRejection>;

/// `GET`: the whole document in the form that `Accept` asks for first, a Yjs update when it names none of them.
pub(crate) async fn export(
    State(app): State<App>,
    which: Which,
    headers: HeaderMap,
) -> Result<Response, TransferError> {
    let document = find(&app, which, &headers, Role::Viewer).await?;
    let state = document.state().await.inspect_err(|error| count(&app, error))?;
    Ok(match wanted(&headers) {
        JSON => Json(document.json(state).await?).into_response(),
        TEXT => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], document.text(state).await?).into_response(),
        _ => ([(CONTENT_TYPE, UPDATE)], state).into_response(),
    })
}

/// `POST`: a Yjs update is merged into the document; the members of a JSON object take the place of the roots that they
/// name. Answered when it is on disk.
pub(crate) async fn import(
    State(app): State<App>,
    which: Which,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, TransferError> {
    let document = find(&app, which, &headers, Role::Editor).await?;
    let body = body?;
    let imported = match headers.get(CONTENT_TYPE).and_then(media_type) {
        Some(UPDATE) => document.import(Bytes::copy_from_slice(&body)).await,
        Some(JSON) => document.import_json(serde_json::from_slice(&body)?).await,
        _ => return Err(TransferError::ContentType),
    };
    imported.inspect_err(|error| count(&app, error))?;
    Ok(StatusCode::NO_CONTENT)
}

fn count(app: &App, error: &WholeError) {
    if let Some(hit) = error.limit() {
        app.admission().hits().count(hit);
    }
}

/// The document, if the sender has at least the role that is needed.
async fn find(app: &App, which: Which, headers: &HeaderMap, need: Role) -> Result<Whole, TransferError> {
    faults::strike("transfer");
    let Path((project, document)) = which.map_err(|_| TransferError::Path)?;
    let project = project.parse().map_err(|_| TransferError::Path)?;
    let document = DocumentId::new(document).map_err(|_| TransferError::Path)?;
    if !app.authority().is_open() {
        let token = bearer(headers)?.ok_or(AuthError::Unauthenticated)?;
        let identity = app.identify(token, project).await?;
        if identity.role < need {
            return Err(AuthError::Forbidden.into());
        }
        app.admission().purse_of(identity.profile.user_id).pay(cost::WHOLE)?;
    }
    let key = DocumentKey { project, document };
    let document_type = place::document_type(app, &key, None).await.map_err(TransferError::Place)?;
    Ok(Whole::new(app, key, document_type))
}

/// The first of the forms that the client accepts.
fn wanted(headers: &HeaderMap) -> &'static str {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let mut kinds =
        accepted.flat_map(|line| line.split(',')).map(|kind| kind.split(';').next().unwrap_or(kind));
    kinds.find_map(|kind| known(kind.trim())).unwrap_or(UPDATE)
}

fn media_type(value: &HeaderValue) -> Option<&'static str> {
    known(value.to_str().ok()?.split(';').next()?.trim())
}

fn known(kind: &str) -> Option<&'static str> {
    [UPDATE, JSON, TEXT].into_iter().find(|known| known.eq_ignore_ascii_case(kind))
}
