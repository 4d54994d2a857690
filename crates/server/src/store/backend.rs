//! The pools of the open database, and the one place that tells the two kinds apart.

use std::future::Future;
use std::io;
use std::time::Duration;

use sqlx::{PgPool, SqlitePool};

/// Longest wait for a free connection.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// Longest time one statement may run or wait for a lock, by the database's own clock.
pub(super) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest time a call may take: acquire and statement use theirs up, and the rest is a network that went silent.
pub(super) const DEADLINE: Duration = Duration::from_secs(8);

/// Connections that read at the same time.
pub(super) const READERS: u32 = 4;

/// The open database.
#[derive(Debug, Clone)]
pub(super) enum Backend {
    /// `SQLite` takes one writer at a time: with a single connection they queue here, in order and with a
    /// deadline, instead of polling for the file's lock.
    Sqlite {
        /// The one connection that writes.
        writer: SqlitePool,
        /// Connections that see the last commit and never wait for the writer.
        readers: SqlitePool,
    },
    /// Postgres, where every connection does everything.
    Postgres(PgPool),
}

/// A borrowed pool of either kind, as [`run!`] takes it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Pool<'a> {
    /// Of `SQLite` connections.
    Sqlite(&'a SqlitePool),
    /// Of Postgres connections.
    Postgres(&'a PgPool),
}

impl Backend {
    /// For statements that change nothing.
    pub(super) fn reader(&self) -> Pool<'_> {
        match self {
            Self::Sqlite { readers, .. } => Pool::Sqlite(readers),
            Self::Postgres(pool) => Pool::Postgres(pool),
        }
    }

    /// For statements that change something.
    pub(super) fn writer(&self) -> Pool<'_> {
        match self {
            Self::Sqlite { writer, .. } => Pool::Sqlite(writer),
            Self::Postgres(pool) => Pool::Postgres(pool),
        }
    }

    /// Closes all connections, the writer last: the last one out folds the write-ahead log into the database's file.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Runs one future on a pool of either kind, within [`DEADLINE`]; the text of the SQL serves both.
macro_rules! run {
    ($on:expr, $pool:ident => $future:expr) => {{
        use crate::store::backend::{DEADLINE, Pool, within};
        match $on {
            Pool::Sqlite($pool) => within(DEADLINE, $future).await,
            Pool::Postgres($pool) => within(DEADLINE, $future).await,
        }
    }};
}
pub(super) use run;

/// Waits for `future` at most `limit`.
pub(super) async fn within<T>(
    limit: Duration,
    future: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    match tokio::time::timeout(limit, future).await {
        Ok(result) => result,
        Err(_) => Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_call_that_never_ends_is_given_up() {
        let never = std::future::pending::<Result<(), sqlx::Error>>();
        let error = within(Duration::from_millis(1), never).await.unwrap_err();
        assert!(matches!(error, sqlx::Error::Io(io) if io.kind() == io::ErrorKind::TimedOut));
    }
}
