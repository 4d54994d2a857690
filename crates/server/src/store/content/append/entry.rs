//! A record as it goes into the database.

use collabd_documents::DocumentKey;
use collabd_documents::store::Record;

use crate::store::content::checksum::{Content, checksum};
use crate::store::content::{codec, row};
use crate::store::name;

/// A record as it goes into the database.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) key: &'a DocumentKey,
    pub(super) sequence: i64,
    pub(super) payload: Vec<u8>,
    pub(super) checksum: i64,
    document_type: &'static str,
}

impl<'a> From<&'a Record> for Entry<'a> {
    fn from(record: &'a Record) -> Self {
        let key = &record.key;
        let sequence = row::place(record.sequence);
        let payload = codec::encode(&record.updates);
        let checksum = checksum(Content::Record, key, sequence, &payload);
        Self { key, sequence, payload, checksum, document_type: record.document_type.as_str() }
    }
}

impl Entry<'_> {
    /// Is it the first of its document, which may have to be listed?
    pub(super) fn is_first(&self) -> bool {
        self.sequence == 1
    }

    pub(super) fn project(&self) -> i32 {
        self.key.project.get()
    }

    pub(super) fn document(&self) -> &str {
        self.key.document.as_str()
    }

    /// The name under which its document is listed.
    pub(super) fn name(&self) -> &str {
        name::of(&self.key.document)
    }

    /// The type with which its document is listed.
    pub(super) fn document_type(&self) -> &'static str {
        self.document_type
    }
}
