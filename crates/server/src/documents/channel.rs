//! One document on one socket: messages become calls, failures become close codes.

use bytes::Bytes;
use collabd_core::Outbox;
use collabd_documents::wire::{ClientMessage, StateVector};
use collabd_documents::{DocumentError, DocumentKey, Form, SubscribeRequest, Subscription, WriteRight};
use collabd_protocol::{CloseCode, UserId};

use super::place;
use crate::app::App;

/// Who opens a document, and how it is told of changes.
#[derive(Debug, Clone)]
pub(super) struct Opening {
    pub(super) user: UserId,
    pub(super) is_guest: bool,
    pub(super) write: WriteRight,
    pub(super) form: Form,
    pub(super) hears_saved: bool,
    pub(super) outbox: Outbox,
}

/// A document that a socket has open.
pub(super) struct Channel {
    subscription: Subscription,
    outbox: Outbox,
    /// What the client lacks, asked for and not yet sent. As large as the document at worst, so it is sent when the
    /// client has taken what waits: then it evicts nobody, and one at a time is in memory.
    wanted: Option<StateVector>,
}

impl Channel {
    /// Opens a document of a kind that was looked up already.
    ///
    /// # Errors
    /// The code that tells the client why not.
    pub(super) async fn open(
        app: &App,
        key: &DocumentKey,
        document_type: collabd_protocol::DocumentType,
        opening: Opening,
    ) -> Result<Self, CloseCode> {
        let Opening { user, is_guest, write, form, hears_saved, outbox } = opening;
        let request = SubscribeRequest { user, is_guest, write, form, hears_saved, outbox: outbox.clone() };
        let subscribed = app.documents().subscribe(key, document_type, request).await;
        if let Err(DocumentError::Full(hit)) = subscribed {
            app.admission().hits().count(hit);
        }
        let subscription = subscribed.map_err(code)?;
        Ok(Self { subscription, outbox, wanted: None })
    }

    /// Looks a document up and opens it.
    ///
    /// # Errors
    /// As [`Channel::open`].
    pub(super) async fn find(app: &App, key: &DocumentKey, opening: Opening) -> Result<Self, CloseCode> {
        let document_type = place::document_type(app, key, None).await?;
        Self::open(app, key, document_type, opening).await
    }

    /// Has the document closed it for this client alone?
    pub(super) fn is_over(&self) -> bool {
        self.subscription.is_over()
    }

    /// Takes one message of the client.
    ///
    /// # Errors
    /// The code with which the document is to be closed for this client.
    pub(super) async fn take(&mut self, message: ClientMessage) -> Result<(), CloseCode> {
        let done = match message {
            ClientMessage::SyncStep1(since) => {
                self.wanted = Some(since);
                return self.send_wanted().await;
            }
            ClientMessage::SyncStep2(update) => self.subscription.update(detached(&update), true).await,
            ClientMessage::Update(update) => self.subscription.update(detached(&update), false).await,
            ClientMessage::Awareness(entries) => self.subscription.announce(entries).await,
            ClientMessage::QueryAwareness => self.subscription.query_awareness().await,
            // What these mean is the socket's business.
            ClientMessage::Authenticate(_) | ClientMessage::Close => Ok(()),
        };
        done.map_err(code)
    }

    /// The client may write from now on.
    ///
    /// # Errors
    /// As [`Channel::take`].
    pub(super) async fn welcome(&self) -> Result<(), CloseCode> {
        self.subscription.welcome().await.map_err(code)
    }

    /// Is something asked for that was not sent yet?
    pub(super) fn wants_state(&self) -> bool {
        self.wanted.is_some()
    }

    /// Sends what is asked for if the client has taken what waited before.
    ///
    /// # Errors
    /// As [`Channel::take`].
    pub(super) async fn send_wanted(&mut self) -> Result<(), CloseCode> {
        if self.outbox.has_slack()
            && let Some(since) = self.wanted.take()
        {
            self.subscription.sync(since).await.map_err(code)?;
        }
        Ok(())
    }

    /// Ends it for good: the client left, it was not lost.
    pub(super) fn leave(self) {
        self.subscription.leave();
    }
}

/// The update without the socket's buffer that it lies in, which would be kept for as long as the update waits.
fn detached(update: &Bytes) -> Bytes {
    Bytes::copy_from_slice(update)
}

/// What a client is told when its document does not do what it asked.
fn code(error: DocumentError) -> CloseCode {
    match error {
        // It ended under the client, and if it said why, that came first and wins.
        DocumentError::Closed => CloseCode::ResyncRequired,
        DocumentError::Overloaded
        | DocumentError::Unavailable
        | DocumentError::Full(_)
        | DocumentError::Quarantined { .. } => CloseCode::TryAgainLater,
    }
}
