//! What subscribers and the server itself do to a document's content, and what follows from it.

use bytes::Bytes;
use collabd_core::roster::Listed as _;
use collabd_protocol::CloseCode;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;
use tokio::time::Instant;
use tracing::{debug, error};

use super::actor::Loaded;
use super::handle::{DocumentError, Exported, ImportError};
use super::log::Importer;
use super::subscriber::Subscriber;
use crate::awareness::SubscriptionId;
use crate::content::{ApplyError, Change};
use crate::wire::{self, StateVector};

/// Work on more bytes than this tells the runtime that the thread is busy for a while.
const LONG_WORK: usize = 64 * 1024;
/// No subscription has this number.
const NOBODY: SubscriptionId = SubscriptionId(0);

impl Loaded {
    /// A viewer may write from now on, and may have edited before.
    pub(super) fn welcome(&mut self, id: SubscriptionId) {
        if self.subscribers.get_mut(id).is_some_and(|subscriber| subscriber.may_write()) {
            self.ask_for_all(id);
        }
    }

    pub(super) fn ask_for_all(&self, subscription: SubscriptionId) {
        self.subscribers.send(subscription, wire::sync_step1(&self.content.state_vector()));
    }

    pub(super) fn sync(&self, subscription: SubscriptionId, since: &StateVector) {
        let missing = at_length(self.is_large(), || self.content.diff(since));
        self.subscribers.send(subscription, wire::sync_step2(&missing));
    }

    pub(super) fn update(&mut self, id: SubscriptionId, update: &Bytes, is_reply: bool) {
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        subscriber.count();
        if !subscriber.may_write() {
            if !is_empty_update(update) {
                self.deny(id);
            }
            return;
        }
        if self.log.unsaved_bytes() + update.len() > self.limits.unsaved_bytes {
            // The store takes nothing. The client keeps its changes and brings them again.
            return self.dismiss(id, CloseCode::TryAgainLater);
        }
        let is_long = update.len() > LONG_WORK;
        match at_length(is_long, || self.content.apply(update)) {
            Ok(change) => self.applied(id, change, is_reply),
            // It has not even itself what it builds on, so asking once more would never end.
            Err(ApplyError::Missing) if is_reply => self.dismiss(id, CloseCode::ResyncRequired),
            Err(ApplyError::Missing) => {
                if self.subscribers.get_mut(id).is_some_and(Subscriber::hold) {
                    self.metrics.resync_asked();
                    self.ask_for_all(id);
                }
            }
            Err(ApplyError::Refused(error)) => {
                self.metrics.update_refused();
                debug!(document = %self.handle.key(), %error, "update refused");
                self.dismiss(id, error.close_code());
            }
            Err(ApplyError::Broken) => self.break_off(id),
        }
    }

    /// What a viewer sent is not stored, and so is nothing after it, until the client may write and has brought all it has.
    fn deny(&mut self, id: SubscriptionId) {
        let Some(subscriber) = self.subscribers.get_mut(id) else { return };
        subscriber.hold();
        if subscriber.is_denied_anew(Instant::now()) {
            self.metrics.update_refused();
            self.subscribers.send(id, wire::permission_denied("you may read this document, not change it"));
        }
    }

    fn applied(&mut self, id: SubscriptionId, change: Option<Change>, is_reply: bool) {
        self.pass_on(change, id);
        if is_reply && let Some(subscriber) = self.subscribers.get_mut(id) {
            subscriber.release();
        }
        self.report_if_clean(id);
    }

    /// What was new goes to everybody but its sender, and to the store.
    fn pass_on(&mut self, change: Option<Change>, sender: SubscriptionId) {
        if let Some(change) = change {
            self.metrics.updated();
            self.subscribers.broadcast(wire::update(&change.update), sender);
            self.log.push(&change);
        }
    }

    /// Nothing waits for the store, so what a client sent is there, if it said anything new at all.
    fn report_if_clean(&mut self, id: SubscriptionId) {
        if self.log.is_clean()
            && let Some(covered) = self.subscribers.get_mut(id).and_then(|subscriber| subscriber.covered())
        {
            self.subscribers.report_saved(id, covered, &[0]);
        }
    }

    pub(super) fn import(&mut self, update: &Bytes, reply: Importer) {
        let change = match at_length(update.len() > LONG_WORK, || self.content.apply(update)) {
            Ok(change) => change,
            Err(error) => {
                let error = match error {
                    ApplyError::Refused(error) => ImportError::Refused(error),
                    ApplyError::Missing => ImportError::Missing,
                    ApplyError::Broken => {
                        self.break_off(NOBODY);
                        ImportError::Document(DocumentError::Closed)
                    }
                };
                return drop(reply.send(Err(error)));
            }
        };
        self.pass_on(change, NOBODY);
        if self.log.is_clean() {
            drop(reply.send(Ok(())));
        } else {
            self.log.settles_for(reply);
        }
    }

    /// The library failed on what `id` sent, so the content is of no use any more. What was taken before it is good and
    /// is stored; everybody else comes back to a fresh run.
    pub(super) fn break_off(&mut self, id: SubscriptionId) {
        self.metrics.panicked("document");
        error!(document = %self.handle.key(), "the library failed on an update");
        self.dismiss(id, CloseCode::BadRequest);
        self.subscribers.close_all(CloseCode::ResyncRequired.into());
        self.refuse_commands();
        self.is_ending = true;
    }

    pub(super) fn export(&self) -> Exported {
        let state = at_length(self.is_large(), || self.content.state());
        Exported { state, through: self.log.last() }
    }

    fn is_large(&self) -> bool {
        self.content.bytes() > LONG_WORK
    }
}

/// An update that says nothing: no structs and no deletions. Clients send it in answer to a question when they have
/// nothing to say.
fn is_empty_update(update: &[u8]) -> bool {
    update == [0, 0]
}

/// Runs work that may take milliseconds. The other tasks of this thread move to another one meanwhile.
pub(super) fn at_length<R>(is_long: bool, work: impl FnOnce() -> R) -> R {
    let has_others = Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread;
    if is_long && has_others { block_in_place(work) } else { work() }
}
