//! Why somebody is not let in or not served, as the client is told.

use std::time::Duration;

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use collabd_core::Goodbye;
use collabd_protocol::limit::LimitScope;
use collabd_protocol::{CloseCode, ErrorCode, LimitHit, WireError};
use serde::Serialize;

/// The soonest return of those who are refused, and how far their returns are spread: all who are refused at once
/// must not be back at once.
const RETURN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(4));

/// A limit that was met, and when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a limit is reached: {} is {}", .hit.name.name(), .hit.max)]
pub(crate) struct Refusal {
    /// Which limit.
    pub(crate) hit: LimitHit,
    /// When to try again.
    pub(crate) retry_after: Duration,
}

impl Refusal {
    /// For somebody who may come back at a time that nobody can foresee.
    pub(super) fn new(hit: LimitHit) -> Self {
        Self { hit, retry_after: RETURN.0 + RETURN.1.mul_f64(rand::random()) }
    }

    /// For somebody who may go on after exactly this time.
    pub(super) fn exact(hit: LimitHit, retry_after: Duration) -> Self {
        Self { hit, retry_after }
    }

    /// The same, with no earlier return.
    pub(super) fn at_least(self, wait: Duration) -> Self {
        Self { retry_after: self.retry_after.max(wait), ..self }
    }

    /// Does the client ask for too much, or do all of them together?
    pub(crate) fn status(&self) -> StatusCode {
        match self.hit.name.scope() {
            LimitScope::Server => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// When to try again, in milliseconds, of which there is at least one.
    pub(crate) fn retry_after_ms(&self) -> u64 {
        u64::try_from(self.retry_after.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX).max(1)
    }

    /// The end of a connection that is one too many.
    pub(crate) fn goodbye(self) -> Goodbye {
        let Self { hit, retry_after } = self;
        Goodbye { code: CloseCode::ConnectionLimit, retry_after: Some(retry_after), limit: Some(hit) }
    }
}

impl From<Refusal> for WireError {
    /// For a connection that goes on.
    fn from(refusal: Refusal) -> Self {
        Self::new(ErrorCode::RateLimited, refusal.to_string())
            .retry_after(refusal.retry_after_ms())
            .at_limit(refusal.hit)
    }
}

/// What a client is told whose request is refused.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    error: String,
    code: ErrorCode,
    limit: LimitHit,
    retry_after_ms: u64,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let retry_after_ms = self.retry_after_ms();
        let code = ErrorCode::LimitExceeded;
        let told = Told { error: self.to_string(), code, limit: self.hit, retry_after_ms };
        // In seconds, and no sooner than the milliseconds in the body say.
        let seconds = HeaderValue::from(retry_after_ms.div_ceil(1000));
        (self.status(), [(RETRY_AFTER, seconds)], Json(told)).into_response()
    }
}
