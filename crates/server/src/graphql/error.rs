//! Why a field has no value, as clients are told: a message for people and a code for programs.

use std::sync::Arc;

use async_graphql::{Error, ErrorExtensionValues, Name, Response, ServerError, Value};
use collabd_core::ProjectError;
use collabd_documents::DocumentError;
use collabd_protocol::{LimitHit, ProjectId};
use tracing::{error, warn};

use super::argument::ArgumentError;
use crate::admission::Refusal;
use crate::auth::{AuthError, TicketsFull};
use crate::documents::WholeError;
use crate::store::{Entity, Problem, StoreError};

/// The key of the code in an error's `extensions`.
const CODE: &str = "code";
/// The key of the limit that was reached.
const LIMIT: &str = "limit";
/// The key of the milliseconds to wait.
const RETRY_AFTER: &str = "retryAfterMs";

/// The closed list of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    /// What is to be changed does not exist.
    NotFound,
    /// The id is taken, or what is asked for contradicts what is there.
    Conflict,
    /// Nobody has proved who they are.
    Unauthenticated,
    /// Whoever asks may not do this, or there is nothing to do it with.
    Forbidden,
    /// The request makes no sense or costs too much; it will not get better by repeating it.
    BadRequest,
    /// A part of the server does not answer, or the server is about to end; try later.
    Unavailable,
    /// The caller has asked for too much; try when the time beside it is over.
    RateLimited,
    /// Too much at a time; try a little later.
    Overloaded,
    /// A fault of the server.
    Internal,
}

impl Code {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadRequest => "BAD_REQUEST",
            Self::Unavailable => "UNAVAILABLE",
            Self::RateLimited => "RATE_LIMITED",
            Self::Overloaded => "OVERLOADED",
            Self::Internal => "INTERNAL",
        }
    }
}

impl From<AuthError> for Code {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Unauthenticated | AuthError::Expired => Self::Unauthenticated,
            AuthError::Forbidden => Self::Forbidden,
            AuthError::Unavailable => Self::Unavailable,
        }
    }
}

/// Why a resolver has no answer. The messages say nothing of the database or the machine.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    /// It does not exist.
    #[error("there is no {0}")]
    NotFound(Entity),
    /// The document has no such version.
    #[error("there is no such version")]
    NoVersion,
    /// The content cannot be shown or changed like this.
    #[error("{0}")]
    Content(String),
    /// It exists already.
    #[error("{0} exists already")]
    Conflict(Entity),
    /// Nobody would own the project.
    #[error("project {0} must keep an owner")]
    LastOwner(ProjectId),
    /// Whoever asks may not.
    #[error(transparent)]
    Auth(#[from] AuthError),
    /// An argument is not what it must be.
    #[error("{argument} {problem}")]
    Argument {
        /// As the schema calls it.
        argument: &'static str,
        /// What is wrong with it, and the limit.
        problem: ArgumentError,
    },
    /// The store does not answer.
    #[error("the store is not available")]
    Store,
    /// The server is about to end.
    #[error("the server is shutting down")]
    Stopping,
    /// Nobody is known by name.
    #[error("there are no members where authentication is off")]
    NoMembers,
    /// An owner sent the caller away.
    #[error("an owner of the project has ended this")]
    Kicked,
    /// A project has no time or no room.
    #[error("the project is overloaded")]
    Overloaded,
    /// There is no room until something goes: tickets that wait, documents that are open.
    #[error("{}", at_most(*.0))]
    Full(LimitHit),
    /// A project has as many of something as it may have.
    #[error("{}", at_most(*.0))]
    FullProject(LimitHit),
    /// A fault of the server; its log says more.
    #[error("internal error")]
    Internal,
}

impl ApiError {
    pub(super) fn argument(argument: &'static str, problem: impl Into<ArgumentError>) -> Self {
        Self::Argument { argument, problem: problem.into() }
    }

