//! What the open database really does, as asked of the connection that writes.

use std::time::Duration;

use sqlx::{PgPool, SqlitePool};

use super::backend::{Pool, within};
use super::{Store, StoreError, backend};

/// The settings that decide whether an acknowledged write is kept, as the database reports them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineSettings {
    /// The embedded database.
    Sqlite(SqliteSettings),
    /// A Postgres server.
    Postgres(PostgresSettings),
}

/// `PRAGMA` values of `SQLite`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteSettings {
    /// `wal` unless the file system cannot do it.
    pub journal_mode: String,
    /// 2 is FULL.
    pub synchronous: i64,
    /// Are references between tables enforced?
    pub foreign_keys: bool,
    /// Longest wait for a lock another process holds.
    pub busy_timeout: Duration,
    /// Bytes to which the write-ahead log is cut.
    pub journal_size_limit: i64,
}

/// Run-time parameters of Postgres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostgresSettings {
    /// Does the server flush to disk at all?
    pub fsync: bool,
    /// Does a commit wait for the flush? Anything but `off` does.
    pub synchronous_commit: String,
    /// Longest run of one statement, as the server writes it (`5s`).
    pub statement_timeout: String,
}

impl EngineSettings {
    /// Is a write that was acknowledged still there after a power failure?
    pub fn keeps_acknowledged_writes(&self) -> bool {
        match self {
            Self::Sqlite(settings) => settings.synchronous >= 2,
            Self::Postgres(settings) => settings.fsync && settings.synchronous_commit != "off",
        }
    }
}

impl Store {
    /// Asks the database for its settings.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not answer.
    pub async fn settings(&self) -> Result<EngineSettings, StoreError> {
        let settings = match self.backend.writer() {
            Pool::Sqlite(pool) => EngineSettings::Sqlite(within(backend::DEADLINE, sqlite(pool)).await?),
            Pool::Postgres(pool) => {
                EngineSettings::Postgres(within(backend::DEADLINE, postgres(pool)).await?)
            }
        };
        Ok(settings)
    }
}

async fn sqlite(pool: &SqlitePool) -> Result<SqliteSettings, sqlx::Error> {
    let row: (String, i64, bool, i64, i64) = sqlx::query_as(
        "SELECT journal_mode, synchronous, foreign_keys, timeout, journal_size_limit
         FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout,
              pragma_journal_size_limit",
    )
    .fetch_one(pool)
    .await?;
    let (journal_mode, synchronous, foreign_keys, busy_millis, journal_size_limit) = row;
    let busy_timeout = Duration::from_millis(busy_millis.unsigned_abs());
    Ok(SqliteSettings { journal_mode, synchronous, foreign_keys, busy_timeout, journal_size_limit })
}

async fn postgres(pool: &PgPool) -> Result<PostgresSettings, sqlx::Error> {
    let (fsync, synchronous_commit, statement_timeout) = sqlx::query_as(
        "SELECT current_setting('fsync') = 'on', current_setting('synchronous_commit'),
                current_setting('statement_timeout')",
    )
    .fetch_one(pool)
    .await?;
    Ok(PostgresSettings { fsync, synchronous_commit, statement_timeout })
}
