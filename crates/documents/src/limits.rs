//! Every bound of the documents.

use std::time::Duration;

/// Bounds of the server's documents.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Documents open at once.
    pub open_documents: usize,
    /// Clients in one document at once.
    pub clients_per_document: usize,
    /// Bounds on what clients send and documents hold.
    pub content: ContentLimits,
    /// Bounds on awareness.
    pub awareness: AwarenessLimits,
    /// Commands that wait for one document.
    pub inbox: usize,
    /// How long a connection waits for a document that is open.
    pub patience: Duration,
    /// How long a connection waits for a document to be loaded.
    pub open_patience: Duration,
    /// Bytes of updates of one document that wait for the store. While it takes none, editing ends here.
    pub unsaved_bytes: usize,
    /// How long a document that nobody is in stays loaded.
    pub idle: Duration,
    /// Updates in a log after which it is replaced by a snapshot.
    pub compact_after: usize,
}

/// Bounds on one document's content.
#[derive(Debug, Clone, Copy)]
pub struct ContentLimits {
    /// Bytes of one update.
    pub update_bytes: usize,
    /// Bytes of all that a client has and the server lacks, which comes in one message: what was edited while it was
    /// away.
    pub reply_bytes: usize,
    /// Bytes of a document, encoded as one update.
    pub document_bytes: usize,
    /// How deep shared types and plain values may be nested. The library follows both by recursion.
    pub depth: usize,
    /// Clients (Yjs client ids) in one state vector, update or delete set.
    pub clients: usize,
}

/// Bounds on awareness.
#[derive(Debug, Clone, Copy)]
pub struct AwarenessLimits {
    /// Client ids that one connection may announce.
    pub ids_per_client: usize,
    /// Bytes of one state, as JSON.
    pub state_bytes: usize,
    /// Bytes of all states of a document together. Half of an outbox: awareness alone can never overflow one.
    pub document_bytes: usize,
    /// How long the state of a connection that was lost is kept, so that a reconnect shows no flicker (P3).
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            open_documents: 10_000,
            clients_per_document: 1_000,
            content: ContentLimits::default(),
            awareness: AwarenessLimits::default(),
            inbox: 1_024,
            patience: Duration::from_millis(100),
            open_patience: Duration::from_secs(5),
            unsaved_bytes: 8 * 1024 * 1024,
            idle: Duration::from_secs(30),
            compact_after: 500,
        }
    }
}

impl Default for ContentLimits {
    fn default() -> Self {
        Self {
            update_bytes: 1024 * 1024,
            reply_bytes: 8 * 1024 * 1024,
            document_bytes: 32 * 1024 * 1024,
            depth: 64,
            clients: 100_000,
        }
    }
}

impl Default for AwarenessLimits {
    fn default() -> Self {
        Self {
            ids_per_client: 8,
            state_bytes: 4 * 1024,
            document_bytes: 128 * 1024,
            grace: Duration::from_millis(1_500),
        }
    }
}
