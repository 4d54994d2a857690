//! Opening a Postgres database.

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};

use super::backend::{ACQUIRE_TIMEOUT, Backend, READERS, STATEMENT_TIMEOUT, within};
use super::{StoreError, schema};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Room for the readers and as many writers.
const CONNECTIONS: u32 = 2 * READERS;

/// Opens the database, which must exist, and creates or updates its tables.
pub(super) async fn open(options: &PgConnectOptions) -> Result<Backend, StoreError> {
    // Not through the pool: a pool retries and then says only that time is up, and the time a migration takes
    // is not limited as a statement's is.
    let mut connection = within(ACQUIRE_TIMEOUT, options.connect()).await?;
    schema::migrate(&MIGRATIONS, &mut connection).await?;
    connection.close().await?;

    let pool = PgPoolOptions::new()
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .max_connections(CONNECTIONS)
        .after_connect(|connection, _| Box::pin(prepare(connection)))
        .connect_with(options.clone())
        .await?;
    Ok(Backend::Postgres(pool))
}

/// Limits each statement, and makes a commit wait for the disk where the database is set not to.
async fn prepare(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "SELECT set_config('statement_timeout', $1, false),
                set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                    WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)",
    )
    .bind(STATEMENT_TIMEOUT.as_millis().to_string())
    .execute(connection)
    .await?;
    Ok(())
}
