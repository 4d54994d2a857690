//! Who hears of a document's changes: outboxes, what each may do, and how far what it sent is stored.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use collabd_core::outbox::{Frame, Overflow};
use collabd_core::{Goodbye, Outbox};
use collabd_protocol::{CloseCode, DocumentId};
use tokio::time::Instant;

use super::subscription::{Form, SubscribeRequest, WriteRight};
use crate::awareness::{Announcer, SubscriptionId};
use crate::metrics::Metrics;
use crate::wire::{self, AwarenessEntry};

/// A viewer is told at most this often that it may not write.
const DENIAL_PAUSE: Duration = Duration::from_secs(1);

/// One subscriber. Dropped with a panicking actor, it tells the client to come back (4004).
#[derive(Debug)]
pub(super) struct Subscriber {
    outbox: Option<Outbox>,
    form: Form,
    /// Tells the connection that nobody listens to it any more.
    is_over: Arc<AtomicBool>,
    document: DocumentId,
    metrics: Metrics,
    pub(super) announcer: Announcer,
    write: WriteRight,
    hears_saved: bool,
    denied_at: Option<Instant>,
    /// Sync messages (step 2 and update) taken so far.
    taken: u64,
    /// How many had been taken when one came that builds on unknown content: the client was asked for all it has, and
    /// until that came nothing after counts as stored.
    held_at: Option<u64>,
    reported: u64,
}

impl Subscriber {
    pub(super) fn new(
        id: SubscriptionId,
        request: SubscribeRequest,
        document: DocumentId,
        metrics: Metrics,
    ) -> Self {
        metrics.subscribed();
        let SubscribeRequest { user, is_guest, write, form, hears_saved, outbox } = request;
        Self {
            outbox: Some(outbox),
            form,
            is_over: Arc::default(),
            document,
            metrics,
            announcer: Announcer { subscription: id, user, is_guest },
            write,
            hears_saved,
            denied_at: None,
            taken: 0,
            held_at: None,
            reported: 0,
        }
    }

    /// May it change the content now?
    pub(super) fn may_write(&self) -> bool {
        self.write.is_given()
    }

    /// Counts a sync message of the client.
    pub(super) fn count(&mut self) {
        self.taken += 1;
    }

    /// The message just counted could not be applied. Is the client to be asked for all it has?
    pub(super) fn hold(&mut self) -> bool {
        let is_first = self.held_at.is_none();
        self.held_at.get_or_insert(self.taken.saturating_sub(1));
        is_first
    }

    /// All that the client has is here.
    pub(super) fn release(&mut self) {
        self.held_at = None;
    }

    /// How many of its messages are in the document, if its client is to hear of that.
    pub(super) fn covered(&self) -> Option<u64> {
        let covered = self.held_at.unwrap_or(self.taken);
        (self.hears_saved && covered > self.reported).then_some(covered)
    }

    /// Is it time to say once more that a viewer may not write?
    pub(super) fn is_denied_anew(&mut self, now: Instant) -> bool {
        let is_due = self.denied_at.is_none_or(|at| now.duration_since(at) >= DENIAL_PAUSE);
        if is_due {
            self.denied_at = Some(now);
        }
        is_due
    }

    fn close(&self, goodbye: Goodbye) {
        let Some(outbox) = &self.outbox else { return };
        self.is_over.store(true, Ordering::Release);
        match self.form {
            Form::Alone => {
                outbox.close(goodbye);
            }
            // The connection is about more than this document and stays. If even this is too much for the outbox, it
            // closes itself.
            Form::Addressed => {
                let message = wire::closed(goodbye.code, goodbye.code.name());
                let _ = outbox.push(Frame::Binary(wire::addressed(&self.document, &message)));
            }
        }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.metrics.unsubscribed();
        self.close(CloseCode::ProjectRestarted.into());
    }
}

/// A message in the forms in which it is needed, each encoded once.
struct Message<'a> {
    document: &'a DocumentId,
    alone: Bytes,
    addressed: Option<Bytes>,
}

impl<'a> Message<'a> {
    fn new(document: &'a DocumentId, alone: Bytes) -> Self {
        Self { document, alone, addressed: None }
    }

    fn frame(&mut self, form: Form) -> Bytes {
        match form {
            Form::Alone => self.alone.clone(),
            Form::Addressed => {
                self.addressed.get_or_insert_with(|| wire::addressed(self.document, &self.alone)).clone()
            }
        }
    }
}

