//! From the writing half to the reading half: documents whose cursor moves were skipped.

use std::sync::{Mutex, PoisonError};

use collabd_protocol::DocumentId;
use tokio::sync::Notify;

/// Documents to catch up on. The writing half notices, the reading half owns the session and asks.
#[derive(Debug, Default)]
pub(super) struct CatchUps {
    documents: Mutex<Vec<DocumentId>>,
    wake: Notify,
}

impl CatchUps {
    /// Adds documents; each is kept once, so the list is bounded by the documents of a session.
    pub(super) fn add(&self, documents: Vec<DocumentId>) {
        if documents.is_empty() {
            return;
        }
        let mut waiting = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        for document in documents {
            if !waiting.contains(&document) {
                waiting.push(document);
            }
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Waits until there are documents, and takes them. Cancel-safe.
    pub(super) async fn next(&self) -> Vec<DocumentId> {
        loop {
            let woken = self.wake.notified();
            let waiting = std::mem::take(&mut *self.documents.lock().unwrap_or_else(PoisonError::into_inner));
            if !waiting.is_empty() {
                return waiting;
            }
            woken.await;
        }
    }
}
