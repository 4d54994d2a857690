//! Projects as they are stored, with what happens in them now.

use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use collabd_core::ProjectReport;
use collabd_protocol::ProjectId;

use super::{DateTime, Document, Presence, everybody};
use crate::graphql::error::ApiError;
use crate::graphql::query::app;
use crate::graphql::{argument, cost};
use crate::store;

/// A project: what people work on together.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct Project {
    /// Given by the server, never twice.
    id: i32,
    /// What it is called; several may be called the same.
    name: String,
    /// When it was made.
    created_at: DateTime,
    /// When it was made or last renamed.
    updated_at: DateTime,
    #[graphql(skip)]
    key: ProjectId,
}

/// What happens in a project now. All zero when nobody is there.
#[derive(Debug, Default, SimpleObject)]
pub(in crate::graphql) struct Activity {
    /// Users present.
    users: usize,
    /// Sessions with a live connection.
    connections: usize,
    /// Lost sessions that are kept for a moment, for their users to return.
    leases: usize,
    /// Documents that somebody is in.
    documents: usize,
}

/// Answers that need another look at the store or the core.
#[ComplexObject]
impl Project {
    /// Its documents in the order of their ids.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn documents(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(argument::FIRST)", desc = "How many, from 1 to 1000.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this id.")] after: Option<ID>,
    ) -> Result<Vec<Document>, ApiError> {
        let after = after.map(|id| argument::document("after", &id)).transpose()?;
        let documents = app(ctx).store().documents(self.key, after.as_ref(), argument::page(first)?).await?;
        Ok(documents.into_iter().map(Document::from).collect())
    }

    /// One of its documents; null when it has none of this id.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn document(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which document.")] id: ID,
    ) -> Result<Option<Document>, ApiError> {
        let id = argument::document("id", &id)?;
        Ok(app(ctx).store().document(self.key, &id).await?.map(Document::from))
    }

    /// Who is in it now.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn presence(&self, ctx: &Context<'_>) -> Result<Vec<Presence>, ApiError> {
        let coordinator = app(ctx).coordinator();
        // Asking who is there must not start a project in which nobody is.
        if coordinator.report(self.key).is_none() {
            return Ok(Vec::new());
        }
        Ok(everybody(&coordinator.observe(self.key).await?.current()))
    }

    /// What happens in it now, in numbers.
    async fn activity(&self, ctx: &Context<'_>) -> Activity {
        app(ctx).coordinator().report(self.key).map(Activity::from).unwrap_or_default()
    }
}

impl From<store::Project> for Project {
    fn from(project: store::Project) -> Self {
        Self {
            id: project.id.get(),
            name: project.name,
            created_at: project.created_at.into(),
            updated_at: project.updated_at.into(),
            key: project.id,
        }
    }
}

impl From<ProjectReport> for Activity {
    fn from(report: ProjectReport) -> Self {
        Self {
            users: report.users,
            connections: report.connections,
            leases: report.leases,
            documents: report.documents,
        }
    }
}
