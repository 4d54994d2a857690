//! The reading half: frames become messages, messages become commands, faults become refusals or ends.

use std::time::Duration;

use bytes::Bytes;
use collabd_core::Outbox;
use collabd_core::clock::until;
use collabd_core::faults;
use collabd_protocol::client::{ClientMessage, CursorUpdate};
use collabd_protocol::codec::{self, DecodeError, Dialect};
use collabd_protocol::v1::V1Message;
use collabd_protocol::{
    CloseCode, DepartureReason, DocumentId, Encoding, ErrorCode, LimitHit, LimitName, ServerMessage,
    WireError,
};
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Connection;
use super::participant::Participant;
use super::pending::PendingMoves;
use super::refusals::{MALFORMED, Refusals};
use crate::admission::ConnectionPermit;
use crate::app::App;
use crate::documents::Channels;
use crate::socket::{Due, End, Feedback, Pace, Silence, Socket, received};

/// When a project's inbox was full, try again after this: about one flush of cursors.
const RETRY: Duration = Duration::from_millis(16);

/// Reads from one client.
pub(super) struct Inbound<'a> {
    app: &'a App,
    permit: &'a ConnectionPermit,
    encoding: Encoding,
    silence: &'a Silence<'a>,
    feedback: &'a Feedback,
    participant: &'a mut Participant,
    outbox: Outbox,
    pace: Pace,
    pending: PendingMoves,
    refusals: Refusals,
    /// The documents in binary frames, if the socket carries any.
    documents: Option<Box<Channels>>,
    /// J1: until when the first join must have come; `None` once it has.
    join_by: Option<Instant>,
}

