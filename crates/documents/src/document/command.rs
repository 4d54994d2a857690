//! What a document's actor can be told.

use bytes::Bytes;
use collabd_core::Goodbye;
use tokio::sync::{mpsc, oneshot};

use super::handle::{DocumentError, Exported, ImportError};
use super::subscription::{SubscribeRequest, Subscription};
use crate::awareness::SubscriptionId;
use crate::wire::{AwarenessEntry, StateVector};

/// A command in a document's inbox.
#[derive(Debug)]
pub(super) enum Command {
    /// Begin a subscription.
    Subscribe { request: Box<SubscribeRequest>, reply: oneshot::Sender<Result<Subscription, DocumentError>> },
    /// Send what the subscriber lacks; answered when it is in the outbox.
    Sync { subscription: SubscriptionId, since: StateVector, reply: oneshot::Sender<()> },
    /// Take an update that a subscriber sent.
    Update { subscription: SubscriptionId, update: Bytes, is_reply: bool },
    /// Take what a subscriber says of itself.
    Announce { subscription: SubscriptionId, entries: Vec<AwarenessEntry> },
    /// Send what everybody says of themselves.
    QueryAwareness { subscription: SubscriptionId },
    /// Ask the subscriber for all it has, now that it may write.
    Welcome { subscription: SubscriptionId },
    /// The whole state.
    Export { reply: oneshot::Sender<Result<Exported, DocumentError>> },
    /// Take an update of the server's own making; answered when it is stored.
    Import { update: Bytes, reply: oneshot::Sender<Result<(), ImportError>> },
    /// Break down, as only a bug would.
    #[cfg(test)]
    Panic,
}

impl Command {
    /// What the document does with it, for whoever looks at one that is stuck.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Subscribe { .. } => "subscribe",
            Self::Sync { .. } => "sync",
            Self::Update { .. } => "update",
            Self::Announce { .. } => "announce",
            Self::QueryAwareness { .. } => "query_awareness",
            Self::Welcome { .. } => "welcome",
            Self::Export { .. } => "export",
            Self::Import { .. } => "import",
            #[cfg(test)]
            Self::Panic => "panic",
        }
    }
}

/// A place in the departures queue, reserved at the subscription so that its end can neither fail nor wait.
pub(super) type Slot = mpsc::OwnedPermit<Departure>;

/// A subscription was given back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Departure {
    pub(super) subscription: SubscriptionId,
    /// The connection was lost and may come back: its awareness is kept for the grace period (P3).
    pub(super) keeps_grace: bool,
}

/// How a document is ended from outside.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    /// Close every subscriber and forget what is not stored: the document is gone.
    Now(Goodbye),
    /// Store what is not stored and end. Subscribers are closed by their projects.
    Saved,
}
