//! B3: what becomes of cursor moves that come faster than they may.

use std::time::Duration;

use collabd_protocol::DocumentId;
use collabd_protocol::client::CursorUpdate;
use indexmap::IndexMap;
use tokio::time::Instant;

/// Cursor moves that wait for budget or for room in the project's inbox: the newest of each document (C2).
#[derive(Debug, Default)]
pub(super) struct PendingMoves {
    newest: IndexMap<DocumentId, CursorUpdate>,
    due: Option<Instant>,
}

impl PendingMoves {
    /// Most documents that wait. A client that names more loses the oldest: it cannot be in that many anyway.
    const MAX: usize = 16;

    /// Keeps a move until `wait` is over, replacing an older one in the same document.
    pub(super) fn keep(&mut self, update: CursorUpdate, wait: Duration) {
        if self.newest.len() >= Self::MAX && !self.newest.contains_key(&update.document_id) {
            self.newest.shift_remove_index(0);
        }
        self.newest.insert(update.document_id.clone(), update);
        self.due.get_or_insert_with(|| Instant::now() + wait);
    }

    /// When the next one is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    /// The oldest waiting move; the rest waits for `keep` or [`PendingMoves::wait`] to say until when.
    pub(super) fn take(&mut self) -> Option<CursorUpdate> {
        self.due = None;
        self.newest.shift_remove_index(0).map(|(_, update)| update)
    }

    /// Forgets a document's waiting move, because a newer one was taken.
    pub(super) fn forget(&mut self, document: &DocumentId) {
        self.newest.shift_remove(document);
        if self.newest.is_empty() {
            self.due = None;
        }
    }

    /// Forgets every document but one: the session has left the others (C1).
    pub(super) fn keep_only(&mut self, document: &DocumentId) {
        self.newest.retain(|waiting, _| waiting == document);
        if self.newest.is_empty() {
            self.due = None;
        }
    }

    /// Forgets everything: the session has left the documents.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Is nothing waiting?
    pub(super) fn is_empty(&self) -> bool {
        self.newest.is_empty()
    }

    /// Sets when the next one is due.
    pub(super) fn wait(&mut self, wait: Duration) {
        self.due = Some(Instant::now() + wait);
    }
}
