//! Opening the embedded database.

use std::path::Path;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::time::{Instant, sleep};

use super::backend::{ACQUIRE_TIMEOUT, Backend, Begin as _, READERS, STATEMENT_TIMEOUT};
use super::{StoreError, schema};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The database's file in the data directory.
const FILE_NAME: &str = "collabd.db";

/// Bytes to which the write-ahead log is cut after a checkpoint, so that one burst does not hold the disk space
/// for ever.
const JOURNAL_SIZE_LIMIT: u32 = 64 * 1024 * 1024;

/// Between two tries to connect to a file that another server prepares.
const BUSY_PAUSE: Duration = Duration::from_millis(10);

/// Opens `directory`'s database; both are created when missing.
pub(super) async fn open(directory: &Path) -> Result<Backend, StoreError> {
    tokio::fs::create_dir_all(directory)
        .await
        .map_err(|source| StoreError::Directory { path: directory.to_owned(), source })?;
    let options = options(&directory.join(FILE_NAME));

    let writer = connect(pool().max_connections(1), options.clone()).await?;
    migrate(&writer).await?;
    let readers = connect(pool().max_connections(READERS), options.pragma("query_only", "ON")).await?;
    Ok(Backend::Sqlite { writer, readers })
}

/// Connects. Whatever the busy timeout, SQLite does not wait for a file that another server just turns to a write-ahead
/// log (<https://www.sqlite.org/wal.html>), so this does.
async fn connect(pool: SqlitePoolOptions, options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let deadline = Instant::now() + STATEMENT_TIMEOUT;
    loop {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && Instant::now() < deadline => sleep(BUSY_PAUSE).await,
            connected => return connected,
        }
    }
}

/// `SQLITE_BUSY` (<https://www.sqlite.org/rescode.html>).
fn is_busy(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("5"))
}

/// Brings the schema up to date in one transaction, before whose first look at it the file is locked: of two servers
/// that start on one new file, the second finds the tables made.
async fn migrate(writer: &SqlitePool) -> Result<(), StoreError> {
    let mut transaction = writer.begin_writing().await?;
    schema::migrate(&MIGRATIONS, &mut *transaction).await?;
    Ok(transaction.commit().await?)
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // Weaker settings lose acknowledged commits when the power fails.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(STATEMENT_TIMEOUT)
        .pragma("journal_size_limit", JOURNAL_SIZE_LIMIT.to_string())
}

/// Connections to a file do not go stale: neither tested before use nor closed for their age.
fn pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_cannot_write_past_the_writers_queue() {
        let directory = tempfile::tempdir().unwrap();
        let Backend::Sqlite { writer, readers } = open(directory.path()).await.unwrap() else {
            unreachable!()
        };
        assert_eq!(writer.options().get_max_connections(), 1);
        let sql = "INSERT INTO markers (name, set_at) VALUES ('x', 0)";
        sqlx::query(sql).execute(&readers).await.unwrap_err();
        sqlx::query(sql).execute(&writer).await.unwrap();
    }
}
