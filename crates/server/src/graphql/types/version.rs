//! What a document holds, and what it held.

use async_graphql::{ComplexObject, Context, Json, SimpleObject};
use collabd_documents::DocumentKey;
use collabd_protocol::DocumentType;
use serde_json::Value;

use super::DateTime;
use crate::documents::Whole;
use crate::graphql::cost;
use crate::graphql::error::ApiError;
use crate::graphql::query::app;
use crate::store::{self, Entity, VersionId};

/// A state of a document that was kept. The server keeps some of its own accord; those that are named stay for good.
#[derive(Debug, SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct Version {
    /// Grows with each version of the document.
    id: i32,
    /// What somebody called it; null for one that the server kept of its own accord.
    name: Option<String>,
    /// When it was kept.
    created_at: DateTime,
    /// Bytes of the state as a Yjs update.
    bytes: f64,
    #[graphql(skip)]
    key: DocumentKey,
    #[graphql(skip)]
    kind: DocumentType,
}

/// The content, which takes another look at the store.
#[ComplexObject]
impl Version {
    /// What it shows, as plain text.
    #[graphql(complexity = "cost::whole(child_complexity)")]
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        let (whole, state) = self.state(ctx).await?;
        Ok(whole.text(state).await?)
    }

    /// What it shows, as JSON: an object with a member for each root of the document.
    #[graphql(complexity = "cost::whole(child_complexity)")]
    async fn json(&self, ctx: &Context<'_>) -> Result<Json<Value>, ApiError> {
        let (whole, state) = self.state(ctx).await?;
        Ok(Json(whole.json(state).await?))
    }
}

impl Version {
    pub(in crate::graphql) fn new(version: store::Version, kind: DocumentType) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "far fewer bytes than 2^52")]
        let bytes = version.bytes as f64;
        Self {
            id: version.id.get(),
            name: version.name,
            created_at: version.created_at.into(),
            bytes,
            key: version.key,
            kind,
        }
    }

    async fn state(&self, ctx: &Context<'_>) -> Result<(Whole, bytes::Bytes), ApiError> {
        let stored = app(ctx).store().version(&self.key, VersionId::new(self.id)).await?;
        let (_, state) = stored.ok_or(ApiError::NotFound(Entity::Version(
            self.key.project,
            self.key.document.clone(),
            VersionId::new(self.id),
        )))?;
        Ok((Whole::new(app(ctx), self.key.clone(), self.kind), state))
    }
}

/// What a document holds now.
#[derive(Debug)]
pub(in crate::graphql) struct Content {
    pub(super) whole: Whole,
    pub(super) state: bytes::Bytes,
}

/// What a document holds now, in forms for people and programs that speak no Yjs.
#[async_graphql::Object(name = "DocumentContent")]
impl Content {
    /// As plain text.
    #[graphql(complexity = "cost::whole(child_complexity)")]
    async fn text(&self) -> Result<String, ApiError> {
        Ok(self.whole.text(self.state.clone()).await?)
    }

    /// As JSON: an object with a member for each root of the document.
    #[graphql(complexity = "cost::whole(child_complexity)")]
    async fn json(&self) -> Result<Json<Value>, ApiError> {
        Ok(Json(self.whole.json(self.state.clone()).await?))
    }

    /// Bytes of it as a Yjs update.
    async fn bytes(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "far fewer bytes than 2^52")]
        let bytes = self.state.len() as f64;
        bytes
    }
}
