//! What can be asked.

use async_graphql::{Context, MergedObject, Object};
use collabd_core::faults;

use super::access::{self, Need};
use super::argument;
use super::cost;
use super::error::ApiError;
use super::events::EventQuery;
use super::members::MemberQuery;
use super::sessions::SessionQuery;
use super::types::{Health, Project};
use crate::app::App;

/// The server whose schema this is: every schema that executes anything is built with one.
pub(super) fn app<'a>(ctx: &Context<'a>) -> &'a App {
    ctx.data_unchecked()
}

/// What can be asked.
#[derive(Debug, MergedObject)]
pub(super) struct Query(ProjectQuery, MemberQuery, SessionQuery, EventQuery);

impl Query {
    pub(super) const ALL: Self = Self(ProjectQuery, MemberQuery, SessionQuery, EventQuery);
}

/// Questions about projects, and about the server.
#[derive(Debug)]
struct ProjectQuery;

/// Questions about projects, and about the server.
#[Object]
impl ProjectQuery {
    /// Projects in the order of their ids: all, or where authentication is on, those that the caller may see.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(argument::FIRST)", desc = "How many, from 1 to 1000.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this id.")] after: Option<i32>,
    ) -> Result<Vec<Project>, ApiError> {
        let after = after.map(|id| argument::project("after", id)).transpose()?;
        let projects = access::visible(ctx, after, argument::page(first)?).await?;
        Ok(projects.into_iter().map(Project::from).collect())
    }

    /// One project; null when there is none of this id.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn project(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] id: i32,
    ) -> Result<Option<Project>, ApiError> {
        faults::strike("query");
        let id = access::project(ctx, "id", id, Need::See).await?;
        Ok(app(ctx).store().project(id).await?.map(Project::from))
    }

    /// Whether the server is able to do its work, found out by doing some.
    #[graphql(complexity = "cost::probe(child_complexity)")]
    async fn health(&self, ctx: &Context<'_>) -> Health {
        Health::of(app(ctx)).await
    }
}