    fn code(&self) -> Code {
        match self {
            Self::NotFound(_) | Self::NoVersion => Code::NotFound,
            Self::Conflict(_) | Self::LastOwner(_) => Code::Conflict,
            Self::Auth(error) => (*error).into(),
            Self::Kicked => Code::Forbidden,
            Self::Content(_) | Self::Argument { .. } | Self::NoMembers | Self::FullProject(_) => {
                Code::BadRequest
            }
            Self::Store | Self::Stopping => Code::Unavailable,
            Self::Overloaded | Self::Full(_) => Code::Overloaded,
            Self::Internal => Code::Internal,
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(entity) => Self::NotFound(entity),
            StoreError::Conflict(entity) => Self::Conflict(entity),
            StoreError::Invalid { problem: Problem::Full(hit), .. } => Self::FullProject(hit),
            StoreError::Invalid { field, problem } => Self::argument(field, problem),
            StoreError::LastOwner(project) => Self::LastOwner(project),
            // Here the detail ends, so here it is logged.
            StoreError::Unavailable(error) => {
                warn!(%error, "store unavailable");
                Self::Store
            }
            StoreError::Directory { .. } | StoreError::Incompatible { .. } | StoreError::Corrupt(_) => {
                error!(%error, "store failed");
                Self::Internal
            }
        }
    }
}

impl From<WholeError> for ApiError {
    fn from(error: WholeError) -> Self {
        match error {
            WholeError::Document(DocumentError::Closed) => Self::Stopping,
            WholeError::Document(DocumentError::Unavailable) => Self::Store,
            WholeError::Document(DocumentError::Full(hit)) => Self::Full(hit),
            WholeError::Document(DocumentError::Overloaded | DocumentError::Quarantined { .. }) => {
                Self::Overloaded
            }
            WholeError::Store(error) => error.into(),
            WholeError::NoVersion => Self::NoVersion,
            WholeError::Refused(problem) | WholeError::Unshowable(problem) => Self::Content(problem),
            WholeError::Internal => Self::Internal,
        }
    }
}

impl From<ProjectError> for ApiError {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Closed => Self::Stopping,
            ProjectError::Overloaded => Self::Overloaded,
        }
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        let mut values = extensions(error.code());
        let message = error.to_string();
        match error {
            ApiError::Full(hit) | ApiError::FullProject(hit) => {
                set_limit(&mut values, hit);
                // For whoever counts it.
                Self { message, source: Some(Arc::new(hit)), extensions: Some(values) }
            }
            _ => Self { extensions: Some(values), ..Self::new(message) },
        }
    }
}

impl From<TicketsFull> for ApiError {
    fn from(full: TicketsFull) -> Self {
        Self::Full(full.0)
    }
}

fn at_most(hit: LimitHit) -> String {
    format!("{} ({}) is reached", hit.name.name(), hit.max)
}

/// A response that is nothing but an error.
pub(super) fn response(code: Code, message: impl Into<String>) -> Response {
    let error = ServerError::new(message, None);
    Response::from_errors(vec![ServerError { extensions: Some(extensions(code)), ..error }])
}

/// A response that is nothing but an error about a limit.
pub(super) fn limited(code: Code, message: impl Into<String>, hit: LimitHit) -> Response {
    Response::from_errors(vec![at_limit(code, message, hit)])
}

/// An error about a limit.
pub(super) fn at_limit(code: Code, message: impl Into<String>, hit: LimitHit) -> ServerError {
    let mut values = extensions(code);
    set_limit(&mut values, hit);
    ServerError { extensions: Some(values), ..ServerError::new(message, None) }
}

/// The error of a caller who has asked for too much.
pub(super) fn rate_limited(refusal: &Refusal) -> ServerError {
    let mut error = at_limit(Code::RateLimited, refusal.to_string(), refusal.hit);
    let values = error.extensions.get_or_insert_default();
    values.set(RETRY_AFTER, Value::from(refusal.retry_after_ms()));
    error
}

fn set_limit(values: &mut ErrorExtensionValues, hit: LimitHit) {
    let LimitHit { name, max, current } = hit;
    let limit = [
        (Name::new("name"), Value::from(name.name())),
        (Name::new("max"), max.into()),
        (Name::new("current"), current.into()),
    ];
    values.set(LIMIT, Value::Object(limit.into_iter().collect()));
}

/// Gives the errors that have no code theirs: they are the library's, which judges only what clients have written.
pub(super) fn with_codes(mut response: Response) -> Response {
    // One wrong query must not become a thousand messages.
    response.errors.truncate(MAX_ERRORS);
    for error in &mut response.errors {
        let values = error.extensions.get_or_insert_default();
        if values.get(CODE).is_none() {
            values.set(CODE, Value::from(Code::BadRequest.name()));
        }
    }
    response
}

/// Errors in one response.
const MAX_ERRORS: usize = 20;

fn extensions(code: Code) -> ErrorExtensionValues {
    let mut values = ErrorExtensionValues::default();
    values.set(CODE, Value::from(code.name()));
    values
}
