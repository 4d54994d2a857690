//! How much the store keeps.

use collabd_protocol::{LimitHit, LimitName};

use crate::config::StoreConfig;

use super::{Problem, StoreError};

/// Bounds as SQL takes them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Documents in one project.
    pub(super) documents: i64,
    /// Milliseconds from one version that is kept by itself to the next.
    pub(super) version_interval: i64,
    /// Versions without a name that are kept of each document.
    pub(super) versions: i64,
}

impl From<&StoreConfig> for Bounds {
    fn from(config: &StoreConfig) -> Self {
        Self {
            documents: saturated(config.max_documents_per_project),
            version_interval: saturated(config.version_interval.as_millis()),
            versions: saturated(config.versions_kept),
        }
    }
}

impl Bounds {
    /// Why a document is not made in a project that has as many as it may have.
    pub(super) fn full_project(self) -> StoreError {
        full_project(LimitName::MaxDocumentsPerProject, self.documents)
    }
}

/// Why a project takes no more of something.
pub(super) fn full_project(name: LimitName, limit: i64) -> StoreError {
    let hit = LimitHit::full(name, usize::try_from(limit).unwrap_or(usize::MAX));
    StoreError::Invalid { field: "project", problem: Problem::Full(hit) }
}

/// A bound that no column reaches is none.
fn saturated<T>(bound: T) -> i64
where
    i64: TryFrom<T>,
{
    i64::try_from(bound).unwrap_or(i64::MAX)
}
