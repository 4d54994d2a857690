//! A group on the embedded database: a statement costs microseconds and the flush milliseconds, so one for each record.

use sqlx::{SqliteConnection, SqlitePool, query, query_as};

use super::entry::Entry;
use super::refusal::{Refusal, WHY};
use super::{Answer, last_place, list, take};
use crate::store::backend::Begin as _;
use crate::store::time;

const LIST: &str =
    list!("(SELECT $3 AS project_id, $4 AS document_id, $5 AS name, $6 AS document_type) AS r");
const TAKE: &str =
    take!("(SELECT $2 AS project_id, $3 AS document_id, $4 AS sequence, $5 AS checksum, $6 AS payload) AS r");

/// Appends `group`; a project may have `documents` documents.
pub(super) async fn commit(
    pool: &SqlitePool,
    group: &[Entry<'_>],
    documents: i64,
) -> Result<Vec<Answer>, sqlx::Error> {
    let now = time::now();
    let mut transaction = pool.begin_writing().await?;
    let mut answers = Vec::with_capacity(group.len());
    for entry in group {
        if entry.is_first() {
            list(&mut transaction, entry, now, documents).await?;
        }
        answers.push(if take(&mut transaction, entry, now).await? {
            Ok(())
        } else {
            let refusal: Refusal = query_as(WHY)
                .bind(entry.project())
                .bind(entry.document())
                .bind(entry.sequence)
                .fetch_one(&mut *transaction)
                .await?;
            refusal.answer(entry)
        });
    }
    transaction.commit().await?;
    Ok(answers)
}

async fn list(
    connection: &mut SqliteConnection,
    entry: &Entry<'_>,
    now: i64,
    documents: i64,
) -> Result<(), sqlx::Error> {
    query(LIST)
        .bind(now)
        .bind(documents)
        .bind(entry.project())
        .bind(entry.document())
        .bind(entry.name())
        .bind(entry.document_type())
        .execute(connection)
        .await?;
    Ok(())
}

async fn take(connection: &mut SqliteConnection, entry: &Entry<'_>, now: i64) -> Result<bool, sqlx::Error> {
    let taken = query(TAKE)
        .bind(now)
        .bind(entry.project())
        .bind(entry.document())
        .bind(entry.sequence)
        .bind(entry.checksum)
        .bind(entry.payload.as_slice())
        .execute(connection)
        .await?;
    Ok(taken.rows_affected() == 1)
}
