//! Who asks, and what they may: the one way from the number in an argument to a project.

use async_graphql::Context;
use axum::http::HeaderMap;
use collabd_protocol::{ProjectId, UserId};
use jiff::Timestamp;

use super::argument;
use super::error::ApiError;
use super::query::app;
use crate::admission::Purse;
use crate::app::App;
use crate::auth::{AuthError, Identity, Role, Subject, bearer};

/// Who asks, as long as one request or one socket lasts.
#[derive(Debug, Clone)]
pub(super) enum Caller {
    /// Anybody: the server is open.
    Anybody,
    /// Who a token names.
    Verified(Subject),
}

/// What a field does with a project, and so what its caller must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Reads what everybody in it sees.
    See,
    /// Changes what it holds.
    Write,
    /// Changes the project itself.
    Own,
}

impl Need {
    fn is_met_by(self, role: Role) -> bool {
        match self {
            Self::See => true,
            Self::Write => role.may_write(),
            Self::Own => role == Role::Owner,
        }
    }
}

impl Caller {
    /// Who sent a request with these headers.
    ///
    /// # Errors
    /// [`AuthError`] in a secured server without a valid token.
    pub(super) async fn of(app: &App, headers: &HeaderMap) -> Result<Self, AuthError> {
        if app.authority().is_open() {
            return Ok(Self::Anybody);
        }
        Self::with_token(app, bearer(headers)?.ok_or(AuthError::Unauthenticated)?).await
    }

    /// Who holds `token`.
    ///
    /// # Errors
    /// [`AuthError`] unless the server believes it.
    pub(super) async fn with_token(app: &App, token: &str) -> Result<Self, AuthError> {
        Ok(Self::Verified(app.authority().verify(token).await?))
    }

    /// Until when the caller is who it is.
    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        match self {
            Self::Anybody => None,
            Self::Verified(subject) => Some(subject.expires_at()),
        }
    }

    /// Who pays for what the caller asks for; `None` where nobody is known.
    pub(super) fn purse(&self, app: &App) -> Option<Purse> {
        self.user().map(|user| app.admission().purse_of(user.clone()))
    }

    /// The user that was verified; `None` where nobody is.
    pub(super) fn user(&self) -> Option<&UserId> {
        match self {
            Self::Anybody => None,
            Self::Verified(subject) => Some(subject.user_id()),
        }
    }

    /// Who the caller is in `project`; `None` where everybody may be anybody.
    pub(super) fn identity(&self, project: ProjectId) -> Result<Option<Identity>, AuthError> {
        match self {
            Self::Anybody => Ok(None),
            Self::Verified(subject) => subject.in_project(project).map(Some),
        }
    }
}

/// Who asks for a field. Every schema that executes anything is given a caller with each request.
pub(super) fn caller<'a>(ctx: &Context<'a>) -> Result<&'a Caller, ApiError> {
    match ctx.data_opt() {
        Some(caller) => Ok(caller),
        None if app(ctx).authority().is_open() => Ok(&Caller::Anybody),
        None => Err(AuthError::Unauthenticated.into()),
    }
}

/// The projects that the caller may see, after this one; `None` for all.
pub(super) fn visible(
    ctx: &Context<'_>,
    after: Option<ProjectId>,
) -> Result<Option<Vec<ProjectId>>, ApiError> {
    Ok(match caller(ctx)? {
        Caller::Anybody => None,
        Caller::Verified(subject) => Some(subject.projects().filter(|id| Some(*id) > after).collect()),
    })
}

/// Checks that the caller may make projects.
pub(super) fn creation(ctx: &Context<'_>) -> Result<(), ApiError> {
    match caller(ctx)? {
        Caller::Verified(subject) if !subject.may_create_projects() => Err(AuthError::Forbidden.into()),
        _ => Ok(()),
    }
}

/// The project that `argument` names, if the caller may do there what the field needs. Whether there is such a project
/// is asked only afterwards, so that a foreign one and none look alike (A9).
pub(super) fn project(
    ctx: &Context<'_>,
    argument: &'static str,
    id: i32,
    need: Need,
) -> Result<ProjectId, ApiError> {
    let project = argument::project(argument, id)?;
    match caller(ctx)?.identity(project)? {
        Some(identity) if !need.is_met_by(identity.role) => Err(AuthError::Forbidden.into()),
        _ => Ok(project),
    }
}
