//! From the store into memory: the beginning of each run of a document.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use collabd_protocol::DocumentType;
use collabd_protocol::ids::Incarnation;
use tokio::sync::{mpsc, watch};
use tracing::{error, warn};

use super::actor::{Loaded, refuse};
use super::command::{Command, End};
use super::edits::at_length;
use super::handle::{DocumentError, DocumentHandle};
use super::log::Log;
use crate::DocumentKey;
use crate::compactor::CompactorHandle;
use crate::content::Content;
use crate::journal::JournalHandle;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::store::DocumentStore;

/// What a document actor is made from.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) key: DocumentKey,
    pub(crate) document_type: DocumentType,
    pub(crate) incarnation: Incarnation,
    pub(crate) limits: Limits,
    pub(crate) metrics: Metrics,
    pub(crate) store: Arc<dyn DocumentStore>,
    pub(crate) journal: JournalHandle,
    pub(crate) compactor: CompactorHandle,
}

/// One run of one document, before it is loaded.
#[derive(Debug)]
pub(crate) struct DocumentActor {
    pub(super) spec: Spec,
    pub(super) handle: DocumentHandle,
    pub(super) inbox: mpsc::Receiver<Command>,
    pub(super) end: watch::Receiver<Option<End>>,
}

impl DocumentActor {
    pub(crate) fn new(spec: Spec) -> (Self, DocumentHandle) {
        let (inbox_tx, inbox) = mpsc::channel(spec.limits.inbox);
        let (end_tx, end) = watch::channel(None);
        let handle = DocumentHandle {
            key: spec.key.clone(),
            incarnation: spec.incarnation,
            patience: spec.limits.patience,
            open_patience: spec.limits.open_patience,
            inbox: inbox_tx,
            end: end_tx,
            is_unreadable: Arc::new(AtomicBool::new(false)),
            progress: Arc::default(),
        };
        (Self { spec, handle: handle.clone(), inbox, end }, handle)
    }

    /// Loads the document and runs until nobody has been in it for a while, or until the end is ordered.
    pub(crate) async fn run(mut self) {
        match self.load().await {
            Some((content, log)) => Loaded::new(self, content, log).run().await,
            None => self.refuse_all(),
        }
    }

    async fn load(&self) -> Option<(Content, Log)> {
        let Spec { key, limits, metrics, .. } = &self.spec;
        // An earlier run that panicked may have left a record on its way.
        self.spec.journal.barrier().await;
        let stored = match self.spec.store.load(key).await {
            Ok(stored) => stored,
            Err(error) => {
                warn!(document = %key, %error, "document not loaded");
                return None;
            }
        };
        metrics.loaded(stored.damaged);
        if stored.damaged > 0 {
            error!(document = %key, records = stored.damaged, "damaged records set aside");
        }
        match at_length(true, || Content::load(&stored, limits.content)) {
            Ok((content, left_out)) => {
                if left_out > 0 {
                    error!(document = %key, updates = left_out, "updates left out, they build on missing ones");
                }
                let (journal, metrics) = (self.spec.journal.clone(), metrics.clone());
                let log = Log::new(key.clone(), self.spec.document_type, &stored, journal, metrics);
                Some((content, log))
            }
            Err(error) => {
                error!(document = %key, %error, "document cannot be read");
                None
            }
        }
    }

    fn refuse_all(&mut self) {
        self.handle.is_unreadable.store(true, Ordering::Release);
        self.inbox.close();
        while let Ok(command) = self.inbox.try_recv() {
            refuse(command, DocumentError::Unavailable);
        }
    }
}
