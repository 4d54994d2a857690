//! The embedded database, looked at from outside.

use std::fs;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;

/// The database's file, and the log of what is committed and not in it yet. The third file, an index of the log, is made
/// anew by whoever comes first.
const FILE: &str = "collabd.db";
const LOG: &str = "collabd.db-wal";

/// Why the database could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A file could not be copied.
    #[error("files of the database: {0}")]
    Files(#[from] std::io::Error),
    /// SQLite refused.
    #[error("database: {0}")]
    Sqlite(#[from] sqlx::Error),
}

/// What SQLite finds wrong in a copy of the database in `directory`; the original is left to the server, which has to mend
/// by itself what a kill has left.
pub(crate) async fn faults(directory: &Path) -> Result<Vec<String>, DatabaseError> {
    let copy = TempDir::with_prefix("collab-chaos-")?;
    for name in [FILE, LOG] {
        let file = directory.join(name);
        if file.exists() {
            fs::copy(file, copy.path().join(name))?;
        }
    }
    let mut connection = open(copy.path()).await?;
    let rows: Vec<(String,)> = sqlx::query_as("PRAGMA integrity_check").fetch_all(&mut connection).await?;
    let orphans: Vec<(String,)> =
        sqlx::query_as("SELECT \"table\" FROM pragma_foreign_key_check").fetch_all(&mut connection).await?;
    connection.close().await?;
    let orphans = orphans.into_iter().map(|(table,)| format!("a row of {table} belongs to nothing"));
    Ok(rows.into_iter().map(|(row,)| row).filter(|row| row != "ok").chain(orphans).collect())
}

/// Keeps everybody else from writing until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock(SqliteConnection);

impl Lock {
    /// Waits for those who write, and keeps out all who come later.
    pub(crate) async fn take(directory: &Path) -> Result<Self, DatabaseError> {
        let mut connection = open(directory).await?;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await?;
        Ok(Self(connection))
    }

    /// Lets others write again.
    pub(crate) async fn give_back(mut self) -> Result<(), DatabaseError> {
        sqlx::query("ROLLBACK").execute(&mut self.0).await?;
        Ok(self.0.close().await?)
    }
}

async fn open(directory: &Path) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnectOptions::new()
        .filename(directory.join(FILE))
        .busy_timeout(Duration::from_secs(5))
        .connect()
        .await
}
