//! The reading half: frames become messages of graphql-transport-ws, handed over one at a time.

use std::time::Duration;

use async_graphql::http::ClientMessage;
use collabd_core::clock::until;
use collabd_core::faults;
use collabd_protocol::CloseCode;
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::ending::{Ending, Violation};
use super::operations::Operations;
use crate::admission::ConnectionPermit;
use crate::app::App;
use crate::auth::AuthError;
use crate::graphql::access::Caller;
use crate::socket::{End, Expiry, Pace, Silence, Socket, received};

/// Time from the upgrade to `connection_init`.
const INIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Reads from one client.
pub(super) struct Inbound<'a> {
    app: &'a App,
    silence: &'a Silence<'a>,
    permit: &'a ConnectionPermit,
    operations: Operations,
    pace: Pace,
    feed: mpsc::Sender<ClientMessage>,
    /// Until when `connection_init` must have come; `None` once it has.
    init_by: Option<Instant>,
    /// When the client's token ends.
    expiry: Expiry,
}

impl<'a> Inbound<'a> {
    pub(super) fn new(
        app: &'a App,
        silence: &'a Silence<'a>,
        permit: &'a ConnectionPermit,
        operations: Operations,
        feed: mpsc::Sender<ClientMessage>,
    ) -> Self {
        let limits = &app.config().limits;
        Self {
            app,
            silence,
            permit,
            operations,
            pace: Pace::new(limits.messages_per_second, limits.message_burst),
            feed,
            init_by: Some(Instant::now() + INIT_TIMEOUT),
            expiry: Expiry::default(),
        }
    }

    /// Reads until there is a reason to close.
    pub(super) async fn run(&mut self, stream: &mut SplitStream<Socket>) -> Ending {
        loop {
            let init_by = self.init_by;
            let done = tokio::select! {
                biased;
                () = until(init_by) => Err(Violation::InitTimeout.into()),
                _ = self.expiry.due(false) => Err(CloseCode::TokenExpired.into()),
                frame = stream.next() => self.frame(frame).await,
            };
            if let Err(ending) = done {
                return ending;
            }
        }
    }

    async fn frame(&mut self, frame: Option<Result<Message, Error>>) -> Result<(), Ending> {
        faults::strike("graphql_reader");
        let message = received(frame, self.app.admission().hits())?;
        self.silence.break_off();
        match message {
            Message::Close(frame) => Err(End::PeerClosed(frame.map(|frame| frame.code.into())).into()),
            _ if !self.pace.tolerates_frame() => {
                let hits = self.app.admission().hits();
                Err(End::Close(hits.end(CloseCode::RateLimited, self.pace.flood_limit())).into())
            }
            Message::Text(text) => self.text(text.as_str()).await,
            Message::Binary(_) => Err(CloseCode::UnsupportedData.into()),
            // The library answers pings; raw frames are never returned by a read.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(()),
        }
    }

    /// Lets the client begin, once it is known who it is.
    async fn begin(&mut self, payload: Option<&Value>) -> Result<(), Ending> {
        self.init_by = None;
        if self.operations.caller().is_none() {
            let token = payload.and_then(|payload| payload["token"].as_str());
            let token = token.ok_or(AuthError::Unauthenticated).map_err(refused)?;
            self.operations.is_used_by(Caller::with_token(self.app, token).await.map_err(refused)?);
        }
        if let Some(user) = self.operations.caller().and_then(Caller::user) {
            self.permit.is_of(user).map_err(|refusal| End::Close(refusal.goodbye()))?;
        }
        self.permit.joined();
        let expires_at = self.operations.caller().and_then(Caller::expires_at);
        self.expiry = Expiry::new(expires_at);
        Ok(())
    }

    async fn text(&mut self, text: &str) -> Result<(), Ending> {
        let mut message = ClientMessage::from_bytes(text)
            .map_err(|error| Violation::Message(format!("Invalid message received: {error}")))?;
        match &mut message {
            ClientMessage::ConnectionInit { payload } => self.begin(payload.as_ref()).await?,
            ClientMessage::Start { .. } if self.init_by.is_some() => {
                return Err(Violation::Unacknowledged.into());
            }
            ClientMessage::Start { id, payload } => self.operations.admit(id, payload)?,
            ClientMessage::Stop { id } => self.operations.give_up(id),
            ClientMessage::ConnectionTerminate | ClientMessage::Ping { .. } | ClientMessage::Pong { .. } => {}
        }
        // Waits for this connection's own writing half, which waits on the client no longer than the write deadline.
        let place = self.feed.reserve().await.map_err(|_| Ending::LOST)?;
        place.send(message);
        Ok(())
    }
}

/// The end of a connection whose client may not come in.
fn refused(error: AuthError) -> Ending {
    error.close_code().into()
}
