//! A client with a Yjs document of its own, reading only when asked to.

use bytes::Bytes;
use collabd_core::limits::OutboxLimits;
use collabd_core::outbox::{Drained, OutboxReader, outbox};
use futures_util::FutureExt as _;
use yrs::updates::decoder::Decode as _;
use yrs::updates::encoder::Encode as _;
use yrs::{Doc, GetString as _, ReadTxn as _, StateVector as Clocks, Text as _, Transact as _, Update};

use super::{CANVAS, Stage, key, user};
use crate::limits::ContentLimits;
use crate::wire::peer::{self, ServerMessage};
use crate::wire::{AwarenessEntry, StateVector, split_address};
use crate::{DocumentError, Form, SubscribeRequest, Subscription, WriteRight};

/// Somebody in a document.
pub(crate) struct Client {
    pub(crate) subscription: Subscription,
    pub(crate) reader: OutboxReader,
    pub(crate) doc: Doc,
    form: Form,
    /// Sync messages sent.
    pub(crate) sent: u64,
}

pub(crate) fn request(name: &str, outbox: collabd_core::Outbox) -> SubscribeRequest {
    SubscribeRequest {
        user: user(name),
        is_guest: false,
        write: WriteRight::new(true),
        form: Form::Alone,
        hears_saved: true,
        outbox,
    }
}

impl Client {
    pub(crate) async fn join(stage: &Stage, name: &str, change: impl FnOnce(&mut SubscribeRequest)) -> Self {
        Self::try_join(stage, name, change).await.unwrap()
    }

    pub(crate) async fn try_join(
        stage: &Stage,
        name: &str,
        change: impl FnOnce(&mut SubscribeRequest),
    ) -> Result<Self, DocumentError> {
        Self::bounded(stage, name, OutboxLimits::default(), change).await
    }

    pub(crate) async fn bounded(
        stage: &Stage,
        name: &str,
        limits: OutboxLimits,
        change: impl FnOnce(&mut SubscribeRequest),
    ) -> Result<Self, DocumentError> {
        let (outbox, reader) = outbox(limits);
        let mut request = request(name, outbox);
        change(&mut request);
        let form = request.form;
        let subscription = stage.documents.subscribe(&key("plan"), CANVAS, request).await?;
        Ok(Self { subscription, reader, doc: Doc::new(), form, sent: 0 })
    }

    /// Types at the end, without sending.
    pub(crate) fn type_quietly(&self, text: &str) -> Bytes {
        let field = self.doc.get_or_insert_text("text");
        let mut txn = self.doc.transact_mut();
        field.push(&mut txn, text);
        txn.encode_update_v1().into()
    }

    /// Types at the end.
    pub(crate) async fn type_text(&mut self, text: &str) {
        let update = self.type_quietly(text);
        self.send(update).await;
    }

    /// Deletes the first letter.
    pub(crate) async fn delete_first(&mut self) {
        let field = self.doc.get_or_insert_text("text");
        let update: Bytes = {
            let mut txn = self.doc.transact_mut();
            field.remove_range(&mut txn, 0, 1);
            txn.encode_update_v1().into()
        };
        self.send(update).await;
    }

    pub(crate) async fn send(&mut self, update: Bytes) {
        self.sent += 1;
        self.subscription.update(update, false).await.unwrap();
    }

    /// Sends all it has, as in answer to a question.
    pub(crate) async fn send_all(&mut self) {
        let all = self.doc.transact().encode_diff_v1(&Clocks::default());
        self.sent += 1;
        self.subscription.update(all.into(), true).await.unwrap();
    }

    pub(crate) async fn announce(&self, client: u64, clock: u64, state: Option<&'static str>) {
        let state = state.map(|state| Bytes::from_static(state.as_bytes()));
        self.subscription.announce(vec![AwarenessEntry { client, clock, state }]).await.unwrap();
    }

    /// Asks for what it lacks, which also shows that all that was sent before has been taken in.
    pub(crate) async fn sync(&self) {
        let clocks = self.doc.transact().state_vector().encode_v1();
        let since = StateVector::new(clocks.into(), &ContentLimits::default()).unwrap();
        self.subscription.sync(since).await.unwrap();
    }

    /// Everything it was sent since the last time; content goes into its document.
    pub(crate) fn hear(&mut self) -> Vec<ServerMessage> {
        let drained = self.drain();
        assert_eq!(drained.goodbye, None);
        self.messages(drained)
    }

    /// Everything that waits.
    pub(crate) fn drain(&mut self) -> Drained {
        self.reader.next().now_or_never().unwrap_or_default()
    }

    fn messages(&self, drained: Drained) -> Vec<ServerMessage> {
        let frames = drained.entries.into_iter().flat_map(collabd_core::outbox::Entry::frames);
        let messages: Vec<_> = frames
            .map(|frame| match self.form {
                Form::Alone => peer::decode(frame.payload()).unwrap(),
                Form::Addressed => peer::decode(&split_address(frame.payload()).unwrap().1).unwrap(),
            })
            .collect();
        for message in &messages {
            if let ServerMessage::Update(update) | ServerMessage::SyncStep2(update) = message {
                let update = Update::decode_v1(update).unwrap();
                self.doc.transact_mut().apply_update(update).unwrap();
            }
        }
        messages
    }

    pub(crate) fn text(&self) -> String {
        let field = self.doc.get_or_insert_text("text");
        field.get_string(&self.doc.transact())
    }
}