impl<'a> Inbound<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        silence: &'a Silence<'a>,
        feedback: &'a Feedback,
        participant: &'a mut Participant,
        outbox: Outbox,
        documents: Option<Box<Channels>>,
    ) -> Self {
        let (app, encoding) = (&connection.app, connection.encoding);
        let limits = &app.config().limits;
        Self {
            app,
            permit: &connection.permit,
            encoding,
            silence,
            feedback,
            participant,
            pace: Pace::new(limits.messages_per_second, limits.message_burst),
            pending: PendingMoves::default(),
            refusals: Refusals::new(outbox.clone(), encoding),
            documents,
            outbox,
            join_by: Some(Instant::now() + app.config().timing.join_timeout),
        }
    }

    /// Reads until there is a reason to close.
    pub(super) async fn run(&mut self, stream: &mut SplitStream<Socket>) -> End {
        let app = self.app;
        loop {
            let wants_state = self.documents.as_ref().is_some_and(|documents| documents.want_state());
            let done = tokio::select! {
                biased;
                // Joined sockets are closed by their project, spread over the drain.
                () = app.stopping().cancelled(), if !self.participant.has_joined() => {
                    Err(CloseCode::GoingAway.into())
                }
                () = until(self.join_by) => Err(CloseCode::JoinTimeout.into()),
                due = self.participant.expiry() => match due {
                    Due::Notice(at) => {
                        self.participant.tell_expiry(at);
                        Ok(())
                    }
                    Due::End => Err(CloseCode::TokenExpired.into()),
                },
                () = until(self.pending.due()) => {
                    self.send_pending();
                    Ok(())
                }
                documents = self.feedback.behind_in() => {
                    self.catch_up(documents).await;
                    Ok(())
                }
                () = self.feedback.written(), if wants_state => {
                    if let Some(documents) = &mut self.documents {
                        documents.send_wanted().await;
                    }
                    Ok(())
                }
                () = self.participant.raised(), if self.documents.is_some() => {
                    if let Some(documents) = &mut self.documents {
                        documents.welcome().await;
                    }
                    Ok(())
                }
                frame = stream.next() => self.frame(frame).await,
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    async fn frame(&mut self, frame: Option<Result<Message, Error>>) -> Result<(), End> {
        faults::strike("reader");
        let message = received(frame, self.app.admission().hits())?;
        self.silence.break_off();
        match message {
            Message::Close(frame) => return Err(End::PeerClosed(frame.map(|frame| frame.code.into()))),
            _ if !self.pace.tolerates_frame() => {
                return Err(self.over(CloseCode::RateLimited, self.pace.flood_limit()));
            }
            Message::Text(_) if self.encoding == Encoding::Compact => {
                return Err(CloseCode::UnsupportedData.into());
            }
            Message::Text(text) => {
                self.said(text.len(), || codec::decode(text.as_str())).await?;
            }
            Message::Binary(frame) if self.holds_messages(&frame) => {
                self.said(frame.len(), || codec::decode_compact(&frame)).await?;
            }
            Message::Binary(frame) => self.binary(&frame).await?,
            // The library answers pings; raw frames are never returned by a read.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => return Ok(()),
        }
        // One packet may hold thousands of frames. Their answers must not fill the outbox before the writing half had a
        // turn, nor may they hold up other connections (B1).
        yield_now().await;
        Ok(())
    }

    /// On a compact socket without documents, every binary frame is meant as a message, whatever it begins with.
    fn holds_messages(&self, frame: &[u8]) -> bool {
        self.encoding == Encoding::Compact && (self.documents.is_none() || codec::holds_messages(frame))
    }

    /// A frame of `length` bytes with one message.
    async fn said(
        &mut self,
        length: usize,
        decode: impl FnOnce() -> Result<ClientMessage, DecodeError>,
    ) -> Result<(), End> {
        // With documents in binary frames, the socket itself takes more than a message may be.
        let largest = self.app.config().limits.max_message_bytes;
        if length > largest {
            let hits = self.app.admission().hits();
            return Err(End::Close(hits.end_of_message(LimitName::MaxMessageBytes, largest, length)));
        }
        match decode() {
            Ok(message) => match self.message(message).await {
                Ok(()) => Ok(()),
                Err(refusal) => self.refuse(refusal),
            },
            Err(error) => self.refuse(WireError::new(error.code, error.message)),
        }
    }

    /// The end of a connection that goes too far.
    fn over(&self, code: CloseCode, hit: LimitHit) -> End {
        End::Close(self.app.admission().hits().end(code, hit))
    }

    fn refuse(&mut self, refusal: WireError) -> Result<(), End> {
        self.app.metrics().message_refused(refusal.code);
        let hit = LimitHit::full(LimitName::MalformedMessages, MALFORMED);
        self.refusals.refuse(refusal).map_err(|code| self.over(code, hit))
    }

    /// A message for one document. What is wrong with it concerns that document alone, unless it names none.
    async fn binary(&mut self, frame: &Bytes) -> Result<(), End> {
        let Some(documents) = &mut self.documents else {
            return Err(CloseCode::UnsupportedData.into());
        };
        let Some(speaker) = self.participant.speaker() else {
            return self.refuse(WireError::new(ErrorCode::NotJoined, "send join_session first"));
        };
        Box::pin(documents.take(frame, &speaker)).await.map_err(|error| error.close_code().into())
    }

    async fn message(&mut self, message: ClientMessage) -> Result<(), WireError> {
        self.app.metrics().message_received(message.kind());
        // On the heap what is asked of others, so that nobody who only waits has room for it.
        match message {
            ClientMessage::JoinSession(join) => {
                Box::pin(self.participant.join(join, self.permit)).await?;
                self.join_by = None;
                Ok(())
            }
            ClientMessage::LeaveSession(_) => {
                self.participant.session()?;
                self.pending.clear();
                self.end_documents(DepartureReason::Left);
                self.participant.leave(DepartureReason::Left, None);
                Ok(())
            }
            ClientMessage::Ping => {
                self.pong();
                Ok(())
            }
            ClientMessage::CursorUpdate(update) => self.move_cursor(update),
            ClientMessage::SwitchDocument(switch) => {
                self.within_rate()?;
                self.pending.keep_only(&switch.document_id);
                Box::pin(self.participant.switch_document(switch)).await
            }
            ClientMessage::SetStatus(set) => {
                self.within_rate()?;
                Box::pin(self.participant.set_status(set.status)).await
            }
            ClientMessage::Authenticate(fresh) => {
                self.within_rate()?;
                Box::pin(self.participant.authenticate(&fresh.token)).await
            }
        }
    }

    /// Closes the documents, if the socket carries any.
    pub(super) fn end_documents(&mut self, departure: DepartureReason) {
        if let Some(documents) = &mut self.documents {
            documents.end(departure.keeps_grace());
        }
    }

    /// Asks for the cursors that were skipped. A full inbox holds this client's reading back for a moment: that is
    /// back-pressure in the one direction it may go.
    async fn catch_up(&mut self, documents: Vec<DocumentId>) {
        let missed: Vec<_> =
            documents.into_iter().filter(|document| !self.participant.catch_up(document.clone())).collect();
        if !missed.is_empty() {
            sleep(RETRY).await;
            self.feedback.fell_behind(missed);
        }
    }

    /// B3: a cursor over the rate waits, and only the newest of each document does.
    fn move_cursor(&mut self, update: CursorUpdate) -> Result<(), WireError> {
        self.participant.session()?;
        match self.pace.take_message() {
            Ok(()) => {
                self.pending.forget(&update.document_id);
                self.deliver_move(update);
            }
            Err(wait) => {
                self.app.metrics().cursor_held_back();
                self.pending.keep(update, wait);
            }
        }
        Ok(())
    }

    fn send_pending(&mut self) {
        match self.pace.take_message() {
            Ok(()) => {
                if let Some(update) = self.pending.take() {
                    self.deliver_move(update);
                }
                if !self.pending.is_empty() && self.pending.due().is_none() {
                    self.pending.wait(Duration::ZERO);
                }
            }
            Err(wait) => self.pending.wait(wait),
        }
    }

    fn deliver_move(&mut self, update: CursorUpdate) {
        if !self.participant.move_cursor(update.clone()) {
            self.pending.keep(update, RETRY);
        }
    }

    fn within_rate(&self) -> Result<(), WireError> {
        self.pace.take_message().map_err(|wait| {
            let limit = self.app.config().limits.messages_per_second;
            let milliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
            let name = LimitName::MessagesPerSecond;
            let hit = LimitHit::full(name, usize::try_from(limit.get()).unwrap_or(usize::MAX));
            self.app.admission().hits().count(hit);
            WireError::new(ErrorCode::RateLimited, format!("the limit is {limit} messages a second"))
                .retry_after(milliseconds)
                .at_limit(hit)
        })
    }

    fn pong(&self) {
        let frame = match self.encoding.dialect() {
            Dialect::V1 => codec::encode_v1(&V1Message::Pong),
            Dialect::V2 => codec::encode(&ServerMessage::Pong, self.encoding),
        };
        // On overflow the outbox itself asks for the close.
        let _ = self.outbox.push(frame);
    }
}
