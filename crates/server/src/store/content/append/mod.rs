//! Appending records of many documents in one commit.
//!
//! A group takes one transaction: a flush to disk costs the same for one record as for a hundred. A record that is not
//! taken says so for itself and costs the others nothing. If a record makes the database refuse the whole group, each
//! is tried alone.

mod entry;
mod postgres;
mod refusal;
mod sqlite;

use std::sync::Arc;

use collabd_documents::store::{self as documents, AppendError, Record};
use tokio::time::Instant;

use super::{last_place, told};
use crate::store::Store;
use crate::store::backend::{DEADLINE, Pool, within};
use entry::Entry;

/// What becomes of one record.
type Answer = Result<(), AppendError>;

/// Lists the documents of first records that are not listed yet, while their projects have room.
///
/// The rows come from `$rows`, which is what differs between the databases: `r` has the columns `project_id`,
/// `document_id`, `name` and `document_type`. `$1` is the time, `$2` how many documents a project may have.
macro_rules! list {
    ($rows:literal) => {
        concat!(
            "INSERT INTO documents (project_id, id, name, document_type, created_at, updated_at)
             SELECT n.project_id, n.document_id, n.name, n.document_type, $1, $1
             FROM (SELECT r.*, row_number() OVER (PARTITION BY r.project_id) AS nth FROM ",
            $rows,
            "
                   WHERE EXISTS (SELECT 1 FROM projects p WHERE p.id = r.project_id)
                     AND NOT EXISTS (SELECT 1 FROM deleted_documents g
                                     WHERE g.project_id = r.project_id AND g.id = r.document_id)
                     AND NOT EXISTS (SELECT 1 FROM documents d
                                     WHERE d.project_id = r.project_id AND d.id = r.document_id)) AS n
             WHERE n.nth + (SELECT count(*) FROM documents d WHERE d.project_id = n.project_id) <= $2
             ON CONFLICT DO NOTHING"
        )
    };
}
use list;

/// Puts records of listed documents into the log, each right behind the last place ever used: neither over another
/// writer's record, nor where a snapshot already covers it, nor beyond a record that is not there.
///
/// `r` has the columns `project_id`, `document_id`, `sequence`, `checksum` and `payload`; `$1` is the time.
macro_rules! take {
    ($rows:literal) => {
        concat!(
            "INSERT INTO document_log (project_id, document_id, sequence, created_at, checksum, payload)
             SELECT r.project_id, r.document_id, r.sequence, $1, r.checksum, r.payload FROM ", $rows, "
             WHERE EXISTS (SELECT 1 FROM documents d WHERE d.project_id = r.project_id AND d.id = r.document_id)
               AND r.sequence = 1 + ", last_place!("r.project_id", "r.document_id"), "
             ON CONFLICT DO NOTHING"
        )
    };
}
use take;

/// Appends `records` and answers each in order.
pub(super) async fn append(store: &Store, records: &[Record]) -> Vec<Answer> {
    let group: Vec<Entry<'_>> = records.iter().map(Entry::from).collect();
    let deadline = Instant::now() + DEADLINE;
    match commit(store, &group, deadline).await {
        Ok(answers) => answers,
        Err(error) if group.len() > 1 && is_about_one(&error) => {
            let mut answers = Vec::with_capacity(group.len());
            for entry in group.chunks(1) {
                answers.extend(commit(store, entry, deadline).await.unwrap_or_else(|error| failed(1, error)));
            }
            answers
        }
        Err(error) => failed(group.len(), error),
    }
}

/// Appends `group` in one transaction that ends before `deadline`.
async fn commit(store: &Store, group: &[Entry<'_>], deadline: Instant) -> Result<Vec<Answer>, sqlx::Error> {
    let limit = deadline.saturating_duration_since(Instant::now());
    let documents = store.bounds.documents;
    match store.backend.writer() {
        _ if group.is_empty() => Ok(Vec::new()),
        Pool::Sqlite(pool) => within(limit, sqlite::commit(pool, group, documents)).await,
        Pool::Postgres(pool) => within(limit, postgres::commit(pool, group, documents)).await,
    }
}

/// Did the database look at the group and refuse it? Otherwise it did not answer or had no time, and would not for
/// any single record either.
fn is_about_one(error: &sqlx::Error) -> bool {
    // SQLITE_BUSY with its extended codes and SQLITE_LOCKED (https://www.sqlite.org/rescode.html), then
    // query_canceled, which is what a statement timeout is
    // (https://www.postgresql.org/docs/current/errcodes-appendix.html).
    const NO_TIME: [&str; 6] = ["5", "261", "517", "773", "6", "57014"];
    let refusal = error.as_database_error();
    refusal.is_some_and(|refusal| refusal.code().is_none_or(|code| !NO_TIME.contains(&&*code)))
}

/// The same answer for `count` records.
fn failed(count: usize, error: sqlx::Error) -> Vec<Answer> {
    match told(error.into()) {
        documents::StoreError::Unavailable(error) => {
            let error: Arc<dyn std::error::Error + Send + Sync> = error.into();
            let unavailable = || documents::StoreError::Unavailable(Box::new(Arc::clone(&error)));
            (0..count).map(|_| Err(unavailable().into())).collect()
        }
        documents::StoreError::Damaged(what) => {
            (0..count).map(|_| Err(documents::StoreError::Damaged(what.clone()).into())).collect()
        }
    }
}
