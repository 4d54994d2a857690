//! A client of one document, as y-websocket is one, with a Yjs document of its own.

use std::time::Duration;

use bytes::Bytes;
use collabd_documents::wire::peer::{self, ServerMessage};
use collabd_documents::wire::{self, AwarenessEntry};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use yrs::updates::decoder::Decode as _;
use yrs::updates::encoder::Encode as _;
use yrs::{Doc, GetString as _, ReadTxn as _, StateVector, Text as _, Transact as _, Update};

use super::TestServer;

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Somebody in a document.
pub(crate) struct DocumentClient {
    socket: WebSocketStream<TcpStream>,
    pub(crate) doc: Doc,
    /// Sync messages (step 2 and update) sent.
    pub(crate) sent: u64,
    /// How many of them are reported to be on disk.
    pub(crate) saved: u64,
}

impl DocumentClient {
    /// Connects to `/ws/documents/` and what comes after it, and understands `saved`.
    pub(crate) async fn connect(server: &TestServer, path: &str) -> Self {
        Self::connect_as(server, path, Some("collab.documents"), None).await
    }

    /// Connects with another subprotocol, or with a token in a header.
    pub(crate) async fn connect_as(
        server: &TestServer,
        path: &str,
        subprotocol: Option<&'static str>,
        token: Option<&str>,
    ) -> Self {
        let url = format!("ws://{}/ws/documents/{path}", server.address());
        let mut request = url.into_client_request().expect("a request");
        if let Some(name) = subprotocol {
            request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(name));
        }
        if let Some(token) = token {
            let bearer = HeaderValue::from_str(&format!("Bearer {token}")).expect("a header");
            request.headers_mut().insert("authorization", bearer);
        }
        let stream = TcpStream::connect(server.address()).await.expect("a connection");
        let (socket, _) = client_async(request, stream).await.expect("a WebSocket");
        Self { socket, doc: Doc::new(), sent: 0, saved: 0 }
    }

    /// Connects and has everything.
    pub(crate) async fn synced(server: &TestServer, path: &str) -> Self {
        let mut client = Self::connect(server, path).await;
        client.sync().await;
        client
    }

    pub(crate) async fn send(&mut self, message: Bytes) {
        self.socket.send(Message::Binary(message)).await.expect("sent");
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.expect("sent");
    }

    /// Asks for what it lacks and waits until it has it.
    pub(crate) async fn sync(&mut self) {
        let clocks = self.doc.transact().state_vector().encode_v1();
        self.send(wire::sync_step1(&clocks)).await;
        self.hear(|message| matches!(message, ServerMessage::SyncStep2(_))).await;
    }

    /// Types at the end of the text.
    pub(crate) async fn type_text(&mut self, text: &str) {
        let update = self.typed(text);
        self.sent += 1;
        self.send(wire::update(&update)).await;
    }

    /// Types at the end of the text, and sends nothing.
    pub(crate) fn typed(&mut self, text: &str) -> Vec<u8> {
        let field = self.doc.get_or_insert_text("text");
        let mut txn = self.doc.transact_mut();
        field.push(&mut txn, text);
        txn.encode_update_v1()
    }

    pub(crate) fn text(&self) -> String {
        let field = self.doc.get_or_insert_text("text");
        field.get_string(&self.doc.transact())
    }

    /// Says something of itself.
    pub(crate) async fn announce(&mut self, client: u64, clock: u64, state: Option<&'static str>) {
        let state = state.map(|state| Bytes::from_static(state.as_bytes()));
        self.send(wire::awareness(&[AwarenessEntry { client, clock, state }])).await;
    }

    /// Waits for a message; what comes before it is taken in, too.
    pub(crate) async fn hear(&mut self, is_it: impl Fn(&ServerMessage) -> bool) -> ServerMessage {
        loop {
            let message = self.next().await.unwrap_or_else(|code| panic!("closed with {code:?}"));
            if is_it(&message) {
                return message;
            }
        }
    }

    /// Waits until the text is this.
    pub(crate) async fn until_text(&mut self, text: &str) {
        while self.text() != text {
            self.hear(|message| matches!(message, ServerMessage::Update(_) | ServerMessage::SyncStep2(_)))
                .await;
        }
    }

    /// Waits until all it sent is on disk.
    pub(crate) async fn until_saved(&mut self) {
        while self.saved < self.sent {
            self.hear(|message| matches!(message, ServerMessage::Saved(..))).await;
        }
    }

    /// Waits for the end and returns its code.
    pub(crate) async fn end(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }

    /// Leaves for good.
    pub(crate) async fn leave(mut self) {
        self.socket.close(None).await.expect("closed");
        self.end().await;
    }

    async fn next(&mut self) -> Result<ServerMessage, Option<u16>> {
        let frame = loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a frame in time") {
                Some(Ok(Message::Binary(frame))) => break frame,
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(other)) => panic!("not for a document: {other:?}"),
                Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)) | None => return Err(None),
                Some(Err(error)) => panic!("broken: {error}"),
            }
        };
        let message = peer::decode(&frame).expect("a message");
        match &message {
            ServerMessage::Update(update) | ServerMessage::SyncStep2(update) => {
                let update = Update::decode_v1(update).expect("an update");
                self.doc.transact_mut().apply_update(update).expect("applied");
            }
            ServerMessage::SyncStep1(since) => {
                let since = StateVector::decode_v1(since).expect("a state vector");
                let lacking = self.doc.transact().encode_diff_v1(&since);
                self.sent += 1;
                self.send(wire::sync_step2(&lacking)).await;
            }
            ServerMessage::Saved(count, _) => self.saved = *count,
            _ => {}
        }
        Ok(message)
    }
}
