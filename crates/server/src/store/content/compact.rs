//! Replacing a log by a snapshot.
//!
//! The work is cut into transactions that are bounded by the size of one document or by a number of rows, so that
//! other writers get their turn in between. After the first one, everything that follows only tidies up: a record
//! that a snapshot covers is not read any more, and a version that was not made is made by the next compaction.

use collabd_documents::DocumentKey;
use collabd_documents::store::Snapshot;

use super::checksum::{Content, checksum};
use super::row::{StateRow, place};
use super::version;
use crate::store::backend::{Begin as _, run};
use crate::store::{Entity, Store, StoreError, time};

/// Records that one transaction removes; more than a compaction usually finds.
const BATCH: i64 = 1_000;

/// A snapshot never gives way to one that covers less: another process may have written it.
const REPLACE: &str = "INSERT INTO document_snapshots
    (project_id, document_id, through, created_at, checksum, state)
    SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM documents WHERE project_id = $1 AND id = $2)
    ON CONFLICT (project_id, document_id) DO UPDATE
    SET through = excluded.through, created_at = excluded.created_at,
        checksum = excluded.checksum, state = excluded.state
    WHERE document_snapshots.through <= excluded.through";
const READ_BACK: &str =
    "SELECT through, state, checksum FROM document_snapshots WHERE project_id = $1 AND document_id = $2";
const SHORTEN: &str = "DELETE FROM document_log WHERE project_id = $1 AND document_id = $2 AND sequence IN (
    SELECT sequence FROM document_log WHERE project_id = $1 AND document_id = $2 AND sequence <= $3
    ORDER BY sequence LIMIT $4)";

/// What became of a snapshot.
enum Outcome {
    /// It is stored, and so many records are removed.
    Replaced(u64),
    /// A newer one is stored, which has all that is in this one's records.
    Covered,
    /// The document is not listed.
    Gone,
    /// The database returned something else than it was given.
    Changed,
}

/// Replaces the log of `key` up to `snapshot.through`, and keeps the state as a version, too, if one is due.
pub(super) async fn compact(store: &Store, key: &DocumentKey, snapshot: &Snapshot) -> Result<(), StoreError> {
    match replace(store, key, snapshot).await? {
        Outcome::Replaced(mut removed) => {
            while removed >= BATCH.unsigned_abs() {
                removed = shorten(store, key, snapshot).await?;
            }
            version::keep(store, key, place(snapshot.through)).await
        }
        Outcome::Covered => Ok(()),
        Outcome::Gone => Err(StoreError::NotFound(Entity::Document(key.project, key.document.clone()))),
        Outcome::Changed => {
            let changed = "a snapshot reads back as something else than was written";
            Err(StoreError::Corrupt(sqlx::Error::Decode(changed.into())))
        }
    }
}

/// Stores the snapshot, reads it back, and removes the first records that it covers.
async fn replace(store: &Store, key: &DocumentKey, snapshot: &Snapshot) -> Result<Outcome, StoreError> {
    let (project, document, through) = (key.project.get(), key.document.as_str(), place(snapshot.through));
    let state = &snapshot.state[..];
    let checksum = checksum(Content::State, key, through, state);
    let outcome = run!(store.backend.writer(), pool => async {
        let mut transaction = pool.begin_writing().await?;
        let replace = sqlx::query(REPLACE).bind(project).bind(document).bind(through).bind(time::now());
        let replaced = replace.bind(checksum).bind(state).execute(&mut *transaction).await?;
        let stored = sqlx::query_as(READ_BACK).bind(project).bind(document);
        let stored: Option<StateRow> = stored.fetch_optional(&mut *transaction).await?;
        let Some(stored) = stored else { return Ok(Outcome::Gone) };
        if replaced.rows_affected() == 0 {
            return Ok(Outcome::Covered);
        }
        // The log is about to go: this is the last moment at which nothing is lost.
        if stored.snapshot(key).as_ref() != Ok(snapshot) {
            return Ok(Outcome::Changed);
        }
        let shorten = sqlx::query(SHORTEN).bind(project).bind(document).bind(through).bind(BATCH);
        let removed = shorten.execute(&mut *transaction).await?.rows_affected();
        transaction.commit().await?;
        Ok(Outcome::Replaced(removed))
    })?;
    Ok(outcome)
}

/// Removes further records that the snapshot covers. How many?
async fn shorten(store: &Store, key: &DocumentKey, snapshot: &Snapshot) -> Result<u64, StoreError> {
    let removed = run!(store.backend.writer(), pool => async {
        let shorten = sqlx::query(SHORTEN).bind(key.project.get()).bind(key.document.as_str());
        let shorten = shorten.bind(place(snapshot.through)).bind(BATCH);
        Ok(shorten.execute(pool).await?.rows_affected())
    })?;
    Ok(removed)
}
