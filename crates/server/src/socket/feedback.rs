//! From the writing half to the reading half: what the client missed, and when it has taken what waited.

use std::sync::{Mutex, PoisonError};

use collabd_protocol::DocumentId;
use tokio::sync::Notify;

/// What the writing half notices and the reading half, which owns the session, acts upon.
#[derive(Debug, Default)]
pub(crate) struct Feedback {
    behind_in: Mutex<Vec<DocumentId>>,
    behind: Notify,
    written: Notify,
}

impl Feedback {
    /// Adds documents whose cursor moves were skipped; each is kept once, so the list is bounded by the documents of a
    /// session.
    pub(crate) fn fell_behind(&self, documents: Vec<DocumentId>) {
        if documents.is_empty() {
            return;
        }
        let mut waiting = self.behind_in.lock().unwrap_or_else(PoisonError::into_inner);
        for document in documents {
            if !waiting.contains(&document) {
                waiting.push(document);
            }
        }
        drop(waiting);
        self.behind.notify_one();
    }

    /// Waits until there are documents to catch up on, and takes them. Cancel-safe.
    pub(crate) async fn behind_in(&self) -> Vec<DocumentId> {
        loop {
            let woken = self.behind.notified();
            let waiting = std::mem::take(&mut *self.behind_in.lock().unwrap_or_else(PoisonError::into_inner));
            if !waiting.is_empty() {
                return waiting;
            }
            woken.await;
        }
    }

    /// The client has taken all that had waited.
    pub(super) fn has_written(&self) {
        self.written.notify_one();
    }

    /// Waits until the client has taken all that had waited at some moment since the last call. Cancel-safe.
    pub(crate) async fn written(&self) {
        self.written.notified().await;
    }
}
