//! A version as it is read.

use collabd_documents::DocumentKey;

use super::{Version, VersionId};
use crate::store::content::row::sequence;
use crate::store::error::damaged;
use crate::store::{StoreError, time};

/// The columns of a version without its state.
#[derive(sqlx::FromRow)]
pub(super) struct VersionRow {
    id: i32,
    name: Option<String>,
    created_at: i64,
    pub(super) through: i64,
    bytes: i64,
}

impl VersionRow {
    pub(super) fn version(self, key: &DocumentKey) -> Result<Version, StoreError> {
        Ok(Version {
            id: VersionId::new(self.id),
            key: key.clone(),
            name: self.name,
            created_at: time::read("created_at", self.created_at)?,
            through: sequence(self.through),
            bytes: self.bytes.try_into().map_err(|source| damaged("bytes", source))?,
        })
    }
}
