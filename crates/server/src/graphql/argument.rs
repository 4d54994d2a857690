//! From arguments as clients write them to the types of the core and the store.

use async_graphql::ID;
use collabd_protocol::ids::{ProjectIdError, SessionIdError};
use collabd_protocol::text::TextError;
use collabd_protocol::{DocumentId, ProjectId, SessionId, UserId};

use super::error::ApiError;
use crate::store::{Limit, Problem};

/// Rows of a list that names no number.
pub(super) const FIRST: i32 = 100;

/// What is wrong with an argument.
#[derive(Debug, thiserror::Error)]
pub(super) enum ArgumentError {
    /// It names no project.
    #[error(transparent)]
    Project(#[from] ProjectIdError),
    /// It is no text of its kind: a document's id, a user's id, name or colour.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It is not there, and nothing stands in for it.
    #[error("must be given")]
    Missing,
    /// It and its counterpart are both there, or neither is.
    #[error("or userId must be given, and not both")]
    Audience,
    /// It is no session's id.
    #[error(transparent)]
    Session(#[from] SessionIdError),
    /// It is no time that an invitation may wait.
    #[error("must be an integer from 1 to 720")]
    Hours,
    /// It is no length of a list.
    #[error("must be an integer from 1 to 1000")]
    Page,
    /// The store does not take it.
    #[error(transparent)]
    Stored(#[from] Problem),
}

/// The project that `argument` names.
pub(super) fn project(argument: &'static str, id: i32) -> Result<ProjectId, ApiError> {
    ProjectId::new(id).map_err(|problem| ApiError::argument(argument, problem))
}

/// The document that `argument` names.
pub(super) fn document(argument: &'static str, id: &ID) -> Result<DocumentId, ApiError> {
    DocumentId::new(id.as_str()).map_err(|problem| ApiError::argument(argument, problem))
}

/// The user that `argument` names.
pub(super) fn user(argument: &'static str, id: &ID) -> Result<UserId, ApiError> {
    UserId::new(id.as_str()).map_err(|problem| ApiError::argument(argument, problem))
}

/// The session that `argument` names.
pub(super) fn session(argument: &'static str, id: &ID) -> Result<SessionId, ApiError> {
    id.parse().map_err(|problem: SessionIdError| ApiError::argument(argument, problem))
}

/// The length of a list.
pub(super) fn page(first: Option<i32>) -> Result<Limit, ApiError> {
    u32::try_from(first.unwrap_or(FIRST))
        .ok()
        .and_then(|rows| Limit::new(rows).ok())
        .ok_or_else(|| ApiError::argument("first", ArgumentError::Page))
}
