//! Looking at versions, and naming them.

use bytes::Bytes;
use collabd_documents::DocumentKey;
use futures_util::TryFutureExt as _;

use super::row::VersionRow;
use super::{Version, VersionId};
use crate::store::backend::{run, written};
use crate::store::content::row::StateRow;
use crate::store::error::damaged;
use crate::store::{Entity, Limit, Store, StoreError, name};

/// A state that is not what was written.
#[derive(Debug, thiserror::Error)]
#[error("the state of version {0} does not agree with its checksum")]
struct WrongChecksum(VersionId);

impl Store {
    /// Versions of a document, the newest first: those older than `after`, or from the newest one. A document that
    /// does not exist has none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn versions(
        &self,
        key: &DocumentKey,
        after: Option<VersionId>,
        limit: Limit,
    ) -> Result<Vec<Version>, StoreError> {
        let rows: Vec<VersionRow> = run!(self.backend.reader(), pool => {
            sqlx::query_as(
                "SELECT id, name, created_at, through, bytes FROM document_versions
                 WHERE project_id = $1 AND document_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
            )
            .bind(key.project.get())
            .bind(key.document.as_str())
            .bind(after.map_or(i64::MAX, |version| version.get().into()))
            .bind(limit.rows())
            .fetch_all(pool)
        })?;
        rows.into_iter().map(|row| row.version(key)).collect()
    }

    /// The version `id` of a document, if it exists, and its state as one Yjs update (v1).
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the state is not what was written; [`StoreError::Unavailable`].
    pub async fn version(
        &self,
        key: &DocumentKey,
        id: VersionId,
    ) -> Result<Option<(Version, Bytes)>, StoreError> {
        #[derive(sqlx::FromRow)]
        struct Row {
            #[sqlx(flatten)]
            version: VersionRow,
            state: Vec<u8>,
            checksum: i64,
        }
        let row: Option<Row> = run!(self.backend.reader(), pool => {
            sqlx::query_as(
                "SELECT id, name, created_at, through, bytes, checksum, state FROM document_versions
                 WHERE project_id = $1 AND document_id = $2 AND id = $3",
            )
            .bind(key.project.get())
            .bind(key.document.as_str())
            .bind(id.get())
            .fetch_optional(pool)
        })?;
        let Some(Row { version, state, checksum }) = row else { return Ok(None) };
        let state = StateRow { through: version.through, state, checksum };
        let state = state.snapshot(key).map_err(|_| damaged("state", WrongChecksum(id)))?.state;
        Ok(Some((version.version(key)?, state)))
    }

    /// Gives the version `id` of a document a name, so that it is kept for ever, or takes it away.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for the name, [`StoreError::NotFound`] for the version;
    /// [`StoreError::Unavailable`].
    pub async fn name_version(
        &self,
        key: &DocumentKey,
        id: VersionId,
        name: Option<&str>,
    ) -> Result<Version, StoreError> {
        let name = name.map(name::checked).transpose()?;
        let row: Option<VersionRow> = run!(self.backend.writer(), pool => {
            sqlx::query_as(
                "UPDATE document_versions SET name = $4 WHERE project_id = $1 AND document_id = $2 AND id = $3
                 RETURNING id, name, created_at, through, bytes",
            )
            .bind(key.project.get())
            .bind(key.document.as_str())
            .bind(id.get())
            .bind(name)
            .fetch_all(pool)
            .map_ok(written)
        })?;
        let absent = || StoreError::NotFound(Entity::Version(key.project, key.document.clone(), id));
        row.ok_or_else(absent)?.version(key)
    }
}
