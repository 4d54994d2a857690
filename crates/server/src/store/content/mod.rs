//! What documents hold: a log of updates, a snapshot that shortens it, and versions to go back to.
//!
//! `append` is the way in, `load` the way out; `compact` replaces the log by a snapshot and keeps a `version` now and
//! then. Each row carries a `checksum` over what it holds and where it belongs; what does not agree with it is set
//! aside as `damage`, so that one bad row costs its own content and nothing else.

mod append;
mod checksum;
mod codec;
mod compact;
mod damage;
mod load;
mod row;
mod version;

use collabd_documents::DocumentKey;
use collabd_documents::store::{self as documents, AppendError, DocumentStore, Record, Snapshot, Stored};
use futures_util::future::BoxFuture;

use super::{Store, StoreError};

pub use version::{NewVersion, Version, VersionId};

/// The highest place that a document's log has ever used, as an expression of SQL: of a record in the log, in the
/// snapshot, or set aside. Each part is one step down an index.
macro_rules! last_place {
    ($project:literal, $document:literal) => {
        concat!(
            "COALESCE((SELECT max(place) FROM (
                SELECT max(sequence) AS place FROM document_log
                WHERE project_id = ",
            $project,
            " AND document_id = ",
            $document,
            "
                UNION ALL
                SELECT through FROM document_snapshots
                WHERE project_id = ",
            $project,
            " AND document_id = ",
            $document,
            "
                UNION ALL
                SELECT max(sequence) FROM document_damage
                WHERE project_id = ",
            $project,
            " AND document_id = ",
            $document,
            "
            ) AS places), 0)"
        )
    };
}
use last_place;

impl DocumentStore for Store {
    fn load<'a>(&'a self, key: &'a DocumentKey) -> BoxFuture<'a, Result<Stored, documents::StoreError>> {
        Box::pin(async move { load::load(self, key).await.map_err(told) })
    }

    fn append<'a>(&'a self, records: &'a [Record]) -> BoxFuture<'a, Vec<Result<(), AppendError>>> {
        Box::pin(append::append(self, records))
    }

    fn compact<'a>(
        &'a self,
        key: &'a DocumentKey,
        snapshot: &'a Snapshot,
    ) -> BoxFuture<'a, Result<(), documents::StoreError>> {
        Box::pin(async move { compact::compact(self, key, snapshot).await.map_err(told) })
    }
}

/// The error as documents know it: what a later call may change, and what none does.
fn told(error: StoreError) -> documents::StoreError {
    match error {
        StoreError::Corrupt(error) => documents::StoreError::Damaged(error.to_string()),
        other => documents::StoreError::Unavailable(Box::new(other)),
    }
}
