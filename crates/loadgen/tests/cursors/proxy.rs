//! A proxy in front of a real server that breaks one thing on purpose.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, client_async};

/// The encoding that the proxy understands: one message in each frame.
const SUBPROTOCOL: HeaderValue = HeaderValue::from_static("collab.v2");

/// What is wrong with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// Nobody hears of the arrival of the second member of each project, nor sees it in a list.
    DropsJoin,
    /// Nobody hears of anybody's leave.
    ForgetsLeaves,
    /// Whoever leaves is said to have been sent away.
    WrongReason,
    /// Each member is told of moves in another project, too.
    Crosstalk,
    /// Each move of somebody is told when the next one comes: the last one never.
    OldLastPosition,
    /// Every fourth move of somebody is told after the one behind it.
    OutOfOrder,
}

/// A running proxy; it ends when it is dropped.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    _tasks: JoinSet<()>,
}

/// What all connections share: the last move in each project.
type Moves = Arc<Mutex<HashMap<String, String>>>;

/// One connection's way from the server to the client.
struct Wrong {
    fault: Fault,
    project: String,
    moves: Moves,
    /// Of each user, the move that is held back.
    held: HashMap<String, String>,
    seen: u32,
}

impl Proxy {
    pub(crate) async fn start(server: SocketAddr, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, server, fault));
        Self { address, _tasks: tasks }
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, fault: Fault) {
    let moves = Moves::default();
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        connections.spawn(carry(stream, server, fault, Arc::clone(&moves)));
    }
}

async fn carry(mut stream: TcpStream, server: SocketAddr, fault: Fault, moves: Moves) {
    let mut beginning = [0; 7];
    while stream.peek(&mut beginning).await.is_ok_and(|count| (1..7).contains(&count)) {
        tokio::task::yield_now().await;
    }
    if &beginning != b"GET /ws" {
        // A page: that part is right.
        let mut upstream = TcpStream::connect(server).await.unwrap();
        let _ = copy_bidirectional(&mut stream, &mut upstream).await;
        return;
    }
    let mut path = String::new();
    #[expect(clippy::result_large_err, reason = "the library's own type")]
    let note = |request: &Request, mut response: Response| {
        path = request.uri().to_string();
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
        Ok(response)
    };
    let Ok(client) = accept_hdr_async(stream, note).await else { return };
    let mut request = format!("ws://{server}{path}").into_client_request().unwrap();
    request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
    let stream = TcpStream::connect(server).await.unwrap();
    let Ok((upstream, _)) = client_async(request, stream).await else { return };
    let (_, project) = path.split_once("project_id=").unwrap();
    let project = project.to_owned();
    let wrong = Wrong { fault, project, moves, held: HashMap::new(), seen: 0 };
    shuttle(client, upstream, wrong).await;
}

/// Carries messages both ways until either end closes or is gone; a connection that is lost is lost on both sides.
async fn shuttle(
    mut client: WebSocketStream<TcpStream>,
    mut server: WebSocketStream<TcpStream>,
    mut wrong: Wrong,
) {
    loop {
        tokio::select! {
            said = client.next() => match said {
                Some(Ok(message)) if !message.is_pong() => {
                    let is_close = message.is_close();
                    if server.send(message).await.is_err() {
                        return;
                    }
                    if is_close {
                        while let Some(Ok(_)) = server.next().await {}
                        while let Some(Ok(_)) = client.next().await {}
                        return;
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => {
                    // As the client's end came: without a word.
                    let _ = server.get_ref().set_zero_linger();
                    return;
                }
            },
            said = server.next() => match said {
                Some(Ok(Message::Text(text))) => {
                    for text in wrong.tell(text.as_str()) {
                        if client.send(Message::text(text)).await.is_err() {
                            return;
                        }
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    let _ = client.send(Message::Close(frame)).await;
                    while let Some(Ok(_)) = client.next().await {}
                    return;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

impl Wrong {
    /// What the client is told instead of this.
    fn tell(&mut self, text: &str) -> Vec<String> {
        let mut message: Value = serde_json::from_str(text).unwrap();
        let kind = message["type"].as_str().unwrap().to_owned();
        match (self.fault, kind.as_str()) {
            (Fault::DropsJoin, "user_joined" | "user_updated") if is_second(&message["user"]) => Vec::new(),
            (Fault::DropsJoin, "bulk_presence") => {
                message["data"].as_array_mut().unwrap().retain(|user| !is_second(user));
                vec![message.to_string()]
            }
            (Fault::ForgetsLeaves, "user_left") => Vec::new(),
            (Fault::WrongReason, "user_left") => {
                message["reason"] = "revoked".into();
                vec![message.to_string()]
            }
            (Fault::Crosstalk, "cursor_update") => self.mix(text),
            (Fault::OldLastPosition, "cursor_update") => {
                self.held.insert(user(&message), text.to_owned()).into_iter().collect()
            }
            (Fault::OutOfOrder, "cursor_update") => self.swap(user(&message), text),
            _ => vec![text.to_owned()],
        }
    }

    fn mix(&mut self, text: &str) -> Vec<String> {
        let mut moves = self.moves.lock().unwrap();
        moves.insert(self.project.clone(), text.to_owned());
        let other = moves.iter().find(|(project, _)| **project != self.project);
        [Some(text.to_owned()), other.map(|(_, text)| text.clone())].into_iter().flatten().collect()
    }

    fn swap(&mut self, user: String, text: &str) -> Vec<String> {
        self.seen += 1;
        if self.seen.is_multiple_of(4) && !self.held.contains_key(&user) {
            self.held.insert(user, text.to_owned());
            return Vec::new();
        }
        let late = self.held.remove(&user);
        [Some(text.to_owned()), late].into_iter().flatten().collect()
    }
}

fn user(message: &Value) -> String {
    message["data"]["userId"].as_str().unwrap().to_owned()
}

fn is_second(user: &Value) -> bool {
    user["userId"].as_str().unwrap().ends_with("-1")
}
