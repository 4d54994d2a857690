//! One socket for one document, in one task: who it is, then a reading half, a writing half, a timer for silence and a
//! watch over its rights.

use std::pin::pin;

use collabd_core::faults;
use collabd_core::{JoinError, JoinRequest, Outbox, OutboxReader, Session};
use collabd_documents::{DocumentKey, Form};
use collabd_protocol::{CloseCode, DocumentType};
use futures_util::StreamExt as _;
use tokio::time::Instant;
use tracing::debug;

use super::channel::{Channel, Opening};
use super::entrant::{Credential, Entrant, entrant};
use super::inbound::Inbound;
use super::place;
use crate::admission::{ConnectionPermit, cost};
use crate::app::App;
use crate::live::Rights;
use crate::socket::{End, Feedback, Outbound, Silence, Socket, after_last_answers, contained, farewell};

/// Everything about one connection that does not change.
pub(super) struct Connection {
    pub(super) app: App,
    pub(super) key: DocumentKey,
    /// What the document becomes if it is not listed.
    pub(super) document_type: Option<DocumentType>,
    /// Does the client understand more than y-websocket does?
    pub(super) hears_saved: bool,
    /// What the client may do.
    pub(super) rights: Rights,
    /// Given back when the connection ends, whichever way it does.
    pub(super) permit: ConnectionPermit,
}

/// What a client that is in a document holds.
struct Entered {
    /// Its part in the project's presence.
    session: Session,
    channel: Channel,
}

impl Connection {
    /// Serves the socket to its end.
    pub(super) async fn serve(self, mut socket: Socket, credential: Credential) {
        self.rights.live().comes_from(self.permit.client().address());
        let (outbox, reader) = self.app.outboxes().open(self.app.limits().outbox);
        let entering = async {
            tokio::select! {
                entered = self.enter(&mut socket, credential, &outbox) => entered,
                code = self.watch() => Err(code.into()),
            }
        };
        let entered = contained(&self.app, entering).await.unwrap_or_else(|code| Err(code.into()));
        let end = match entered {
            Ok(entered) => {
                // On the heap: it is much larger than what came before it.
                let exchange = Box::pin(self.exchange(socket, entered, outbox, reader));
                let Some((rest, end)) = exchange.await else { return };
                socket = rest;
                end
            }
            Err(end) => end,
        };
        self.app.metrics().connection_closed(end.label());
        let deadline = Instant::now() + self.app.config().timing.close_timeout;
        // No notice in front of the close: y-websocket would not know what it is.
        farewell::farewell(socket, &end, None, deadline).await;
        drop(self.permit);
    }

    /// Waits until the client may not be here any more. y-websocket has no word for a role: a viewer hears from the document
    /// that it may not write, when it does.
    async fn watch(&self) -> CloseCode {
        self.rights.watch(|_| {}).await
    }

    /// Who it is, into the project's presence, and into the document.
    async fn enter(
        &self,
        socket: &mut Socket,
        credential: Credential,
        outbox: &Outbox,
    ) -> Result<Entered, End> {
        faults::strike("documents_entry");
        let (app, key) = (&self.app, &self.key);
        let entrant = tokio::select! {
            () = app.stopping().cancelled() => return Err(CloseCode::GoingAway.into()),
            entrant = self.introduced(credential, socket) => entrant?,
        };
        let document_type = place::document_type(app, key, self.document_type).await?;
        let request = JoinRequest {
            profile: entrant.profile,
            // It is told of the document's content alone, and of the project only when to close.
            encoding: None,
            outbox: outbox.clone(),
            document: Some((key.document.clone(), Some(document_type))),
        };
        let session = app.coordinator().join(key.project, request).await.map_err(|error| match error {
            JoinError::Closed => CloseCode::GoingAway,
            JoinError::Overloaded | JoinError::Full { .. } | JoinError::Quarantined { .. } => {
                CloseCode::TryAgainLater
            }
        })?;
        self.rights.live().has_joined(session.id(), Some(key.document.clone()));
        let opening = Opening {
            user: session.user_id().clone(),
            is_guest: entrant.is_guest,
            write: self.rights.write().clone(),
            form: Form::Alone,
            hears_saved: self.hears_saved,
            outbox: outbox.clone(),
        };
        let channel = Channel::open(app, key, document_type, opening).await?;
        self.permit.joined();
        Ok(Entered { session, channel })
    }

    /// Who it is, counted among the connections of its user, with what coming in costs paid for.
    async fn introduced(&self, credential: Credential, socket: &mut Socket) -> Result<Entrant, End> {
        let patience = self.app.config().timing.join_timeout;
        let entrant = entrant(&self.app, &self.rights, credential, socket, patience).await?;
        let counted = self.permit.is_of(&entrant.profile.user_id);
        counted.map_err(|refusal| End::Close(refusal.goodbye()))?;
        self.permit.purse().pay_in_time(cost::JOIN + cost::DOCUMENT).await;
        Ok(entrant)
    }

    /// Reads and writes until there is a reason to close, and leaves. Returns the socket and the reason.
    async fn exchange(
        &self,
        socket: Socket,
        entered: Entered,
        outbox: Outbox,
        mut reader: OutboxReader,
    ) -> Option<(Socket, End)> {
        let (mut sink, mut stream) = socket.split();
        let Entered { session, channel } = entered;
        let silence = Silence::new(self.app.awake());
        let feedback = Feedback::default();
        let mut inbound = Inbound::new(self, &silence, &feedback, channel);
        let mut outbound = Outbound::new(&self.app, &feedback, &mut reader);
        let end = {
            let mut writing = pin!(outbound.run(&mut sink));
            let halves = async {
                tokio::select! {
                    end = &mut writing => end,
                    end = inbound.run(&mut stream) => after_last_answers(end, &outbox, writing).await,
                    end = silence.limit(self.app.config().timing.silence_timeout) => end,
                    code = self.watch() => after_last_answers(code.into(), &outbox, writing).await,
                }
            };
            contained(&self.app, halves).await.unwrap_or_else(End::from)
        };
        let departure = end.departure();
        debug!(document = %self.key, reason = departure.name(), "document connection ends");
        inbound.leave(departure);
        session.leave(departure, end.close());
        sink.reunite(stream).ok().map(|socket| (socket, end))
    }
}
