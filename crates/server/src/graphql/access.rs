//! Who asks, and what they may: the one way from the number in an argument to a project.

use async_graphql::Context;
use axum::http::HeaderMap;
use collabd_protocol::{ProjectId, Role, UserId};
use jiff::Timestamp;

use super::argument;
use super::error::ApiError;
use super::query::app;
use crate::admission::Purse;
use crate::app::App;
use crate::auth::{AuthError, Proven, Subject, bearer};
use crate::live::{Kind, Rights};
use crate::store::{Limit, Project};

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
    /// Changes the project itself, or who is in it.
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

    /// Whom the caller has proved to be in `project`; `None` where everybody may be anybody.
    pub(super) fn proven(&self, project: ProjectId) -> Option<Proven> {
        match self {
            Self::Anybody => None,
            Self::Verified(subject) => Some(subject.in_project(project)),
        }
    }

    /// What the caller may do in `project` now; `None` where everybody may do everything.
    ///
    /// # Errors
    /// As [`Members::role`](crate::auth::Members::role).
    pub(super) async fn role(&self, app: &App, project: ProjectId) -> Result<Option<Role>, AuthError> {
        match self.proven(project) {
            None => Ok(None),
            Some(Proven { profile, grounds, .. }) => {
                app.members().role(project, &profile.user_id, grounds).await.map(Some)
            }
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

/// The projects that the caller may see.
pub(super) async fn visible(
    ctx: &Context<'_>,
    after: Option<ProjectId>,
    limit: Limit,
) -> Result<Vec<Project>, ApiError> {
    let store = app(ctx).store();
    Ok(match caller(ctx)? {
        Caller::Anybody => store.projects(after, limit).await?,
        Caller::Verified(subject) => {
            let granted: Vec<_> = subject.projects().filter(|id| Some(*id) > after).collect();
            store.projects_of(subject.user_id(), &granted, after, limit).await?
        }
    })
}

/// Checks that the caller may make projects, and says who is to own them; `None` where everybody may do everything.
pub(super) fn creation<'a>(ctx: &Context<'a>) -> Result<Option<&'a UserId>, ApiError> {
    match caller(ctx)? {
        Caller::Anybody => Ok(None),
        Caller::Verified(subject) if subject.may_create_projects() => Ok(Some(subject.user_id())),
        Caller::Verified(_) => Err(AuthError::Forbidden.into()),
    }
}

/// The project that `argument` names, if the caller may do there what the field needs. Whether there is such a project
/// is asked only afterwards, so that a foreign one and none look alike (A9).
pub(super) async fn project(
    ctx: &Context<'_>,
    argument: &'static str,
    id: i32,
    need: Need,
) -> Result<ProjectId, ApiError> {
    Ok(place(ctx, argument, id, need).await?.0)
}

/// The same, and may the caller do everything there?
pub(super) async fn place(
    ctx: &Context<'_>,
    argument: &'static str,
    id: i32,
    need: Need,
) -> Result<(ProjectId, bool), ApiError> {
    let project = argument::project(argument, id)?;
    match caller(ctx)?.role(app(ctx), project).await? {
        Some(role) if !need.is_met_by(role) => Err(AuthError::Forbidden.into()),
        role => Ok((project, role.is_none_or(|role| Need::Own.is_met_by(role)))),
    }
}

/// The project that `argument` names, for as long as the caller may see it: the rights that come with it say when that
/// ends.
pub(super) async fn subscription(
    ctx: &Context<'_>,
    argument: &'static str,
    id: i32,
) -> Result<(ProjectId, Rights), ApiError> {
    let project = argument::project(argument, id)?;
    let rights = Rights::new(app(ctx), project, Kind::Subscription);
    if let Some(proven) = caller(ctx)?.proven(project) {
        rights.admit(proven).await?;
    }
    Ok((project, rights))
}

/// Who asks, where people are known: an open server has no members.
pub(super) fn subject<'a>(ctx: &Context<'a>) -> Result<&'a Subject, ApiError> {
    match caller(ctx)? {
        Caller::Anybody => Err(ApiError::NoMembers),
        Caller::Verified(subject) => Ok(subject),
    }
}
