//! Reading all that is stored of a document.

use collabd_documents::DocumentKey;
use collabd_documents::store::Stored;
use tracing::{error, warn};

use super::damage::Damage;
use super::last_place;
use super::row::{LogRow, StateRow, sequence};
use crate::store::backend::{Begin as _, run};
use crate::store::{Store, StoreError};

const SNAPSHOT: &str =
    "SELECT through, state, checksum FROM document_snapshots WHERE project_id = $1 AND document_id = $2";
const LOG: &str = "SELECT sequence, payload, checksum FROM document_log
    WHERE project_id = $1 AND document_id = $2 AND sequence > $3 ORDER BY sequence";
const LAST: &str = concat!("SELECT ", last_place!("$1", "$2"));

/// Reads the snapshot of `key` and the records after it, and sets aside what is damaged.
pub(super) async fn load(store: &Store, key: &DocumentKey) -> Result<Stored, StoreError> {
    let (mut stored, damage) = read(store, key).await?;
    if damage.is_empty() {
        return Ok(stored);
    }
    let found = damage.count();
    warn!(%key, records = damage.records.len(), snapshot = damage.snapshot.is_some(), "stored content is damaged");
    match damage.set_aside(store, key).await {
        // What it has fallen back to takes its place.
        Ok(()) if damage.snapshot.is_some() => stored = read(store, key).await?.0,
        Ok(()) => {}
        // A database that takes nothing is no reason not to show what is readable. The next load finds it again.
        Err(error) => error!(%key, %error, "damaged content is not set aside"),
    }
    stored.damaged = found;
    Ok(stored)
}

async fn read(store: &Store, key: &DocumentKey) -> Result<(Stored, Damage), StoreError> {
    let (snapshot, rows, last) = run!(store.backend.reader(), pool => async {
        let mut transaction = pool.begin_reading().await?;
        let snapshot: Option<StateRow> = sqlx::query_as(SNAPSHOT)
            .bind(key.project.get())
            .bind(key.document.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
        let snapshot = snapshot.map(|row| (row.through, row.snapshot(key)));
        // The place of a damaged snapshot is as doubtful as the rest of it.
        let through = snapshot.as_ref().map_or(0, |(through, state)| if state.is_ok() { *through } else { 0 });
        let rows: Vec<LogRow> = sqlx::query_as(LOG)
            .bind(key.project.get())
            .bind(key.document.as_str())
            .bind(through)
            .fetch_all(&mut *transaction)
            .await?;
        let last: i64 = sqlx::query_scalar(LAST)
            .bind(key.project.get())
            .bind(key.document.as_str())
            .fetch_one(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok((snapshot, rows, last))
    })?;

    let mut stored = Stored { last: sequence(last), ..Stored::default() };
    let mut damage = Damage::default();
    match snapshot {
        Some((_, Ok(snapshot))) => stored.snapshot = Some(snapshot),
        Some((_, Err(damaged))) => damage.snapshot = Some(damaged),
        None => {}
    }
    for row in rows {
        match row.updates(key) {
            Ok(updates) => {
                stored.records += 1;
                stored.updates.extend(updates);
            }
            Err(damaged) => damage.records.push(damaged),
        }
    }
    Ok((stored, damage))
}
