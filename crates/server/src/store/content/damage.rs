//! Setting aside what is damaged, so that the rest can be read and written, and a person can look at it.

use collabd_documents::DocumentKey;

use super::row::{Damaged, StateRow};
use crate::store::backend::{Begin as _, run};
use crate::store::{Store, StoreError, time};

/// Records that one transaction moves, so that other writers wait for milliseconds.
const BATCH: usize = 100;

const KEEP_RECORD: &str = "INSERT INTO document_damage
    (project_id, document_id, sequence, kind, found_at, checksum, content)
    SELECT project_id, document_id, sequence, 'record', $5, checksum, payload FROM document_log
    WHERE project_id = $1 AND document_id = $2 AND sequence = $3 AND checksum = $4
    ON CONFLICT DO NOTHING";
const REMOVE_RECORD: &str = "DELETE FROM document_log
    WHERE project_id = $1 AND document_id = $2 AND sequence = $3 AND checksum = $4";
const KEEP_SNAPSHOT: &str = "INSERT INTO document_damage
    (project_id, document_id, sequence, kind, found_at, checksum, content)
    SELECT project_id, document_id, through, 'snapshot', $5, checksum, state FROM document_snapshots
    WHERE project_id = $1 AND document_id = $2 AND through = $3 AND checksum = $4
    ON CONFLICT DO NOTHING";
const REMOVE_SNAPSHOT: &str = "DELETE FROM document_snapshots
    WHERE project_id = $1 AND document_id = $2 AND through = $3 AND checksum = $4";
const VERSIONS: &str =
    "SELECT id FROM document_versions WHERE project_id = $1 AND document_id = $2 ORDER BY id DESC";
const VERSION: &str = "SELECT through, state, checksum FROM document_versions
    WHERE project_id = $1 AND document_id = $2 AND id = $3";
const FALL_BACK: &str = "INSERT INTO document_snapshots
    (project_id, document_id, through, created_at, checksum, state)
    SELECT project_id, document_id, through, created_at, checksum, state FROM document_versions
    WHERE project_id = $1 AND document_id = $2 AND id = $3
    ON CONFLICT DO NOTHING";

/// What of a document is damaged.
#[derive(Debug, Default)]
pub(super) struct Damage {
    pub(super) snapshot: Option<Damaged>,
    pub(super) records: Vec<Damaged>,
}

impl Damage {
    pub(super) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    pub(super) fn count(&self) -> usize {
        self.records.len() + usize::from(self.snapshot.is_some())
    }

    /// Moves all of it out of the way. The newest version that is whole takes the place of a snapshot.
    pub(super) async fn set_aside(&self, store: &Store, key: &DocumentKey) -> Result<(), StoreError> {
        for batch in self.records.chunks(BATCH) {
            set_aside_records(store, key, batch).await?;
        }
        match self.snapshot {
            Some(snapshot) => set_aside_snapshot(store, key, snapshot).await,
            None => Ok(()),
        }
    }
}

async fn set_aside_records(store: &Store, key: &DocumentKey, records: &[Damaged]) -> Result<(), StoreError> {
    let (project, document, now) = (key.project.get(), key.document.as_str(), time::now());
    run!(store.backend.writer(), pool => async {
        let mut transaction = pool.begin_writing().await?;
        for Damaged { place, checksum } in records {
            let keep = sqlx::query(KEEP_RECORD).bind(project).bind(document).bind(place).bind(checksum);
            keep.bind(now).execute(&mut *transaction).await?;
            let remove = sqlx::query(REMOVE_RECORD).bind(project).bind(document).bind(place).bind(checksum);
            remove.execute(&mut *transaction).await?;
        }
        transaction.commit().await
    })?;
    Ok(())
}

async fn set_aside_snapshot(store: &Store, key: &DocumentKey, snapshot: Damaged) -> Result<(), StoreError> {
    let (project, document, now) = (key.project.get(), key.document.as_str(), time::now());
    let Damaged { place, checksum } = snapshot;
    run!(store.backend.writer(), pool => async {
        let mut transaction = pool.begin_writing().await?;
        let keep = sqlx::query(KEEP_SNAPSHOT).bind(project).bind(document).bind(place).bind(checksum);
        keep.bind(now).execute(&mut *transaction).await?;
        let remove = sqlx::query(REMOVE_SNAPSHOT).bind(project).bind(document).bind(place).bind(checksum);
        remove.execute(&mut *transaction).await?;
        let versions = sqlx::query_scalar(VERSIONS).bind(project).bind(document);
        let versions: Vec<i32> = versions.fetch_all(&mut *transaction).await?;
        for id in versions {
            let version = sqlx::query_as(VERSION).bind(project).bind(document).bind(id);
            let version: Option<StateRow> = version.fetch_optional(&mut *transaction).await?;
            if version.is_some_and(|row| row.snapshot(key).is_ok()) {
                let fall_back = sqlx::query(FALL_BACK).bind(project).bind(document).bind(id);
                fall_back.execute(&mut *transaction).await?;
                break;
            }
        }
        transaction.commit().await
    })?;
    Ok(())
}
