//! Looking at and changing what is stored, past the store.

use crate::database::{Connection, Database};

impl Database {
    /// Runs the SQL of this kind of database.
    pub(crate) async fn execute_either(&self, sqlite: &'static str, postgres: &'static str) {
        self.execute(if self.config.database_url.is_none() { sqlite } else { postgres }).await;
    }

    /// Reads one number.
    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        match self.connect().await {
            Connection::Sqlite(mut connection) => sqlx::query_scalar(sql).fetch_one(&mut connection).await,
            Connection::Postgres(mut connection) => sqlx::query_scalar(sql).fetch_one(&mut connection).await,
        }
        .unwrap()
    }
}
