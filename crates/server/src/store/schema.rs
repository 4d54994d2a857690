//! The schema's version: brought up to date at start, never down.

use sqlx::migrate::{Migrate, MigrateError, Migrator};

use super::StoreError;

/// Applies the migrations that the database lacks, under its lock where it has one.
pub(super) async fn migrate<C: Migrate>(migrator: &Migrator, connection: &mut C) -> Result<(), StoreError> {
    let supported = migrator.iter().map(|migration| migration.version).max().unwrap_or(0);
    migrator.run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) if found > supported => {
            StoreError::Incompatible { found, supported }
        }
        other => sqlx::Error::from(other).into(),
    })
}
