//! The documents of one collaboration socket. Each message names its document; a document that fails is closed alone and
//! the socket stays.

use bytes::Bytes;
use collabd_core::Outbox;
use collabd_core::outbox::Frame;
use collabd_documents::wire::{self, ClientMessage, WireError};
use collabd_documents::{DocumentKey, Form, WriteRight};
use collabd_protocol::{CloseCode, DocumentId, LimitHit, LimitName, ProjectId, UserId};
use indexmap::IndexMap;

use super::channel::{Channel, Opening};
use crate::admission::{ConnectionPermit, Purse, cost};
use crate::app::App;
use crate::net::Sign;
use crate::socket::Pace;

/// Documents that one socket may have open.
const MAX_OPEN: usize = 8;

/// Who speaks on the socket.
#[derive(Debug, Clone)]
pub(crate) struct Speaker {
    pub(crate) user: UserId,
    pub(crate) write: WriteRight,
}

/// The open documents of one socket.
pub(crate) struct Channels {
    app: App,
    project: ProjectId,
    outbox: Outbox,
    /// Says to what is below that documents' bytes come from now on.
    sign: Sign,
    pace: Pace,
    purse: Purse,
    open: IndexMap<DocumentId, Channel>,
}

impl Channels {
    pub(crate) fn new(
        app: &App,
        project: ProjectId,
        outbox: Outbox,
        permit: &ConnectionPermit,
        sign: Sign,
    ) -> Self {
        let limits = &app.config().documents;
        let pace = Pace::new(limits.document_messages_per_second, limits.document_message_burst);
        let purse = permit.purse().clone();
        Self { app: app.clone(), project, outbox, sign, pace, purse, open: IndexMap::new() }
    }

    /// Takes a binary frame: a document's id and one message for it. Waits while the client sends faster than it may.
    ///
    /// # Errors
    /// [`WireError`] when the frame is neither; the socket is to be closed.
    pub(crate) async fn take(&mut self, frame: &Bytes, speaker: &Speaker) -> Result<(), WireError> {
        self.pace.message().await;
        let (document, message) = wire::split_address(frame)?;
        let limits = self.app.document_limits();
        match wire::decode(&message, &limits.content, &limits.awareness) {
            Ok(ClientMessage::Close) => self.close(&document),
            Ok(message) => {
                if let Err(code) = self.deliver(&document, message, speaker).await {
                    self.refuse(&document, code);
                }
            }
            Err(error) => self.refuse(&document, error.close_code()),
        }
        Ok(())
    }

    async fn deliver(
        &mut self,
        document: &DocumentId,
        message: ClientMessage,
        speaker: &Speaker,
    ) -> Result<(), CloseCode> {
        // One that the document has closed is not closed by the client, who was told and may open it anew.
        self.open.retain(|_, channel| !channel.is_over());
        if let ClientMessage::SyncStep1(_) = message {
            self.purse.pay_in_time(cost::STATE).await;
        }
        if let Some(channel) = self.open.get_mut(document) {
            return channel.take(message).await;
        }
        if self.open.len() >= MAX_OPEN {
            let hit = LimitHit::full(LimitName::ConnectionDocuments, MAX_OPEN);
            self.app.admission().hits().count(hit);
            return Err(CloseCode::TryAgainLater);
        }
        self.purse.pay_in_time(cost::DOCUMENT).await;
        let key = DocumentKey { project: self.project, document: document.clone() };
        let opening = Opening {
            user: speaker.user.clone(),
            is_guest: false,
            write: speaker.write.clone(),
            form: Form::Addressed,
            hears_saved: true,
            outbox: self.outbox.clone(),
        };
        let mut channel = Channel::find(&self.app, &key, opening).await?;
        self.sign.set();
        let taken = channel.take(message).await;
        self.open.insert(document.clone(), channel);
        taken
    }

    /// Sends one state that is asked for, once the client has taken what waited. One at a time: all of them together
    /// would evict it.
    pub(crate) async fn send_wanted(&mut self) {
        let Some((document, channel)) = self.open.iter_mut().find(|(_, channel)| channel.wants_state())
        else {
            return;
        };
        let document = document.clone();
        if let Err(code) = channel.send_wanted().await {
            self.refuse(&document, code);
        }
    }

    /// The client may write from now on, in all that it has open.
    pub(crate) async fn welcome(&mut self) {
        let mut refused = Vec::new();
        for (document, channel) in &self.open {
            if let Err(code) = channel.welcome().await {
                refused.push((document.clone(), code));
            }
        }
        for (document, code) in refused {
            self.refuse(&document, code);
        }
    }

    /// Is any state asked for that was not sent yet?
    pub(crate) fn want_state(&self) -> bool {
        self.open.values().any(Channel::wants_state)
    }

    /// Closes all documents: for good, or such that what the client said of itself is kept for the grace period.
    pub(crate) fn end(&mut self, keeps_grace: bool) {
        for (_, channel) in self.open.drain(..) {
            if !keeps_grace {
                channel.leave();
            }
        }
    }

    fn close(&mut self, document: &DocumentId) {
        if let Some(channel) = self.open.shift_remove(document) {
            channel.leave();
        }
    }

    fn refuse(&mut self, document: &DocumentId, code: CloseCode) {
        self.close(document);
        // If even this does not fit, the outbox closes the socket.
        let _ = self.outbox.push(Frame::Binary(wire::addressed(document, &wire::closed(code, code.name()))));
    }
}
