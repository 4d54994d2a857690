//! What happened last in a project.

use async_graphql::{Context, Object};

use super::access::{self, Need};
use super::argument;
use super::cost;
use super::error::ApiError;
use super::query::app;
use super::types::Event;

/// Questions about what happened.
#[derive(Debug)]
pub(super) struct EventQuery;

/// Questions about what happened.
#[Object]
impl EventQuery {
    /// What happened last in a project, the newest first: who came, and who went for which reason. The server remembers
    /// the last 256 events, also those of a project that nobody is in any more, and none of before its start.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project.")] project_id: i32,
        #[graphql(default_with = "Some(argument::FIRST)", desc = "How many, from 1 to 1000.")] first: Option<
            i32,
        >,
    ) -> Result<Vec<Event>, ApiError> {
        let project = access::project(ctx, "projectId", project_id, Need::Own).await?;
        let mut events = app(ctx).recorder().of_project(project, None);
        events.truncate(argument::page(first)?.get() as usize);
        Ok(events.into_iter().map(Event::from).collect())
    }
}
