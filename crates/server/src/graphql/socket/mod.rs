//! `GET /graphql/ws`: queries and subscriptions in the graphql-transport-ws protocol, one task for each socket.
//!
//! The library speaks the protocol; around it are the same two halves as around a collaboration socket. The reading
//! half hands over one message at a time, so that what waits here is bounded; the writing half waits on nothing but
//! its client, each time with a deadline.

mod ending;
mod inbound;
mod operations;
mod outbound;

use async_graphql::http::{WebSocket, WebSocketProtocols};
use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use collabd_protocol::CloseCode;
use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tracing::debug;

use super::access::Caller;
use super::api::Api;
use crate::admission::ConnectionPermit;
use crate::app::App;
use crate::auth::{AuthError, bearer};
use crate::socket::{
    Silence, Socket, Terms, Upgrade, UpgradeError, contained, count_refusal, farewell, offers,
};
use ending::Ending;
use inbound::Inbound;
use operations::Operations;
use outbound::Outbound;

/// The subprotocol, which a client must offer: others begin differently.
const SUBPROTOCOL: &str = "graphql-transport-ws";

/// Bytes of a message, whatever collaboration sockets are allowed: as many as in the body of a POST.
const MAX_MESSAGE: usize = 64 * 1024;

/// `GET /graphql/ws`.
pub(super) async fn open(
    State(app): State<App>,
    Extension(api): Extension<Api>,
    request: Request,
) -> Result<Response, UpgradeError> {
    let caller = caller(&app, bearer(request.headers())).await.map_err(UpgradeError::Auth);
    let caller = caller.inspect_err(|error| count_refusal(&app, *error))?;
    if !offers(request.headers()).any(|offer| offer == SUBPROTOCOL) {
        let error = UpgradeError::Subprotocol(SUBPROTOCOL);
        count_refusal(&app, error);
        return Err(error);
    }
    let upgrade = Upgrade::of(&app, request, Some(SUBPROTOCOL), caller.as_ref().and_then(Caller::user))?;
    let terms = Terms::of_texts(&app, app.config().limits.max_message_bytes.min(MAX_MESSAGE));
    let served = app.clone();
    Ok(upgrade.serve(&app, terms, move |socket, permit| {
        Connection { app: served, api, caller, permit }.serve(socket)
    }))
}

/// Who opens the socket; `None` when that is to be said in `connection_init`.
async fn caller(app: &App, token: Result<Option<&str>, AuthError>) -> Result<Option<Caller>, AuthError> {
    if app.authority().is_open() {
        return Ok(Some(Caller::Anybody));
    }
    match token? {
        Some(token) => Caller::with_token(app, token).await.map(Some),
        None => Ok(None),
    }
}

/// Everything about one connection that does not change.
struct Connection {
    app: App,
    api: Api,
    /// Who opened the socket, if the request said so.
    caller: Option<Caller>,
    /// Given back when the connection ends, whichever way it does.
    permit: ConnectionPermit,
}

impl Connection {
    /// Serves the socket to its end.
    async fn serve(self, socket: Socket) {
        let (mut sink, mut stream) = socket.split();
        let ending = {
            let silence = Silence::new(self.app.awake());
            let (feed, mut messages) = mpsc::channel(1);
            let messages = stream::poll_fn(move |cx| messages.poll_recv(cx).map(|message| message.map(Ok)));
            let operations = Operations::new(self.api, self.caller, Some(self.permit.purse().clone()));
            let mut inbound = Inbound::new(&self.app, &silence, &self.permit, operations.clone(), feed);
            let protocol =
                WebSocket::from_message_stream(operations, messages, WebSocketProtocols::GraphQLWS);
            let mut outbound = Outbound::new(&self.app, protocol);
            let halves = async {
                tokio::select! {
                    biased;
                    () = self.app.stopping().cancelled() => CloseCode::GoingAway.into(),
                    ending = inbound.run(&mut stream) => ending,
                    ending = outbound.run(&mut sink) => ending,
                    end = silence.limit(self.app.config().timing.silence_timeout) => end.into(),
                }
            };
            contained(&self.app, halves).await.unwrap_or_else(Ending::from)
        };
        debug!(reason = ending.label(), "graphql connection ends");
        self.app.metrics().connection_closed(ending.label());
        let Ok(socket) = sink.reunite(stream) else { return };
        let deadline = Instant::now() + self.app.config().timing.close_timeout;
        if ending != Ending::LOST {
            let last_words = ending.close_frame().map(|frame| Message::Close(Some(frame)));
            farewell::part(socket, last_words, deadline).await;
        }
        drop(self.permit);
    }
}