/// All subscribers of one document.
#[derive(Debug)]
pub(super) struct Subscribers {
    document: DocumentId,
    metrics: Metrics,
    by_id: HashMap<SubscriptionId, Subscriber>,
}

impl Subscribers {
    pub(super) fn new(document: DocumentId, metrics: Metrics) -> Self {
        Self { document, metrics, by_id: HashMap::new() }
    }

    /// Adds a subscriber, and returns what tells its connection that it is one no more.
    pub(super) fn add(&mut self, id: SubscriptionId, request: SubscribeRequest) -> Arc<AtomicBool> {
        let subscriber = Subscriber::new(id, request, self.document.clone(), self.metrics.clone());
        let is_over = Arc::clone(&subscriber.is_over);
        self.by_id.insert(id, subscriber);
        is_over
    }

    pub(super) fn get_mut(&mut self, id: SubscriptionId) -> Option<&mut Subscriber> {
        self.by_id.get_mut(&id)
    }

    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Forgets a subscriber; its connection may live on.
    pub(super) fn remove(&mut self, id: SubscriptionId) -> bool {
        match self.by_id.remove(&id) {
            Some(mut subscriber) => {
                subscriber.outbox = None;
                true
            }
            None => false,
        }
    }

    /// Closes a subscriber and forgets it.
    pub(super) fn close(&mut self, id: SubscriptionId, goodbye: Goodbye) {
        if let Some(mut subscriber) = self.by_id.remove(&id) {
            subscriber.close(goodbye);
            subscriber.outbox = None;
        }
    }

    /// Closes all subscribers and forgets them.
    pub(super) fn close_all(&mut self, goodbye: Goodbye) {
        let ids: Vec<_> = self.by_id.keys().copied().collect();
        for id in ids {
            self.close(id, goodbye);
        }
    }

    /// Sends a message to one subscriber. Overflow closes its connection (4000), which gives the subscription back.
    pub(super) fn send(&self, id: SubscriptionId, message: Bytes) {
        if let Some(subscriber) = self.by_id.get(&id) {
            self.push(subscriber, &mut Message::new(&self.document, message));
        }
    }

    /// Sends a message to everybody but `except`.
    pub(super) fn broadcast(&self, message: Bytes, except: SubscriptionId) {
        let mut message = Message::new(&self.document, message);
        let mut count = 0;
        for (_, subscriber) in self.by_id.iter().filter(|(id, _)| **id != except) {
            self.push(subscriber, &mut message);
            count += 1;
        }
        self.metrics.delivered(count);
    }

    /// Sends awareness to everybody, whoever announced it included: y-websocket closes a socket on which it does not
    /// hear itself. A newer state of the same client replaces one that waits.
    pub(super) fn announce(&self, entries: &[AwarenessEntry]) {
        let one = |entry: &AwarenessEntry| (entry.client, wire::awareness(std::slice::from_ref(entry)));
        for (client, message) in entries.iter().map(one) {
            let mut message = Message::new(&self.document, message);
            for subscriber in self.by_id.values() {
                let Some(outbox) = &subscriber.outbox else { continue };
                let frame = message.frame(subscriber.form);
                self.note(outbox.push_awareness(&self.document, client, Frame::Binary(frame)));
            }
        }
        self.metrics.delivered(entries.len() * self.by_id.len());
    }

    /// How far the messages of each subscriber go that wants to know.
    pub(super) fn covered(&self) -> Vec<(SubscriptionId, u64)> {
        let covered = |(id, subscriber): (&SubscriptionId, &Subscriber)| Some((*id, subscriber.covered()?));
        self.by_id.iter().filter_map(covered).collect()
    }

    /// Tells a subscriber how many of its messages are stored.
    pub(super) fn report_saved(&mut self, id: SubscriptionId, count: u64, advanced: &[u8]) {
        if let Some(subscriber) = self.by_id.get_mut(&id) {
            subscriber.reported = count;
            self.send(id, wire::saved(count, advanced));
        }
    }

    fn push(&self, subscriber: &Subscriber, message: &mut Message<'_>) {
        if let Some(outbox) = &subscriber.outbox {
            self.note(outbox.push(Frame::Binary(message.frame(subscriber.form))));
        }
    }

    /// The connection closes itself and gives the subscription back; until then its outbox takes everything and
    /// keeps nothing.
    fn note(&self, pushed: Result<(), Overflow>) {
        if pushed == Err(Overflow) {
            self.metrics.slow_consumer_evicted();
        }
    }
}
