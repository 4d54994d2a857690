//! A stage for this crate's own tests: a store in memory whose moods a test sets, and clients that speak Yjs.

mod client;
mod memory;

use std::sync::Arc;
use std::time::Duration;

use collabd_core::{FlightRecorder, Tasks};
use collabd_protocol::{DocumentId, DocumentType, ProjectId, UserId};

pub(crate) use client::{Client, request};
pub(crate) use memory::{MemoryStore, Mood};

use crate::{DocumentKey, DocumentRegistry, DocumentsHandle, Limits, Metrics};

/// A registry with its store.
pub(crate) struct Stage {
    pub(crate) documents: DocumentsHandle,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) metrics: Metrics,
    pub(crate) tasks: Tasks,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(Limits::default())
    }

    pub(crate) fn with(limits: Limits) -> Self {
        Self::on(limits, Arc::new(MemoryStore::default()))
    }

    /// Another server on the same store.
    pub(crate) fn on(limits: Limits, store: Arc<MemoryStore>) -> Self {
        let (metrics, tasks) = (Metrics::default(), Tasks::new());
        let documents = DocumentRegistry::spawn(
            limits,
            metrics.clone(),
            FlightRecorder::default(),
            Arc::clone(&store) as _,
            &tasks,
        );
        Self { documents, store, metrics, tasks }
    }

    /// Joins the document `plan` as an editor.
    pub(crate) async fn editor(&self, name: &str) -> Client {
        Client::join(self, name, |_| {}).await
    }

    /// Ends the registry, and asserts that nothing is left.
    pub(crate) async fn end(self) {
        let Self { documents, metrics, tasks, .. } = self;
        documents.shut_down().await;
        drop(documents);
        tasks.finished().await;
        assert_eq!((metrics.open(), metrics.subscriptions(), metrics.unsaved_bytes()), (0, 0, 0));
    }
}

pub(crate) const CANVAS: DocumentType = DocumentType::Canvas;

pub(crate) fn key(document: &str) -> DocumentKey {
    DocumentKey { project: ProjectId::new(1).unwrap(), document: DocumentId::new(document).unwrap() }
}

pub(crate) fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

/// Lets paused time pass and everybody have a turn.
pub(crate) async fn pass(time: Duration) {
    tokio::time::sleep(time).await;
}
