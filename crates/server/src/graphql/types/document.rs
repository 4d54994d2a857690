//! Documents as they are stored.

use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use collabd_documents::DocumentKey;

use super::version::Content;
use super::{DateTime, DocumentType, Version};
use crate::documents::Whole;
use crate::graphql::error::ApiError;
use crate::graphql::query::app;
use crate::graphql::{argument, cost};
use crate::store::{self, VersionId};

/// A document of a project.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct Document {
    /// Unique within its project.
    id: ID,
    /// The project it belongs to, and goes with.
    project_id: i32,
    /// What it is called.
    name: String,
    /// What kind of document it is, for good.
    #[graphql(name = "documentType")]
    kind: DocumentType,
    /// When it was made.
    created_at: DateTime,
    /// When it was made or last renamed.
    updated_at: DateTime,
    #[graphql(skip)]
    key: DocumentKey,
    #[graphql(skip)]
    of_type: collabd_protocol::DocumentType,
}

/// Its content and its versions, which take another look.
#[ComplexObject]
impl Document {
    /// What it holds now, the last keystroke included.
    #[graphql(complexity = "cost::whole(child_complexity)")]
    async fn content(&self, ctx: &Context<'_>) -> Result<Content, ApiError> {
        let whole = Whole::new(app(ctx), self.key.clone(), self.of_type);
        let state = whole.state().await?;
        Ok(Content { whole, state })
    }

    /// The states that were kept, the newest first.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(argument::FIRST)", desc = "How many, from 1 to 1000.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those before this id.")] after: Option<i32>,
    ) -> Result<Vec<Version>, ApiError> {
        let after = after.map(VersionId::new);
        let versions = app(ctx).store().versions(&self.key, after, argument::page(first)?).await?;
        Ok(versions.into_iter().map(|version| Version::new(version, self.of_type)).collect())
    }

    /// One of the states that were kept; null when there is none of this id.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] id: i32,
    ) -> Result<Option<Version>, ApiError> {
        let found = app(ctx).store().version(&self.key, VersionId::new(id)).await?;
        Ok(found.map(|(version, _)| Version::new(version, self.of_type)))
    }
}

impl From<store::Document> for Document {
    fn from(document: store::Document) -> Self {
        Self {
            key: DocumentKey { project: document.project_id, document: document.id.clone() },
            of_type: document.document_type,
            id: document.id.as_str().into(),
            project_id: document.project_id.get(),
            name: document.name,
            kind: document.document_type.into(),
            created_at: document.created_at.into(),
            updated_at: document.updated_at.into(),
        }
    }
}
