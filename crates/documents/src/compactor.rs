//! Replacing long logs by snapshots, one after the other, beside the documents' actors and without asking them.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use collabd_core::faults;
use futures_util::FutureExt as _;
use tokio::sync::mpsc;
use tokio::task::{JoinError, spawn_blocking};
use tracing::{debug, error, warn};

use crate::DocumentKey;
use crate::content::{Content, LoadError};
use crate::limits::ContentLimits;
use crate::metrics::Metrics;
use crate::store::{DocumentStore, Snapshot, StoreError};

/// Why a log was left as it is.
#[derive(Debug, thiserror::Error)]
enum CompactError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Content(#[from] LoadError),
    /// A snapshot would lose them; in the log they wait for what they build on.
    #[error("{0} updates build on something that is not there")]
    Incomplete(usize),
    #[error("the compaction panicked")]
    Panicked(#[from] JoinError),
    #[error("the compaction panicked")]
    Broken,
}

/// The way to the compactor. Clones reach the same one; it ends with the last of them.
#[derive(Debug, Clone)]
pub(crate) struct CompactorHandle {
    inbox: mpsc::Sender<DocumentKey>,
}

impl CompactorHandle {
    /// Asks for a compaction, without waiting. When too many wait already, a later commit asks again.
    pub(crate) fn ask(&self, key: &DocumentKey) {
        let _ = self.inbox.try_send(key.clone());
    }
}

/// The task that compacts.
#[derive(Debug)]
pub(crate) struct Compactor {
    inbox: mpsc::Receiver<DocumentKey>,
    store: Arc<dyn DocumentStore>,
    limits: ContentLimits,
    metrics: Metrics,
}

impl Compactor {
    pub(crate) fn new(
        store: Arc<dyn DocumentStore>,
        documents: usize,
        limits: ContentLimits,
        metrics: Metrics,
    ) -> (Self, CompactorHandle) {
        let (inbox_tx, inbox) = mpsc::channel(documents);
        (Self { inbox, store, limits, metrics }, CompactorHandle { inbox: inbox_tx })
    }

    /// Compacts until nobody can ask any more.
    pub(crate) async fn run(mut self) {
        while let Some(key) = self.inbox.recv().await {
            let compacting = AssertUnwindSafe(self.compact(&key)).catch_unwind();
            let compacted = compacting.await.unwrap_or(Err(CompactError::Broken));
            if matches!(compacted, Err(CompactError::Broken | CompactError::Panicked(_))) {
                self.metrics.panicked("compactor");
                error!(document = %key, "compaction panicked");
            }
            match compacted {
                Ok(records) => {
                    self.metrics.compacted();
                    debug!(document = %key, records, "log compacted");
                }
                Err(error) => {
                    self.metrics.compaction_failed();
                    warn!(document = %key, %error, "log not compacted");
                }
            }
        }
    }

    /// The snapshot is made from what is stored, so it can hold nothing that is not.
    async fn compact(&self, key: &DocumentKey) -> Result<usize, CompactError> {
        faults::strike("compactor");
        let stored = self.store.load(key).await?;
        let (records, through, limits) = (stored.records, stored.last, self.limits);
        if records == 0 {
            return Ok(0);
        }
        let (state, left_out) = spawn_blocking(move || {
            Content::load(&stored, limits).map(|(content, left_out)| (content.state(), left_out))
        })
        .await??;
        if left_out > 0 {
            return Err(CompactError::Incomplete(left_out));
        }
        self.store.compact(key, &Snapshot { through, state }).await?;
        Ok(records)
    }
}
