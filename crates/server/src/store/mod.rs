//! Projects, their members, their documents and what these hold, kept on disk: in an embedded `SQLite` unless configured for
//! Postgres.
//!
//! A method that returns `Ok` after a change has it on disk (invariant 9). Presence, cursors and sessions are
//! never here. Both databases run the same SQL text; what differs is how they are opened and their migrations.
//! Every call ends within 8 seconds, and nobody in the fan-out path calls the store.

mod backend;
mod bounds;
mod content;
mod demo;
mod document;
mod engine;
mod error;
mod limit;
mod member;
mod name;
mod postgres;
mod project;
mod schema;
mod sqlite;
mod time;

use tracing::{info, warn};

use crate::config::StoreConfig;
use backend::{Backend, run};
use bounds::Bounds;

pub use content::{NewVersion, Version, VersionId};
pub use document::{Document, NewDocument};
pub use engine::{EngineSettings, PostgresSettings, SqliteSettings};
pub use error::{Entity, Problem, StoreError};
pub use limit::Limit;
pub use member::{Invitation, Member, NewInvitation, RoleChange, Standing};
pub use name::MAX_NAME_BYTES;
pub use project::Project;

/// Projects, documents and their content on disk. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Backend,
    bounds: Bounds,
}

impl Store {
    /// Opens the database that `config` names, creates it and brings its schema up to date where needed, and
    /// adds the demo project to a new one.
    ///
    /// # Errors
    /// [`StoreError::Incompatible`] when a newer server has written the database, [`StoreError::Directory`] or
    /// [`StoreError::Unavailable`] when it cannot be reached, [`StoreError::Corrupt`] when it is no such database.
    pub async fn open(config: &StoreConfig) -> Result<Self, StoreError> {
        let backend = match &config.database_url {
            None => sqlite::open(&config.data_dir).await?,
            Some(url) => postgres::open(&url.connect_options().map_err(StoreError::Unavailable)?).await?,
        };
        let store = Self { backend, bounds: Bounds::from(config) };
        store.create_demo().await?;
        let settings = store.settings().await?;
        if !settings.keeps_acknowledged_writes() {
            warn!(?settings, "the database may lose acknowledged writes when the machine fails");
        }
        info!(?settings, "store opened");
        Ok(store)
    }

    /// Does the database answer? Reads one row at most.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        // A table, because `SELECT 1` never leaves the SQL engine.
        let _: Option<String> = run!(self.backend.reader(), pool => {
            sqlx::query_scalar("SELECT name FROM markers LIMIT 1").fetch_optional(pool)
        })?;
        Ok(())
    }

    /// Waits for running calls and closes every connection; later calls get [`StoreError::Unavailable`].
    pub async fn close(&self) {
        self.backend.close().await;
    }
}
