//! Changes to what documents hold, beside editing: versions.

use async_graphql::{Context, ID, Object};
use collabd_documents::DocumentKey;

use super::access::{self, Need};
use super::argument;
use super::cost;
use super::error::ApiError;
use super::query::app;
use super::types::{Document, Version};
use crate::documents::Whole;
use crate::store::{self, Entity, VersionId};

/// Changes to versions.
#[derive(Debug)]
pub(super) struct VersionMutation;

/// Changes to versions.
#[Object]
impl VersionMutation {
    /// Keeps a document's content of this moment as a version.
    #[graphql(complexity = "cost::whole(child_complexity)")]
    async fn create_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project the document belongs to.")] project_id: i32,
        #[graphql(desc = "Which document.")] document_id: ID,
        #[graphql(desc = "What to call it, up to 200 bytes; one without a name makes room for newer ones.")]
        name: Option<String>,
    ) -> Result<Version, ApiError> {
        let document = document(ctx, project_id, &document_id, Need::Write).await?;
        let version = whole(ctx, &document).keep(name).await?;
        Ok(Version::new(version, document.document_type))
    }

    /// Gives a version a name, with which it stays for good, or takes it away.
    #[graphql(complexity = "cost::call(child_complexity)")]
    async fn name_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project the document belongs to.")] project_id: i32,
        #[graphql(desc = "Which document.")] document_id: ID,
        #[graphql(desc = "Which version.")] id: i32,
        #[graphql(desc = "What to call it, up to 200 bytes; null takes the name away.")] name: Option<String>,
    ) -> Result<Version, ApiError> {
        let document = document(ctx, project_id, &document_id, Need::Write).await?;
        let (id, name) = (VersionId::new(id), name.as_deref());
        let version = app(ctx).store().name_version(&key(&document), id, name).await?;
        Ok(Version::new(version, document.document_type))
    }

    /// Changes a document such that it shows what a version shows. The change is one of many: everybody who has the
    /// document open sees it at once, and what the document held before can be restored as well.
    #[graphql(complexity = "cost::whole(child_complexity)")]
    async fn restore_version(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project the document belongs to.")] project_id: i32,
        #[graphql(desc = "Which document.")] document_id: ID,
        #[graphql(desc = "Which version.")] id: i32,
    ) -> Result<Document, ApiError> {
        let document = document(ctx, project_id, &document_id, Need::Write).await?;
        whole(ctx, &document).restore(VersionId::new(id)).await?;
        Ok(document.into())
    }
}

async fn document(
    ctx: &Context<'_>,
    project: i32,
    document: &ID,
    need: Need,
) -> Result<store::Document, ApiError> {
    let project = access::project(ctx, "projectId", project, need).await?;
    let id = argument::document("documentId", document)?;
    let found = app(ctx).store().document(project, &id).await?;
    found.ok_or(ApiError::NotFound(Entity::Document(project, id)))
}

fn key(document: &store::Document) -> DocumentKey {
    DocumentKey { project: document.project_id, document: document.id.clone() }
}

fn whole(ctx: &Context<'_>, document: &store::Document) -> Whole {
    Whole::new(app(ctx), key(document), document.document_type)
}
