//! Group commit: one task writes what all documents have to store. While one commit is under way the next group
//! gathers, so the busier the server is, the more updates share a flush of the disk.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use collabd_core::faults;
use futures_util::FutureExt as _;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};
use tracing::{error, warn};

use crate::metrics::Metrics;
use crate::store::{AppendError, DocumentStore, Record, StoreError};

/// From the beginning of one commit to the next at least. A commit costs a flush of the disk and a few changes of
/// threads, whatever it holds; updates that come one by one would each have one of their own.
const PACE: Duration = Duration::from_millis(20);
/// Records in one commit.
const GROUP_RECORDS: usize = 256;
/// Bytes of updates after which a group takes no more records.
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// What the journal made of a record.
pub(crate) type Outcome = Result<(), AppendError>;

#[derive(Debug)]
enum Command {
    Append { record: Record, done: oneshot::Sender<Outcome> },
    Barrier { reached: oneshot::Sender<()> },
}

/// The way to the journal. Clones reach the same one; it ends with the last of them.
#[derive(Debug, Clone)]
pub(crate) struct JournalHandle {
    inbox: mpsc::Sender<Command>,
}

impl JournalHandle {
    /// Hands in a record and returns where its outcome will be. A document has one record here at a time and there is
    /// a place for each open document, so there is room; if there is not, the outcome is as if the store were away.
    pub(crate) fn append(&self, record: Record) -> oneshot::Receiver<Outcome> {
        let (done, outcome) = oneshot::channel();
        if let Err(refused) = self.inbox.try_send(Command::Append { record, done })
            && let Command::Append { done, .. } = refused.into_inner()
        {
            answer(done, Err(StoreError::Unavailable("the journal is full".into()).into()));
        }
        outcome
    }

    /// Waits until everything that was handed in before has its outcome.
    pub(crate) async fn barrier(&self) {
        let (reached, waiting) = oneshot::channel();
        if let Ok(permit) = self.inbox.reserve().await {
            permit.send(Command::Barrier { reached });
            // An error means that the journal has ended, and all its work with it.
            let _ = waiting.await;
        }
    }
}

/// The task that writes.
#[derive(Debug)]
pub(crate) struct Journal {
    inbox: mpsc::Receiver<Command>,
    store: Arc<dyn DocumentStore>,
    metrics: Metrics,
}

impl Journal {
    /// A journal with a place for each of `documents`, and as many again for barriers.
    pub(crate) fn new(
        store: Arc<dyn DocumentStore>,
        documents: usize,
        metrics: Metrics,
    ) -> (Self, JournalHandle) {
        let (inbox_tx, inbox) = mpsc::channel(2 * documents);
        (Self { inbox, store, metrics }, JournalHandle { inbox: inbox_tx })
    }

    /// Writes until nobody can hand in anything any more.
    pub(crate) async fn run(mut self) {
        let mut next = Instant::now();
        while let Some(command) = self.inbox.recv().await {
            match command {
                Command::Append { record, done } => {
                    sleep_until(next).await;
                    next = Instant::now() + PACE;
                    let group = self.gather(record, done);
                    self.commit(group).await;
                }
                // All that came before it has its outcome.
                Command::Barrier { reached } => answer(reached, ()),
            }
        }
    }

    /// Everything that waits, up to the bounds of a group.
    fn gather(&mut self, first: Record, done: oneshot::Sender<Outcome>) -> Group {
        let mut group = Group::default();
        group.add(first, done);
        while !group.is_full() {
            match self.inbox.try_recv() {
                Ok(Command::Append { record, done }) => group.add(record, done),
                Ok(Command::Barrier { reached }) => group.barriers.push(reached),
                Err(_) => break,
            }
        }
        group
    }

    async fn commit(&self, group: Group) {
        let outcomes = self.append(&group.records).await;
        let taken = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        if taken > 0 {
            self.metrics.committed(taken);
        }
        for ((record, done), outcome) in group.records.iter().zip(group.waiting).zip(outcomes) {
            if let Err(error) = &outcome {
                self.metrics.commit_failed();
                warn!(document = %record.key, %error, "record not stored");
            }
            answer(done, outcome);
        }
        group.barriers.into_iter().for_each(|reached| answer(reached, ()));
    }

    /// A panic is a commit that failed: whether its records are there shows when they are tried again.
    async fn append(&self, records: &[Record]) -> Vec<Outcome> {
        let appending = async {
            faults::strike("journal");
            self.store.append(records).await
        };
        AssertUnwindSafe(appending).catch_unwind().await.unwrap_or_else(|_| {
            self.metrics.panicked("journal");
            error!("commit panicked");
            let failed = || Err(StoreError::Unavailable("the commit panicked".into()).into());
            records.iter().map(|_| failed()).collect()
        })
    }
}

/// What goes into one commit, and who waits for it.
#[derive(Debug, Default)]
struct Group {
    records: Vec<Record>,
    waiting: Vec<oneshot::Sender<Outcome>>,
    barriers: Vec<oneshot::Sender<()>>,
    bytes: usize,
}

impl Group {
    fn add(&mut self, record: Record, done: oneshot::Sender<Outcome>) {
        self.bytes += record.updates.iter().map(bytes::Bytes::len).sum::<usize>();
        self.records.push(record);
        self.waiting.push(done);
    }

    fn is_full(&self) -> bool {
        self.records.len() >= GROUP_RECORDS || self.bytes >= GROUP_BYTES
    }
}

fn answer<T>(waiting: oneshot::Sender<T>, answer: T) {
    // A document that has ended in a panic waits for nothing.
    let _ = waiting.send(answer);
}
