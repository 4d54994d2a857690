//! One Yjs document: takes updates in, tells what was new in them, and hands out what others lack.
//!
//! An update is believed only after its bytes have been looked through (`walk`) and all of its elements have found
//! their place (`place`, against an `index` of what is there). Only then does the library see it. So an update is
//! taken in completely or not at all, nothing waits inside of the library for what may never come, and neither its
//! reservations nor its recursion can be driven from outside.

mod apply;
mod crowds;
mod error;
mod export;
mod import;
mod index;
mod library;
mod load;
mod picture;
mod pieces;
mod place;
mod replace;
mod revert;
mod structs;
mod walk;
mod xml;

use std::cell::Cell;
use std::fmt;

use bytes::Bytes;
use serde_json::Value;
use yrs::block::ClientID;
use yrs::{Doc, ReadTxn, Transact};

pub use error::{ApplyError, ExportError, ImportError, LoadError, RevertError};
pub use import::from_json;
pub use revert::revert;

use self::index::Index;
use crate::limits::ContentLimits;
use crate::store::Stored;
use crate::wire::{StateVector, WireError, writer};

/// A document's content.
pub struct Content {
    doc: Doc,
    index: Index,
    limits: ContentLimits,
    size: Cell<Size>,
}

/// How large the document is, encoded.
#[derive(Debug, Clone, Copy)]
struct Size {
    /// When it was last encoded.
    exact: usize,
    /// What was added to it since. Encoded together it will be less.
    added: usize,
    /// How many elements were deleted since.
    deleted: usize,
}

/// What an update really changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What was new, as one update (v1).
    pub update: Bytes,
    /// A partial state vector: the clients whose clock advanced.
    pub advanced: Bytes,
}

impl fmt::Debug for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.size.get();
        formatter
            .debug_struct("Content")
            .field("clients", &self.index.len())
            .field("size", &size)
            .finish_non_exhaustive()
    }
}

impl Content {
    /// An empty document.
    pub fn new(limits: ContentLimits) -> Self {
        let size = Size { exact: EMPTY.len(), added: 0, deleted: 0 };
        Self { doc: library::document(), index: Index::default(), limits, size: Cell::new(size) }
    }

    /// The document that is stored, and how many of its updates did not fit and were left out.
    ///
    /// Updates do not fit when they build on records that were damaged.
    ///
    /// # Errors
    /// When its snapshot cannot be read.
    pub fn load(stored: &Stored, limits: ContentLimits) -> Result<(Self, usize), LoadError> {
        load::load(stored, limits)
    }

    /// Takes an update in. `None` when there is nothing new in it.
    ///
    /// # Errors
    /// See [`ApplyError`]; unless it is [`ApplyError::Broken`], nothing has changed.
    pub fn apply(&mut self, update: &[u8]) -> Result<Option<Change>, ApplyError> {
        apply::apply(self, update)
    }

    /// Which clocks of which clients it has, encoded.
    pub fn state_vector(&self) -> Bytes {
        encode_state_vector(self.index.len(), self.index.iter())
    }

    /// All that somebody with `since` does not have, as one update (v1).
    pub fn diff(&self, since: &StateVector) -> Bytes {
        // Clients that are not here have nothing to say about what is.
        let known = since.iter().filter(|(client, _)| self.index.end(*client) > 0);
        let since = known.map(|(client, clock)| (ClientID::new(client), clock)).collect();
        self.doc.transact().encode_diff_v1(&since).into()
    }

    /// All of it as one update (v1).
    pub fn state(&self) -> Bytes {
        let state = self.doc.transact().encode_diff_v1(&yrs::StateVector::default());
        self.size.set(Size { exact: state.len(), added: 0, deleted: 0 });
        state.into()
    }

    /// Roughly the length of [`Content::state`]: exact when that was called last, and growing with every change
    /// since by what the change itself takes.
    pub fn bytes(&self) -> usize {
        let Size { exact, added, .. } = self.size.get();
        exact.saturating_add(added)
    }

    /// The content as JSON: an object with a member for each root.
    ///
    /// Which type a root has is not part of a document; everyone who uses it knows. Here it is worked out from what
    /// is in it: elements in sequence make it XML if one of them is an XML type, else text if all are text, embeds
    /// and formats, else an array; without any, entries make it an object. A root without content is null. Text and
    /// XML are strings (formats and embeds are left out), subdocuments are their id, binary is Base64.
    ///
    /// # Errors
    /// When the library fails, or the content is deeper than the limit.
    pub fn to_json(&self) -> Result<Value, ExportError> {
        export::to_json(&self.doc, self.limits.depth)
    }

    /// The content as plain text: that of each root, in the order of their names, with empty lines between.
    ///
    /// Of XML only the text is taken, a line for each element that has any; of arrays and objects all strings, a
    /// line for each.
    ///
    /// # Errors
    /// When the library fails, or the content is deeper than the limit.
    pub fn to_text(&self) -> Result<String, ExportError> {
        export::to_text(&self.doc, self.limits.depth)
    }
}

impl Drop for Content {
    /// The library lets a subdocument own the document that it is in: unless they are deleted, neither is ever
    /// given back.
    fn drop(&mut self) {
        if self.index.subdocuments > 0
            && let Ok(update) = library::decode(&delete_all(&self.index))
        {
            // It fails for a document on which the library has failed before: that memory is lost already.
            let _ = library::transact(&self.doc, vec![update], None, |_| ());
        }
    }
}

/// An update without content.
const EMPTY: &[u8] = &[0, 0];

/// An update that deletes every element there is.
fn delete_all(index: &Index) -> Vec<u8> {
    let mut update = vec![0];
    writer::uint(&mut update, index.len() as u64);
    for (client, end) in index.iter() {
        writer::uint(&mut update, client);
        update.extend([1, 0]);
        writer::uint(&mut update, end.into());
    }
    update
}

fn encode_state_vector(count: usize, clocks: impl Iterator<Item = (u64, u32)>) -> Bytes {
    let mut out = Vec::with_capacity(8 + 10 * count);
    writer::uint(&mut out, count as u64);
    for (client, clock) in clocks {
        writer::uint(&mut out, client);
        writer::uint(&mut out, clock.into());
    }
    out.into()
}

/// Checks an update that is to be a document of its own.
///
/// # Errors
/// When it is malformed, breaks a bound or builds on what is not in it.
pub fn merge_check(update: &[u8], limits: ContentLimits) -> Result<(), WireError> {
    let limit = limits.document_bytes;
    if update.len() > limit {
        return Err(WireError::TooBig { field: "document", size: update.len(), limit });
    }
    let survey = walk::survey(update, &limits)?;
    match place::place(&mut Index::default(), update, &survey, &limits) {
        Ok(_) => library::decode(update).map(drop),
        Err(place::PlaceError::Refused(error)) => Err(error),
        Err(place::PlaceError::Missing) => {
            Err(WireError::Invalid { field: "document", problem: "builds on content that is not in it" })
        }
    }
}
