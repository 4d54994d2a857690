//! Documents and presence over one socket.

use bytes::Bytes;
use collabd_documents::wire::peer::{self, ServerMessage};
use collabd_documents::wire::{self};
use collabd_loadgen::http::HttpClient;
use collabd_protocol::DocumentId;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::support::{DocumentClient, TestServer};

struct Both(WebSocketStream<TcpStream>);

impl Both {
    async fn connect(server: &TestServer) -> Self {
        let url = format!("ws://{}/ws/collaboration/v2?project_id=1", server.address());
        let mut request = url.into_client_request().expect("a request");
        let name = HeaderValue::from_static("collab.v2.documents");
        request.headers_mut().insert("sec-websocket-protocol", name.clone());
        let stream = TcpStream::connect(server.address()).await.expect("a connection");
        let (socket, response) = client_async(request, stream).await.expect("a WebSocket");
        assert_eq!(response.headers().get("sec-websocket-protocol"), Some(&name));
        Self(socket)
    }

    async fn joined(server: &TestServer, user: &str) -> Self {
        let mut both = Self::connect(server).await;
        both.say(&json!({ "type": "join_session", "data": { "userId": user, "userName": user } })).await;
        both.text("bulk_presence").await;
        both
    }

    async fn say(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).await.expect("sent");
    }

    async fn send(&mut self, document: &str, message: &Bytes) {
        let document = DocumentId::new(document).expect("an id");
        self.0.send(Message::Binary(wire::addressed(&document, message))).await.expect("sent");
    }

    /// Waits for a text message of this type.
    async fn text(&mut self, kind: &str) -> Value {
        loop {
            let Message::Text(text) = self.frame().await else { continue };
            let parsed: Value = serde_json::from_str(&text).expect("JSON");
            let all = if parsed.is_array() { parsed } else { json!([parsed]) };
            let found = all.as_array().and_then(|all| all.iter().find(|message| message["type"] == kind));
            if let Some(found) = found {
                return found.clone();
            }
        }
    }

    /// Waits for a message about a document.
    async fn about(&mut self, document: &str, is_it: impl Fn(&ServerMessage) -> bool) -> ServerMessage {
        loop {
            let Message::Binary(frame) = self.frame().await else { continue };
            let (id, message) = wire::split_address(&frame).expect("an address");
            let message = peer::decode(&message).expect("a message");
            if id.as_str() == document && is_it(&message) {
                return message;
            }
        }
    }

    async fn frame(&mut self) -> Message {
        let frame = tokio::time::timeout(std::time::Duration::from_secs(10), self.0.next()).await;
        frame.expect("a frame in time").expect("an open socket").expect("a sound frame")
    }

    async fn leave(mut self) {
        self.0.close(None).await.expect("closed");
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

fn synced(message: &ServerMessage) -> bool {
    matches!(message, ServerMessage::SyncStep2(_))
}

#[tokio::test]
async fn one_socket_carries_presence_and_several_documents() {
    let server = TestServer::start();
    let mut ada = Both::joined(&server, "ada").await;
    let mut plain = DocumentClient::synced(&server, "1/notes").await;
    for document in ["notes", "plan"] {
        ada.send(document, &wire::sync_step1(&[0])).await;
        ada.about(document, synced).await;
    }
    plain.type_text("hello").await;
    ada.about("notes", |message| matches!(message, ServerMessage::Update(_))).await;
    ada.send("plan", &wire::update(&DocumentClient::synced(&server, "1/plan").await.typed("a plan"))).await;
    ada.about("plan", |message| matches!(message, ServerMessage::Saved(1, _))).await;
    assert_eq!(DocumentClient::synced(&server, "1/plan").await.text(), "a plan");
    ada.say(&json!({ "type": "ping" })).await;
    ada.text("pong").await;
    ada.leave().await;
}

/// B4: as much as a socket of one document takes, and at the rate of texts it would be a flood.
#[tokio::test]
async fn a_socket_takes_as_much_as_documents_need_once_it_carries_one() {
    const UPDATES: u64 = 8;
    let server = TestServer::start();
    let mut ada = Both::joined(&server, "ada").await;
    let mut elsewhere = DocumentClient::connect(&server, "1/elsewhere").await;
    ada.send("plan", &wire::sync_step1(&[0])).await;
    ada.about("plan", synced).await;
    for _ in 0..UPDATES {
        let update = elsewhere.typed(&"x".repeat(900_000));
        ada.send("plan", &wire::update(&update)).await;
    }
    ada.about("plan", |message| matches!(message, ServerMessage::Saved(UPDATES, _))).await;
    ada.leave().await;
}

/// J4
#[tokio::test]
async fn a_document_needs_a_join_first() {
    let server = TestServer::start();
    let mut ada = Both::connect(&server).await;
    ada.send("notes", &wire::sync_step1(&[0])).await;
    assert_eq!(ada.text("error").await["code"], "not_joined");
    ada.leave().await;
}

#[tokio::test]
async fn a_document_that_fails_is_closed_alone() {
    let server = TestServer::start();
    let mut ada = Both::joined(&server, "ada").await;
    for document in ["notes", "plan"] {
        ada.send(document, &wire::sync_step1(&[0])).await;
        ada.about(document, synced).await;
    }
    ada.send("notes", &wire::update(&[255, 255, 255, 255, 15])).await;
    let closed = ada.about("notes", |message| matches!(message, ServerMessage::Closed(..))).await;
    assert_eq!(closed, ServerMessage::Closed(4500, "bad_request".to_owned()));
    ada.send("plan", &wire::sync_step1(&[0])).await;
    ada.about("plan", synced).await;
    ada.send("notes", &wire::sync_step1(&[0])).await;
    ada.about("notes", synced).await;
    ada.leave().await;
}

#[tokio::test]
async fn one_socket_opens_eight_documents() {
    let server = TestServer::start();
    let mut ada = Both::joined(&server, "ada").await;
    for number in 0..8 {
        let document = format!("doc-{number}");
        ada.send(&document, &wire::sync_step1(&[0])).await;
        ada.about(&document, synced).await;
    }
    ada.send("ninth", &wire::sync_step1(&[0])).await;
    ada.about("ninth", |message| matches!(message, ServerMessage::Closed(1013, _))).await;
    let metrics = HttpClient::new(server.reports()).get("/metrics").await.expect("metrics").text();
    assert!(metrics.contains("collabd_limit_hits_total{limit=\"connection_documents\"} 1"), "{metrics}");
    ada.send("doc-0", &peer::close()).await;
    ada.send("ninth", &wire::sync_step1(&[0])).await;
    ada.about("ninth", synced).await;
    ada.leave().await;
}

/// X3
#[tokio::test]
async fn a_text_may_be_no_larger_for_sharing_its_socket_with_documents() {
    let server = TestServer::start();
    let mut ada = Both::joined(&server, "ada").await;
    let long = json!({ "type": "ping", "padding": "x".repeat(70_000) });
    ada.say(&long).await;
    loop {
        if let Message::Close(frame) = ada.frame().await {
            assert_eq!(frame.map(|frame| u16::from(frame.code)), Some(1009));
            break;
        }
    }
}
