//! Versions of a document: earlier states to look at and to go back to.
//!
//! Some are made by people, others by compactions, one in each interval. Those without a name are thinned out, the
//! oldest first.

mod keep;
mod list;
mod row;

use std::fmt;

use collabd_documents::DocumentKey;
use collabd_documents::store::{Sequence, Snapshot};
use jiff::Timestamp;

pub(super) use keep::keep;

/// Names a version of a document: a later one has a greater number, and none is given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionId(i32);

impl VersionId {
    /// The version of this number, should there be one.
    pub const fn new(id: i32) -> Self {
        Self(id)
    }

    /// The number itself.
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is known of a version, without its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Unique within its document, and greater than those before it.
    pub id: VersionId,
    /// The document it belongs to, and goes with.
    pub key: DocumentKey,
    /// Trimmed, from 1 to [`MAX_NAME_BYTES`](crate::store::MAX_NAME_BYTES) bytes. None if it may be thinned out.
    pub name: Option<String>,
    /// To the millisecond.
    pub created_at: Timestamp,
    /// The last record of the log that is in it.
    pub through: Sequence,
    /// Bytes of its state.
    pub bytes: u64,
}

/// A version to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    /// Of which document.
    pub key: DocumentKey,
    /// Trimmed and then checked, as every name. One without may be thinned out.
    pub name: Option<String>,
    /// The state to keep.
    pub snapshot: Snapshot,
}
