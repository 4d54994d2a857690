//! Documents that nobody is in give back what they took: counted in allocations, since what the process gives back to
//! the system is the allocator's business.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use collabd_core::{FlightRecorder, Tasks};
use collabd_documents::store::{AppendError, DocumentStore, Record, Snapshot, StoreError, Stored};
use collabd_documents::{DocumentKey, DocumentRegistry, DocumentsHandle, Limits, Metrics};
use collabd_protocol::{DocumentId, DocumentType, ProjectId};
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use peak_alloc::PeakAlloc;
use yrs::{Text as _, Transact as _};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What each document holds.
const DOCUMENT_BYTES: usize = 100_000;

/// Takes everything and keeps nothing, so that all memory is the documents'.
#[derive(Debug)]
struct NoStore;

impl DocumentStore for NoStore {
    fn load<'a>(&'a self, _: &'a DocumentKey) -> BoxFuture<'a, Result<Stored, StoreError>> {
        ready(Ok(Stored::default())).boxed()
    }

    fn append<'a>(&'a self, records: &'a [Record]) -> BoxFuture<'a, Vec<Result<(), AppendError>>> {
        ready(records.iter().map(|_| Ok(())).collect()).boxed()
    }

    fn compact<'a>(&'a self, _: &'a DocumentKey, _: &'a Snapshot) -> BoxFuture<'a, Result<(), StoreError>> {
        ready(Ok(())).boxed()
    }
}

fn update(text: &str) -> Bytes {
    let doc = yrs::Doc::with_client_id(7);
    let field = doc.get_or_insert_text("text");
    let mut txn = doc.transact_mut();
    field.push(&mut txn, text);
    txn.encode_update_v1().into()
}

/// Fills a hundred documents and waits until they are unloaded.
async fn round(documents: &DocumentsHandle, metrics: &Metrics, update: &Bytes) {
    for number in 0..100 {
        let document = DocumentId::new(format!("doc-{number}")).unwrap();
        let key = DocumentKey { project: ProjectId::new(1).unwrap(), document };
        documents.import(&key, DocumentType::Canvas, update.clone()).await.unwrap();
    }
    assert_eq!(metrics.open(), 100);
    while metrics.open() > 0 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_document_that_was_unloaded_holds_no_memory() {
    let (metrics, tasks) = (Metrics::default(), Tasks::new());
    let limits = Limits { compact_after: usize::MAX, ..Limits::default() };
    let documents = DocumentRegistry::spawn(
        limits,
        metrics.clone(),
        FlightRecorder::default(),
        Arc::new(NoStore),
        &tasks,
    );
    let update = update(&"x".repeat(DOCUMENT_BYTES));
    // The first rounds fill what is made once: maps, queues, the runtime's own.
    for _ in 0..3 {
        round(&documents, &metrics, &update).await;
    }
    let before = MEMORY.current_usage();
    for _ in 0..10 {
        round(&documents, &metrics, &update).await;
    }
    let left = MEMORY.current_usage().saturating_sub(before);
    // Maps and the runtime's own take some kilobytes more or less; of a thousand documents, not one may be left.
    assert!(left < DOCUMENT_BYTES / 2, "{left} bytes are left");
    documents.shut_down().await;
    drop(documents);
    tasks.finished().await;
}
