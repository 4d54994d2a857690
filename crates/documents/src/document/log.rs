//! What is not stored yet, and who is to hear when it is. One record at a time is on its way; the next one gathers
//! meanwhile.

use std::time::Duration;

use bytes::Bytes;
use collabd_protocol::DocumentType;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::clocks::Clocks;
use super::handle::ImportError;
use crate::DocumentKey;
use crate::awareness::SubscriptionId;
use crate::content::Change;
use crate::journal::{JournalHandle, Outcome};
use crate::metrics::Metrics;
use crate::store::{AppendError, Record, Sequence, StoreError, Stored};

/// The first pause after the store took nothing; it doubles with each failure ...
const FIRST_RETRY: Duration = Duration::from_millis(250);
/// ... up to this.
const LAST_RETRY: Duration = Duration::from_secs(5);

/// Who waits for an import to be stored.
pub(super) type Importer = oneshot::Sender<Result<(), ImportError>>;

/// What one record settles.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// The clocks that advanced, as a partial state vector.
    pub(super) advanced: Clocks,
    /// Subscribers and how many of their messages are covered.
    pub(super) covered: Vec<(SubscriptionId, u64)>,
    importers: Vec<Importer>,
}

impl Settled {
    /// Tells those who imported something.
    pub(super) fn tell_importers(&mut self) {
        for importer in self.importers.drain(..) {
            // Whoever stopped waiting needs no answer.
            let _ = importer.send(Ok(()));
        }
    }
}

/// What became of the record that was on its way.
#[derive(Debug)]
pub(super) enum Commit {
    /// It is on disk.
    Stored(Settled),
    /// It is not, and is tried again later.
    Postponed,
    /// It never will be.
    Failed(AppendError),
}

#[derive(Debug)]
struct InFlight {
    record: Record,
    bytes: usize,
    settles: Settled,
    state: Flight,
}

#[derive(Debug)]
enum Flight {
    Handed(oneshot::Receiver<Outcome>),
    RetryAt(Instant),
}

/// The unsaved end of one document's log.
#[derive(Debug)]
pub(super) struct Log {
    key: DocumentKey,
    document_type: DocumentType,
    journal: JournalHandle,
    metrics: Metrics,
    last: Sequence,
    /// Updates since the last snapshot.
    updates: usize,
    waiting: Vec<Bytes>,
    waiting_bytes: usize,
    settles: Settled,
    in_flight: Option<InFlight>,
    failures: u32,
}

impl Log {
    pub(super) fn new(
        key: DocumentKey,
        document_type: DocumentType,
        stored: &Stored,
        journal: JournalHandle,
        metrics: Metrics,
    ) -> Self {
        Self {
            key,
            document_type,
            journal,
            metrics,
            last: stored.last,
            updates: stored.updates.len(),
            waiting: Vec::new(),
            waiting_bytes: 0,
            settles: Settled::default(),
            in_flight: None,
            failures: 0,
        }
    }

    /// Adds a change to what is to be stored.
    pub(super) fn push(&mut self, change: &Change) {
        self.waiting_bytes += change.update.len();
        self.metrics.unsaved(change.update.len());
        self.waiting.push(change.update.clone());
        self.settles.advanced.advance(&change.advanced);
    }

    /// Remembers who is to hear when everything up to now is stored.
    pub(super) fn settles_for(&mut self, importer: Importer) {
        self.settles.importers.push(importer);
    }

    /// Hands in what waits, unless a record is on its way. `covered` says how far each subscriber's messages go now.
    pub(super) fn hand_in(&mut self, covered: impl FnOnce() -> Vec<(SubscriptionId, u64)>) {
        if self.in_flight.is_some() || self.waiting.is_empty() {
            return;
        }
        let record = Record {
            key: self.key.clone(),
            document_type: self.document_type,
            sequence: self.last + 1,
            updates: std::mem::take(&mut self.waiting),
        };
        let settles = Settled { covered: covered(), ..std::mem::take(&mut self.settles) };
        let bytes = std::mem::take(&mut self.waiting_bytes);
        let state = Flight::Handed(self.journal.append(record.clone()));
        self.in_flight = Some(InFlight { record, bytes, settles, state });
    }

    /// Waits for what becomes of the record on its way; for ever when there is none. Cancel-safe.
    pub(super) async fn outcome(&mut self) -> Outcome {
        match &mut self.in_flight {
            Some(InFlight { state: Flight::Handed(outcome), .. }) => {
                let received = outcome.await;
                received.unwrap_or_else(|_| {
                    let gone = "the journal has ended".into();
                    Err(AppendError::Store(StoreError::Unavailable(gone)))
                })
            }
            _ => std::future::pending().await,
        }
    }

    /// Takes the outcome.
    pub(super) fn settle(&mut self, outcome: Outcome) -> Commit {
        let Some(mut in_flight) = self.in_flight.take() else {
            return Commit::Postponed;
        };
        match outcome {
            Ok(()) => {
                self.metrics.saved(in_flight.bytes);
                self.failures = 0;
                self.last = in_flight.record.sequence;
                self.updates += in_flight.record.updates.len();
                if self.waiting.is_empty() {
                    // They imported nothing new while this record was on its way, and no other will follow for them.
                    in_flight.settles.importers.append(&mut self.settles.importers);
                }
                Commit::Stored(in_flight.settles)
            }
            Err(AppendError::Store(_)) => {
                let pause = FIRST_RETRY.saturating_mul(2_u32.saturating_pow(self.failures)).min(LAST_RETRY);
                self.failures = self.failures.saturating_add(1);
                in_flight.state = Flight::RetryAt(Instant::now() + pause);
                self.in_flight = Some(in_flight);
                Commit::Postponed
            }
            Err(error) => {
                self.metrics.saved(in_flight.bytes);
                Commit::Failed(error)
            }
        }
    }

    /// When a postponed record is due again.
    pub(super) fn retry_at(&self) -> Option<Instant> {
        match self.in_flight.as_ref()?.state {
            Flight::RetryAt(at) => Some(at),
            Flight::Handed(_) => None,
        }
    }

    /// Hands a postponed record in again.
    pub(super) fn retry(&mut self) {
        if let Some(in_flight) = &mut self.in_flight {
            in_flight.state = Flight::Handed(self.journal.append(in_flight.record.clone()));
        }
    }

    /// Forgets what is not stored: the document is gone.
    pub(super) fn discard(&mut self) {
        self.metrics.saved(self.unsaved_bytes());
        self.waiting = Vec::new();
        self.waiting_bytes = 0;
        self.settles = Settled::default();
        self.in_flight = None;
    }

    /// Is everything stored?
    pub(super) fn is_clean(&self) -> bool {
        self.in_flight.is_none() && self.waiting.is_empty()
    }

    /// Bytes of updates that are not stored.
    pub(super) fn unsaved_bytes(&self) -> usize {
        self.waiting_bytes + self.in_flight.as_ref().map_or(0, |in_flight| in_flight.bytes)
    }

    /// The newest record that is stored.
    pub(super) fn last(&self) -> Sequence {
        self.last
    }

    /// Updates since the last snapshot or the last time a compaction was asked for.
    pub(super) fn updates(&self) -> usize {
        self.updates
    }

    /// A compaction has been asked for.
    pub(super) fn begin_count(&mut self) {
        self.updates = 0;
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.metrics.saved(self.unsaved_bytes());
    }
}
