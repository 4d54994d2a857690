//! Documents as they are stored.

use async_graphql::{ID, SimpleObject};

use super::{DateTime, DocumentType};
use crate::store;

/// A document of a project. Its content is not here.
#[derive(Debug, SimpleObject)]
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
}

impl From<store::Document> for Document {
    fn from(document: store::Document) -> Self {
        Self {
            id: document.id.as_str().into(),
            project_id: document.project_id.get(),
            name: document.name,
            kind: document.document_type.into(),
            created_at: document.created_at.into(),
            updated_at: document.updated_at.into(),
        }
    }
}
