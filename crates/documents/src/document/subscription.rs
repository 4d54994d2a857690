//! A connection's part in a document. Its drop is the end of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use collabd_core::Outbox;
use collabd_core::ask::{ask, tell};
use collabd_protocol::UserId;

use super::command::{Command, Departure, Slot};
use super::handle::{DocumentError, DocumentHandle};
use crate::awareness::SubscriptionId;
use crate::wire::{AwarenessEntry, StateVector};

/// How a document's messages are put into frames for one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As y-websocket does: the connection is about this document alone.
    Alone,
    /// With the document's id in front: the connection carries several.
    Addressed,
}

/// Whether a client may change content. It may be given and taken while the client has documents open; clones are the same
/// right.
#[derive(Debug, Clone)]
pub struct WriteRight(Arc<AtomicBool>);

impl WriteRight {
    /// A right that is given from the beginning, or not.
    pub fn new(is_given: bool) -> Self {
        Self(Arc::new(AtomicBool::new(is_given)))
    }

    /// Is it given now?
    pub fn is_given(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Gives or takes it. What is applied from now on is judged by it, whenever it was sent.
    pub fn set(&self, is_given: bool) {
        self.0.store(is_given, Ordering::Release);
    }
}

/// Who subscribes, and where its messages go.
#[derive(Debug, Clone)]
pub struct SubscribeRequest {
    /// Whose connection it is.
    pub user: UserId,
    /// Does nobody vouch for the user?
    pub is_guest: bool,
    /// May the subscriber change the content?
    pub write: WriteRight,
    /// How to put messages into frames.
    pub form: Form,
    /// Does the client understand `saved` and `close`, which y-websocket does not know?
    pub hears_saved: bool,
    /// Where to put what it is told.
    pub outbox: Outbox,
}

/// The right to act in a document as one subscriber.
///
/// Dropping it ends the subscription as lost; [`Subscription::leave`] ends it for good. Both use a slot that was
/// reserved at the beginning, so neither can fail nor wait, and both are harmless when the document has ended.
#[derive(Debug)]
pub struct Subscription {
    id: SubscriptionId,
    document: DocumentHandle,
    slot: Option<Slot>,
    is_over: Arc<AtomicBool>,
}

impl Subscription {
    pub(super) fn new(
        id: SubscriptionId,
        document: DocumentHandle,
        slot: Slot,
        is_over: Arc<AtomicBool>,
    ) -> Self {
        Self { id, document, slot: Some(slot), is_over }
    }

    /// Has the document closed it? Then whatever is sent through it is ignored.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Has what the client lacks put into its outbox, and returns once it is there. It may be as large as the document,
    /// so ask only while the outbox has slack.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub async fn sync(&self, since: StateVector) -> Result<(), DocumentError> {
        let handle = &self.document;
        // Other clients' updates may be worked off first, and a large document takes its time to encode.
        let asked = ask(&handle.inbox, handle.open_patience, |reply| Command::Sync {
            subscription: self.id,
            since,
            reply,
        });
        Ok(asked.await?)
    }

    /// Hands over an update; `is_reply` when it answers the server's question for all that the client has.
    ///
    /// # Errors
    /// [`DocumentError`]; the update is not taken, so the client has to be closed and to sync again.
    pub async fn update(&self, update: Bytes, is_reply: bool) -> Result<(), DocumentError> {
        self.tell(Command::Update { subscription: self.id, update, is_reply }).await
    }

    /// Hands over what the client says of itself.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub async fn announce(&self, entries: Vec<AwarenessEntry>) -> Result<(), DocumentError> {
        self.tell(Command::Announce { subscription: self.id, entries }).await
    }

    /// Has everybody's awareness put into the client's outbox.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub async fn query_awareness(&self) -> Result<(), DocumentError> {
        self.tell(Command::QueryAwareness { subscription: self.id }).await
    }

    /// The client may write from now on: it is asked for all it has, since what it changed before was refused.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub async fn welcome(&self) -> Result<(), DocumentError> {
        self.tell(Command::Welcome { subscription: self.id }).await
    }

    async fn tell(&self, command: Command) -> Result<(), DocumentError> {
        Ok(tell(&self.document.inbox, self.document.patience, command).await?)
    }

    /// Ends the subscription for good: what the client said of itself is cleared at once.
    pub fn leave(mut self) {
        self.depart(false);
    }

    fn depart(&mut self, keeps_grace: bool) {
        if let Some(slot) = self.slot.take() {
            slot.send(Departure { subscription: self.id, keeps_grace });
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.depart(true);
    }
}
