//! The pools of the open database, and the one place that tells the two kinds apart.

use std::future::Future;
use std::io;
use std::time::Duration;

use collabd_core::faults;
use sqlx::{Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

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

/// How a pool of either kind begins a transaction of several statements.
pub(super) trait Begin {
    /// The kind.
    type Kind: Database;

    /// One that changes something, as the only one where there can be only one.
    fn begin_writing(&self) -> impl Future<Output = Begun<Self::Kind>> + Send;

    /// One that changes nothing, in which all statements see the same moment.
    fn begin_reading(&self) -> impl Future<Output = Begun<Self::Kind>> + Send;
}

/// A transaction, unless there is no connection for it.
type Begun<Kind> = Result<Transaction<'static, Kind>, sqlx::Error>;

impl Begin for SqlitePool {
    type Kind = Sqlite;

    /// Locks the file before the first statement: a transaction that reads first and then finds that another
    /// process has written could not go on.
    async fn begin_writing(&self) -> Begun<Sqlite> {
        self.begin_with("BEGIN IMMEDIATE").await
    }

    async fn begin_reading(&self) -> Begun<Sqlite> {
        self.begin().await
    }
}

impl Begin for PgPool {
    type Kind = Postgres;

    async fn begin_writing(&self) -> Begun<Postgres> {
        self.begin().await
    }

    async fn begin_reading(&self) -> Begun<Postgres> {
        self.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
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

/// The row that a statement has written, of those that it gives back.
///
/// What changes something and gives a row back is read to its end (`fetch_all`): `SQLite` commits it after the last row, and
/// whoever stops at the first one (`fetch_one`, `fetch_optional`) neither waits for that nor hears when it fails.
pub(super) fn written<Row>(rows: Vec<Row>) -> Option<Row> {
    rows.into_iter().next()
}

/// Waits for `future` at most `limit`.
pub(super) async fn within<T>(
    limit: Duration,
    future: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let running = async {
        faults::delay("store").await;
        future.await
    };
    match tokio::time::timeout(limit, running).await {
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
