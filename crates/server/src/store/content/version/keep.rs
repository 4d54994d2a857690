//! Making versions, and not keeping too many.

use collabd_documents::DocumentKey;

use super::row::VersionRow;
use super::{NewVersion, Version};
use crate::store::backend::{Begin as _, run};
use crate::store::content::checksum::{Content, checksum};
use crate::store::content::row::place;
use crate::store::error::is_taken;
use crate::store::{Entity, Store, StoreError, name, time};

/// Versions that one transaction removes. Usually there is one too many.
const THINNED: i64 = 10;

/// Attempts to get a number that somebody else may take at the same moment. Each time one of all who try gets it, so
/// this is more than there are connections.
const ATTEMPTS: u32 = 20;

/// Copies the snapshot inside the database: it may be large. Nothing that a version has already is worth another one.
const KEEP: &str = "INSERT INTO document_versions
    (project_id, document_id, id, created_at, through, bytes, checksum, state)
    SELECT $1, $2, 1 + COALESCE((SELECT max(id) FROM document_versions WHERE project_id = $1 AND document_id = $2), 0),
           $4, through, length(state), checksum, state
    FROM document_snapshots WHERE project_id = $1 AND document_id = $2 AND through = $3
      AND NOT EXISTS (SELECT 1 FROM document_versions v WHERE v.project_id = $1 AND v.document_id = $2
                        AND (v.created_at > $5 OR v.through >= $3))
    ON CONFLICT DO NOTHING";
const CREATE: &str = "INSERT INTO document_versions
    (project_id, document_id, id, name, created_at, through, bytes, checksum, state)
    SELECT $1, $2, 1 + COALESCE((SELECT max(id) FROM document_versions WHERE project_id = $1 AND document_id = $2), 0),
           $3, $4, $5, length($7), $6, $7
    WHERE EXISTS (SELECT 1 FROM documents WHERE project_id = $1 AND id = $2)
    RETURNING id, name, created_at, through, bytes";
const THIN: &str = "DELETE FROM document_versions WHERE project_id = $1 AND document_id = $2 AND id IN (
    SELECT id FROM document_versions WHERE project_id = $1 AND document_id = $2 AND name IS NULL
    ORDER BY id DESC LIMIT $4 OFFSET $3)";

/// Keeps the snapshot of `key` as a version if the newest one is old enough; `through` tells the snapshot from one
/// that another process writes meanwhile.
pub(in crate::store::content) async fn keep(
    store: &Store,
    key: &DocumentKey,
    through: i64,
) -> Result<(), StoreError> {
    let (project, document, now) = (key.project.get(), key.document.as_str(), time::now());
    let due = now.saturating_sub(store.bounds.version_interval);
    run!(store.backend.writer(), pool => async {
        let mut transaction = pool.begin_writing().await?;
        let keep = sqlx::query(KEEP).bind(project).bind(document).bind(through).bind(now).bind(due);
        if keep.execute(&mut *transaction).await?.rows_affected() == 0 {
            return Ok(());
        }
        let thin = sqlx::query(THIN).bind(project).bind(document).bind(store.bounds.versions).bind(THINNED);
        thin.execute(&mut *transaction).await?;
        transaction.commit().await
    })?;
    Ok(())
}

impl Store {
    /// Makes a version of a document.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for the name, [`StoreError::NotFound`] for the document;
    /// [`StoreError::Unavailable`].
    pub async fn create_version(&self, new: NewVersion) -> Result<Version, StoreError> {
        let name = new.name.as_deref().map(name::checked).transpose()?;
        let mut attempts = 1..ATTEMPTS;
        loop {
            match self.try_create_version(&new, name).await {
                Err(error) if is_taken(&error) && attempts.next().is_some() => {}
                Err(error) => return Err(error.into()),
                Ok(Some(row)) => return row.version(&new.key),
                Ok(None) => {
                    let document = Entity::Document(new.key.project, new.key.document);
                    return Err(StoreError::NotFound(document));
                }
            }
        }
    }

    async fn try_create_version(
        &self,
        new: &NewVersion,
        name: Option<&str>,
    ) -> Result<Option<VersionRow>, sqlx::Error> {
        let (project, document) = (new.key.project.get(), new.key.document.as_str());
        let (through, state) = (place(new.snapshot.through), &new.snapshot.state[..]);
        let checksum = checksum(Content::State, &new.key, through, state);
        run!(self.backend.writer(), pool => async {
            let mut transaction = pool.begin_writing().await?;
            let create = sqlx::query_as(CREATE).bind(project).bind(document).bind(name).bind(time::now());
            let create = create.bind(through).bind(checksum).bind(state);
            let created: Option<VersionRow> = create.fetch_optional(&mut *transaction).await?;
            let thin = sqlx::query(THIN).bind(project).bind(document).bind(self.bounds.versions).bind(THINNED);
            thin.execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(created)
        })
    }
}
