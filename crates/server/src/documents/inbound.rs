//! The reading half of a document's socket: frames become messages, messages go to the document.

use bytes::Bytes;
use collabd_core::faults;
use collabd_documents::wire::{self, ClientMessage};
use collabd_protocol::{CloseCode, DepartureReason};
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use tokio::task::yield_now;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::channel::Channel;
use super::connection::Connection;
use crate::admission::cost;
use crate::socket::{End, Expiry, Feedback, Pace, Silence, Socket, received};

/// Reads from one client.
pub(super) struct Inbound<'a> {
    connection: &'a Connection,
    silence: &'a Silence<'a>,
    feedback: &'a Feedback,
    channel: Option<Channel>,
    expiry: Expiry,
    pace: Pace,
}

impl<'a> Inbound<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        silence: &'a Silence<'a>,
        feedback: &'a Feedback,
        channel: Channel,
    ) -> Self {
        let limits = &connection.app.config().documents;
        Self {
            connection,
            silence,
            feedback,
            channel: Some(channel),
            expiry: Expiry::new(connection.rights.expires_at()),
            pace: Pace::new(limits.document_messages_per_second, limits.document_message_burst),
        }
    }

    /// Reads until there is a reason to close.
    pub(super) async fn run(&mut self, stream: &mut SplitStream<Socket>) -> End {
        loop {
            let wants_state = self.channel.as_ref().is_some_and(Channel::wants_state);
            let done = tokio::select! {
                biased;
                // No notice before it: y-websocket would not know what that is.
                _ = self.expiry.due(false) => Err(CloseCode::TokenExpired.into()),
                () = self.feedback.written(), if wants_state => self.send_wanted().await,
                () = self.connection.rights.raised() => self.welcome().await,
                frame = stream.next() => self.frame(frame).await,
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    /// Leaves the document: for good, or such that what the client said of itself is kept for the grace period (P3).
    pub(super) fn leave(&mut self, departure: DepartureReason) {
        match self.channel.take() {
            Some(channel) if !departure.keeps_grace() => channel.leave(),
            lost => drop(lost),
        }
    }

    async fn welcome(&self) -> Result<(), End> {
        match &self.channel {
            Some(channel) => Ok(channel.welcome().await?),
            None => Ok(()),
        }
    }

    async fn send_wanted(&mut self) -> Result<(), End> {
        match &mut self.channel {
            Some(channel) => Ok(channel.send_wanted().await?),
            None => Ok(()),
        }
    }

    async fn frame(&mut self, frame: Option<Result<Message, Error>>) -> Result<(), End> {
        faults::strike("documents_reader");
        let message = received(frame, self.connection.app.admission().hits())?;
        self.silence.break_off();
        match message {
            Message::Close(frame) => return Err(End::PeerClosed(frame.map(|frame| frame.code.into()))),
            _ if !self.pace.tolerates_frame() => {
                let hits = self.connection.app.admission().hits();
                return Err(End::Close(hits.end(CloseCode::RateLimited, self.pace.flood_limit())));
            }
            Message::Binary(frame) => {
                // No update may be dropped, so a client that is too fast is held back instead of refused.
                self.pace.message().await;
                self.message(&frame).await?;
                // One packet may hold thousands of frames; they must not hold up other connections (B1).
                yield_now().await;
            }
            Message::Text(_) => return Err(CloseCode::UnsupportedData.into()),
            // The library answers pings; raw frames are never returned by a read.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
        Ok(())
    }

    async fn message(&mut self, frame: &Bytes) -> Result<(), End> {
        let limits = self.connection.app.document_limits();
        let message = wire::decode(frame, &limits.content, &limits.awareness)
            .map_err(|error| End::from(error.close_code()))?;
        match (message, &mut self.channel) {
            (ClientMessage::Authenticate(shown), _) => self.refresh(&shown).await,
            (message, Some(channel)) => {
                if let ClientMessage::SyncStep1(_) = message {
                    self.connection.permit.purse().pay_in_time(cost::STATE).await;
                }
                Ok(channel.take(message).await?)
            }
            (_, None) => Ok(()),
        }
    }

    /// A newer token of the same user. Its role counts from now on.
    async fn refresh(&mut self, shown: &str) -> Result<(), End> {
        if self.connection.app.authority().is_open() {
            return Ok(());
        }
        let rights = &self.connection.rights;
        rights.show(shown).await.map_err(|refused| End::from(refused.close_code()))?;
        self.expiry = Expiry::new(rights.expires_at());
        Ok(())
    }
}
