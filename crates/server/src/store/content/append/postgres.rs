//! A group on a Postgres server: round trips are what costs, so one statement for all records.

use std::collections::HashSet;
use std::slice;

use sqlx::{Connection as _, PgConnection, PgPool, query, query_as};

use super::entry::Entry;
use super::refusal::{Refusal, WHY};
use super::{Answer, last_place, list, take};
use crate::store::time;

const LIST: &str = list!(
    "UNNEST($3::integer[], $4::text[], $5::text[], $6::text[]) AS r (project_id, document_id, name, document_type)"
);
const TAKE: &str = concat!(
    take!(
        "UNNEST($2::integer[], $3::text[], $4::bigint[], $5::bigint[], $6::bytea[])
         AS r (project_id, document_id, sequence, checksum, payload)"
    ),
    " RETURNING project_id, document_id, sequence, checksum"
);

/// What tells a record that was taken. The checksum tells two records from each other that claim one place.
type Taken = (i32, String, i64, i64);

/// Appends `group`; a project may have `documents` documents.
pub(super) async fn commit(
    pool: &PgPool,
    group: &[Entry<'_>],
    documents: i64,
) -> Result<Vec<Answer>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let first: Vec<&Entry<'_>> = group.iter().filter(|entry| entry.is_first()).collect();
    // One statement is a transaction by itself, in one round trip instead of three.
    if first.is_empty() {
        return answer(&mut connection, group).await;
    }
    let mut transaction = connection.begin().await?;
    list(&mut transaction, &first, documents).await?;
    let answers = answer(&mut transaction, group).await?;
    transaction.commit().await?;
    Ok(answers)
}

async fn list(
    connection: &mut PgConnection,
    first: &[&Entry<'_>],
    documents: i64,
) -> Result<(), sqlx::Error> {
    query(LIST)
        .bind(time::now())
        .bind(documents)
        .bind(column(first, Entry::project))
        .bind(column(first, Entry::document))
        .bind(column(first, Entry::name))
        .bind(column(first, Entry::document_type))
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes all records at once. One that is left over is tried again by itself, for it may have waited for another of
/// the same group, and then asked about.
async fn answer(connection: &mut PgConnection, group: &[Entry<'_>]) -> Result<Vec<Answer>, sqlx::Error> {
    let taken = take(connection, group).await?;
    let mut answers = Vec::with_capacity(group.len());
    for entry in group {
        let is_taken = taken.contains(&taken_as(entry))
            || take(connection, slice::from_ref(entry)).await?.contains(&taken_as(entry));
        answers.push(if is_taken {
            Ok(())
        } else {
            let refusal: Refusal = query_as(WHY)
                .bind(entry.project())
                .bind(entry.document())
                .bind(entry.sequence)
                .fetch_one(&mut *connection)
                .await?;
            refusal.answer(entry)
        });
    }
    Ok(answers)
}

async fn take(connection: &mut PgConnection, group: &[Entry<'_>]) -> Result<HashSet<Taken>, sqlx::Error> {
    let group: Vec<&Entry<'_>> = group.iter().collect();
    let taken: Vec<Taken> = query_as(TAKE)
        .bind(time::now())
        .bind(column(&group, Entry::project))
        .bind(column(&group, Entry::document))
        .bind(column(&group, |entry| entry.sequence))
        .bind(column(&group, |entry| entry.checksum))
        .bind(column(&group, |entry| entry.payload.as_slice()))
        .fetch_all(connection)
        .await?;
    Ok(taken.into_iter().collect())
}

fn taken_as(entry: &Entry<'_>) -> Taken {
    (entry.project(), entry.document().to_owned(), entry.sequence, entry.checksum)
}

/// One column of all rows.
fn column<'a, T>(group: &[&'a Entry<'a>], value: impl Fn(&'a Entry<'a>) -> T) -> Vec<T> {
    group.iter().map(|&entry| value(entry)).collect()
}
