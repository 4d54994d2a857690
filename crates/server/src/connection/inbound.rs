//! The reading half: frames become messages, messages become commands, faults become refusals or ends.

use std::time::Duration;

use collabd_core::Outbox;
use collabd_core::clock::until;
use collabd_protocol::client::{ClientMessage, CursorUpdate};
use collabd_protocol::codec::{self, Dialect};
use collabd_protocol::v1::V1Message;
use collabd_protocol::{
    CloseCode, DepartureReason, DocumentId, Encoding, ErrorCode, ServerMessage, WireError,
};
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Connection;
use super::catch_up::CatchUps;
use super::participant::Participant;
use super::pending::PendingMoves;
use super::refusals::Refusals;
use crate::app::App;
use crate::socket::{Due, End, Pace, Silence, Socket};

/// When a project's inbox was full, try again after this: about one flush of cursors.
const RETRY: Duration = Duration::from_millis(16);

/// Reads from one client.
pub(super) struct Inbound<'a> {
    app: &'a App,
    encoding: Encoding,
    silence: &'a Silence<'a>,
    catch_ups: &'a CatchUps,
    participant: &'a mut Participant,
    outbox: Outbox,
    pace: Pace,
    pending: PendingMoves,
    refusals: Refusals,
    /// J1: until when the first join must have come; `None` once it has.
    join_by: Option<Instant>,
}

impl<'a> Inbound<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        silence: &'a Silence<'a>,
        catch_ups: &'a CatchUps,
        participant: &'a mut Participant,
        outbox: Outbox,
    ) -> Self {
        let (app, encoding) = (&connection.app, connection.encoding);
        Self {
            app,
            encoding,
            silence,
            catch_ups,
            participant,
            pace: Pace::new(&app.config().limits),
            pending: PendingMoves::default(),
            refusals: Refusals::new(outbox.clone(), encoding),
            outbox,
            join_by: Some(Instant::now() + app.config().timing.join_timeout),
        }
    }

    /// Reads until there is a reason to close.
    pub(super) async fn run(&mut self, stream: &mut SplitStream<Socket>) -> End {
        let app = self.app;
        loop {
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
                documents = self.catch_ups.next() => {
                    self.catch_up(documents).await;
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
        let message = frame.ok_or(End::Lost)??;
        self.silence.break_off();
        match message {
            Message::Close(frame) => return Err(End::PeerClosed(frame.map(|frame| frame.code.into()))),
            _ if !self.pace.tolerates_frame() => return Err(CloseCode::RateLimited.into()),
            Message::Text(text) => {
                if let Err(refusal) = self.text(text.as_str()).await {
                    self.app.metrics().message_refused(refusal.code);
                    self.refusals.refuse(refusal)?;
                }
                // One packet may hold thousands of frames. Their answers must not fill the outbox before the writing
                // half had a turn, nor may they hold up other connections (B1).
                yield_now().await;
            }
            Message::Binary(_) => return Err(CloseCode::UnsupportedData.into()),
            // The library answers pings; raw frames are never returned by a read.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
        Ok(())
    }

    async fn text(&mut self, text: &str) -> Result<(), WireError> {
        let message = codec::decode(text).map_err(|error| WireError::new(error.code, error.message))?;
        self.app.metrics().message_received(message.kind());
        match message {
            ClientMessage::JoinSession(join) => {
                self.participant.join(join).await?;
                self.join_by = None;
                Ok(())
            }
            ClientMessage::LeaveSession(_) => {
                self.participant.session()?;
                self.pending.clear();
                self.participant.leave(DepartureReason::Left);
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
                self.participant.switch_document(switch).await
            }
            ClientMessage::SetStatus(set) => {
                self.within_rate()?;
                self.participant.set_status(set.status).await
            }
            ClientMessage::Authenticate(fresh) => {
                self.within_rate()?;
                self.participant.authenticate(&fresh.token).await
            }
        }
    }

    /// Asks for the cursors that were skipped. A full inbox holds this client's reading back for a moment: that is
    /// back-pressure in the one direction it may go.
    async fn catch_up(&mut self, documents: Vec<DocumentId>) {
        let missed: Vec<_> =
            documents.into_iter().filter(|document| !self.participant.catch_up(document.clone())).collect();
        if !missed.is_empty() {
            sleep(RETRY).await;
            self.catch_ups.add(missed);
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
            WireError::new(ErrorCode::RateLimited, format!("the limit is {limit} messages a second"))
                .retry_after(milliseconds)
        })
    }

    fn pong(&self) {
        let frame = match self.encoding.dialect() {
            Dialect::V1 => codec::encode_v1(&V1Message::Pong),
            Dialect::V2 => codec::encode(&ServerMessage::Pong),
        };
        // On overflow the outbox itself asks for the close.
        let _ = self.outbox.push(frame);
    }
}
