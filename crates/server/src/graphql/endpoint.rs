//! `/graphql` over plain HTTP.

use async_graphql::http::GraphiQLSource;
use async_graphql::{Request, Response as GraphQlResponse};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Json};
use serde_json::Value;

use super::access::Caller;
use super::api::Api;
use super::error::{Code, response};
use crate::app::App;
use crate::auth::AuthError;

/// Why a request does not reach the API.
#[derive(Debug, thiserror::Error)]
pub(super) enum RequestError {
    /// It is not declared as JSON. A form is not either, so that no page of another origin can post one.
    #[error("Content-Type must be application/json")]
    ContentType,
    /// Its body is too long or did not arrive.
    #[error(transparent)]
    Body(#[from] BytesRejection),
    /// Its body is no JSON, or none that is a request.
    #[error("the body is no GraphQL request: {0}")]
    Json(#[from] serde_json::Error),
    /// It comes from nobody whom the server knows.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// Several requests in one: their limits would add up.
    #[error("the body must be one GraphQL request; batches are refused")]
    Batch,
}

impl RequestError {
    fn code(&self) -> Code {
        match self {
            Self::Auth(error) => (*error).into(),
            Self::ContentType | Self::Body(_) | Self::Json(_) | Self::Batch => Code::BadRequest,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Body(rejection) => rejection.status(),
            Self::Auth(error) => error.status(),
            Self::Json(_) | Self::Batch => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        (self.status(), Json(response(self.code(), self.to_string()))).into_response()
    }
}

/// `POST /graphql`: one query or mutation.
pub(super) async fn execute(
    State(app): State<App>,
    Extension(api): Extension<Api>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<GraphQlResponse>, RequestError> {
    if !headers.get(CONTENT_TYPE).is_some_and(is_json) {
        return Err(RequestError::ContentType);
    }
    let caller = Caller::of(&app, &headers).await?;
    let mut request = request(&body?)?;
    if let Some(purse) = caller.purse(&app) {
        request = request.data(purse);
    }
    Ok(Json(api.execute(request.data(caller)).await))
}

fn is_json(content_type: &HeaderValue) -> bool {
    let kind = content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

fn request(body: &[u8]) -> Result<Request, RequestError> {
    match serde_json::from_slice(body)? {
        // The library would take an array's elements for the fields of one request.
        Value::Array(_) => Err(RequestError::Batch),
        other => Ok(serde_json::from_value(other)?),
    }
}

/// `GET /graphql`: a page to explore the API with, for developers. Nothing is ever executed by GET.
pub(super) async fn explorer(State(app): State<App>) -> Response {
    if !app.config().listen.is_development() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let page = GraphiQLSource::build()
        .title("collabd")
        .endpoint("/graphql")
        .subscription_endpoint("/graphql/ws")
        .finish();
    Html(page).into_response()
}
