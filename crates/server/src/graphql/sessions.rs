//! Who is connected to a project now, and sending somebody away.

use async_graphql::{Context, ID, Object};
use collabd_core::recorder::Target;

use super::access::{self, Need};
use super::argument::{self, ArgumentError};
use super::cost;
use super::error::ApiError;
use super::query::app;
use super::types::Session;
use crate::live;

/// Questions about sessions.
#[derive(Debug)]
pub(super) struct SessionQuery;

/// Questions about sessions.
#[Object]
impl SessionQuery {
    /// Sessions of a project that are live now, in the order in which they began.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] project_id: i32,
        #[graphql(default_with = "Some(argument::FIRST)", desc = "How many, from 1 to 1000.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those that began after this session.")] after: Option<ID>,
    ) -> Result<Vec<Session>, ApiError> {
        let (project, may_do_everything) = access::place(ctx, "projectId", project_id, Need::See).await?;
        let after = after.map(|id| argument::session("after", &id)).transpose()?;
        let sessions = app(ctx).live().sessions(project, after, argument::page(first)?);
        Ok(sessions.iter().filter_map(|session| Session::new(session, may_do_everything)).collect())
    }
}

/// Changes to who is connected.
#[derive(Debug)]
pub(super) struct SessionMutation;

/// Changes to who is connected.
#[Object]
impl SessionMutation {
    /// Closes all connections of a user to a project, or the one of a session, with 4508. Their rights stay what they are:
    /// they may come back, but no client does so by itself. How many were closed?
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn kick(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From which project.")] project_id: i32,
        #[graphql(desc = "Whose connections; either this or the next.")] user_id: Option<ID>,
        #[graphql(desc = "The connection of which session.")] session_id: Option<ID>,
    ) -> Result<usize, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Own).await?;
        let target = match (user_id, session_id) {
            (Some(user), None) => Target::User(argument::user("userId", &user)?),
            (None, Some(session)) => Target::Session(argument::session("sessionId", &session)?),
            _ => return Err(ApiError::argument("sessionId", ArgumentError::Audience)),
        };
        Ok(live::kick(app(ctx), project, target, access::caller(ctx)?.user().cloned()))
    }
}
