//! In builds for tests only: a socket that says back what it hears. It runs on all that collaboration sockets run on, the
//! upgrade, the transport, the limits, both halves and the farewell, so that a test suite for WebSockets, which knows
//! nothing of projects, can talk to that.

use std::pin::pin;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::get;
use collabd_core::Outbox;
use collabd_core::outbox::Frame;
use collabd_protocol::CloseCode;
use futures_util::StreamExt as _;
use futures_util::stream::SplitStream;
use tokio::task::yield_now;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use crate::admission::ConnectionPermit;
use crate::app::App;
use crate::connection;
use crate::socket::{
    End, Feedback, Outbound, Pace, Silence, Socket, Terms, Upgrade, UpgradeError, after_last_answers,
    contained, farewell, received,
};

/// The way to the echo.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/ws/echo", get(open).fallback(connection::wrong_method))
}

async fn open(State(app): State<App>, request: Request) -> Result<Response, UpgradeError> {
    let upgrade = Upgrade::of(&app, request, None, None)?;
    let terms = Terms::of_texts(&app, app.config().limits.max_message_bytes);
    let served = app.clone();
    Ok(upgrade.serve(&app, terms, move |socket, permit| Echo { app: served, permit }.serve(socket)))
}

/// One socket.
struct Echo {
    app: App,
    permit: ConnectionPermit,
}

impl Echo {
    /// Serves the socket to its end.
    async fn serve(self, socket: Socket) {
        // Nothing has to be said first, and messages may be as large as those of members.
        self.permit.joined();
        let (outbox, mut reader) = self.app.outboxes().open(self.app.limits().outbox);
        let (mut sink, mut stream) = socket.split();
        let silence = Silence::new(self.app.awake());
        let feedback = Feedback::default();
        let mut outbound = Outbound::new(&self.app, &feedback, &mut reader);
        let end = {
            let mut writing = pin!(outbound.run(&mut sink));
            let halves = async {
                tokio::select! {
                    end = &mut writing => end,
                    end = self.answer(&mut stream, &silence, &outbox) => {
                        after_last_answers(end, &outbox, writing).await
                    }
                    end = silence.limit(self.app.config().timing.silence_timeout) => end,
                    () = self.app.stopping().cancelled() => CloseCode::GoingAway.into(),
                }
            };
            contained(&self.app, halves).await.unwrap_or_else(End::from)
        };
        self.app.metrics().connection_closed(end.label());
        let Ok(socket) = sink.reunite(stream) else { return };
        let deadline = Instant::now() + self.app.config().timing.close_timeout;
        farewell::farewell(socket, &end, None, deadline).await;
        drop(self.permit);
    }

    /// Says back every message until there is a reason to close.
    async fn answer(&self, stream: &mut SplitStream<Socket>, silence: &Silence<'_>, outbox: &Outbox) -> End {
        let limits = &self.app.config().limits;
        let pace = Pace::new(limits.messages_per_second, limits.message_burst);
        loop {
            let frame = match received(stream.next().await, self.app.admission().hits()) {
                Ok(Message::Close(frame)) => return End::PeerClosed(frame.map(|frame| frame.code.into())),
                Ok(Message::Text(text)) => Frame::Text(text.into()),
                Ok(Message::Binary(bytes)) => Frame::Binary(bytes),
                // The library answers pings; raw frames are never returned by a read.
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {
                    silence.break_off();
                    continue;
                }
                Err(end) => return end,
            };
            silence.break_off();
            if !pace.tolerates_frame() {
                return End::Close(
                    self.app.admission().hits().end(CloseCode::RateLimited, pace.flood_limit()),
                );
            }
            // On overflow the outbox itself asks for the close.
            let _ = outbox.push(frame);
            // As on every socket: the writing half has its turn between two messages of one packet.
            yield_now().await;
        }
    }
}
