//! What the documents need of a database: a log of updates for each document, and snapshots that shorten it.

use bytes::Bytes;
use collabd_protocol::DocumentType;
use futures_util::future::BoxFuture;

use crate::DocumentKey;

/// The place of a record in its document's log. The first is 1; 0 stands for nothing stored.
pub type Sequence = u64;

/// Where documents are kept.
///
/// Everything that it returned as done is on disk. All methods may be called at any time from any task; for one
/// document, [`DocumentStore::append`] is never called twice at a time.
pub trait DocumentStore: std::fmt::Debug + Send + Sync + 'static {
    /// All of a document that is stored; nothing when it is unknown.
    ///
    /// Each record carries a checksum. Damaged records are left out, counted in [`Stored::damaged`] and set aside, so
    /// that a document stays readable and its log stays appendable: what they said comes back with the first client
    /// that has it.
    fn load<'a>(&'a self, key: &'a DocumentKey) -> BoxFuture<'a, Result<Stored, StoreError>>;

    /// Appends records, of different documents, in one commit if it can, and answers each in order. A document that
    /// the store does not list yet is listed with its first record.
    fn append<'a>(&'a self, records: &'a [Record]) -> BoxFuture<'a, Vec<Result<(), AppendError>>>;

    /// Replaces the log up to and including `snapshot.through` by the snapshot, in one commit, and keeps it as a
    /// version, too, if the newest version is old enough.
    fn compact<'a>(
        &'a self,
        key: &'a DocumentKey,
        snapshot: &'a Snapshot,
    ) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// What is stored of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// The newest snapshot.
    pub snapshot: Option<Snapshot>,
    /// The updates of the records after it, in order.
    pub updates: Vec<Bytes>,
    /// How many records these updates come from.
    pub records: usize,
    /// The newest record's place; the next one is appended behind it.
    pub last: Sequence,
    /// Records that were set aside because their checksum was wrong.
    pub damaged: usize,
}

/// A document's whole state at one place of its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The last record that is in it.
    pub through: Sequence,
    /// The state as one Yjs update (v1).
    pub state: Bytes,
}

/// One entry of a document's log: the updates of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Which document.
    pub key: DocumentKey,
    /// What kind of document it is, should it have to be listed.
    pub document_type: DocumentType,
    /// Its place; that of the document's last record plus one.
    pub sequence: Sequence,
    /// Yjs updates (v1), in order; at least one.
    pub updates: Vec<Bytes>,
}

/// Why a record is not in the log.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The document or its project has been deleted, or the project does not exist.
    #[error("the document or its project does not exist")]
    Gone,
    /// The project has as many documents as it may have.
    #[error("the project has as many documents as it may have")]
    TooMany,
    /// Another record has this place: somebody else writes to this document.
    #[error("another writer has this place in the log")]
    Conflict,
    /// The database did not take it; it may later.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the store has no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer or takes nothing now.
    #[error("the store is not available: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored cannot be what was written.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
}
