//! A store in memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

use crate::DocumentKey;
use crate::store::{AppendError, DocumentStore, Record, Snapshot, StoreError, Stored};

/// What becomes of appends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mood {
    /// They are done.
    #[default]
    Well,
    /// The database is away.
    Away,
    /// The document was deleted.
    Gone,
}

#[derive(Debug, Default)]
struct Shelf {
    documents: HashMap<DocumentKey, Kept>,
    mood: Mood,
    is_unreadable: bool,
    groups: Vec<usize>,
}

#[derive(Debug, Default, Clone)]
struct Kept {
    snapshot: Option<Snapshot>,
    records: Vec<Record>,
}

/// Keeps records as the real stores do, one commit at a time.
#[derive(Debug)]
pub(crate) struct MemoryStore {
    shelf: Mutex<Shelf>,
    /// Appends wait here while a test holds them up.
    gate: Semaphore,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self { shelf: Mutex::default(), gate: Semaphore::new(1) }
    }
}

impl MemoryStore {
    fn with<R>(&self, look: impl FnOnce(&mut Shelf) -> R) -> R {
        look(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        self.with(|shelf| shelf.mood = mood);
    }

    pub(crate) fn set_unreadable(&self, is_unreadable: bool) {
        self.with(|shelf| shelf.is_unreadable = is_unreadable);
    }

    /// Holds up appends until the guard is dropped.
    pub(crate) async fn hold_up(&self) -> tokio::sync::SemaphorePermit<'_> {
        self.gate.acquire().await.unwrap()
    }

    /// Sizes of the groups that were committed.
    pub(crate) fn groups(&self) -> Vec<usize> {
        self.with(|shelf| shelf.groups.clone())
    }

    pub(crate) fn stored(&self, key: &DocumentKey) -> Stored {
        self.with(|shelf| {
            let kept = shelf.documents.get(key).cloned().unwrap_or_default();
            let through = kept.snapshot.as_ref().map_or(0, |snapshot| snapshot.through);
            Stored {
                last: kept.records.last().map_or(through, |record| record.sequence),
                records: kept.records.len(),
                updates: kept
                    .records
                    .iter()
                    .flat_map(|record| record.updates.clone())
                    .collect::<Vec<Bytes>>(),
                snapshot: kept.snapshot,
                damaged: 0,
            }
        })
    }
}

impl DocumentStore for MemoryStore {
    fn load<'a>(&'a self, key: &'a DocumentKey) -> BoxFuture<'a, Result<Stored, StoreError>> {
        async move {
            if self.with(|shelf| shelf.is_unreadable) {
                return Err(StoreError::Unavailable("the disk is away".into()));
            }
            Ok(self.stored(key))
        }
        .boxed()
    }

    fn append<'a>(&'a self, records: &'a [Record]) -> BoxFuture<'a, Vec<Result<(), AppendError>>> {
        async move {
            let _gate = self.gate.acquire().await.unwrap();
            self.with(|shelf| {
                shelf.groups.push(records.len());
                let mood = shelf.mood;
                let append = |record: &Record| match mood {
                    Mood::Away => Err(StoreError::Unavailable("the disk is full".into()).into()),
                    Mood::Gone => Err(AppendError::Gone),
                    Mood::Well => {
                        let kept = shelf.documents.entry(record.key.clone()).or_default();
                        let through = kept.snapshot.as_ref().map_or(0, |snapshot| snapshot.through);
                        let last = kept.records.last().map_or(through, |record| record.sequence);
                        if record.sequence != last + 1 {
                            return Err(AppendError::Conflict);
                        }
                        kept.records.push(record.clone());
                        Ok(())
                    }
                };
                records.iter().map(append).collect()
            })
        }
        .boxed()
    }

    fn compact<'a>(
        &'a self,
        key: &'a DocumentKey,
        snapshot: &'a Snapshot,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        async move {
            self.with(|shelf| {
                let kept = shelf.documents.entry(key.clone()).or_default();
                kept.records.retain(|record| record.sequence > snapshot.through);
                kept.snapshot = Some(snapshot.clone());
            });
            Ok(())
        }
        .boxed()
    }
}
