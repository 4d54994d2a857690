//! The client: one WebSocket to one project, over plain TCP.
//!
//! [`Endpoint`] says where and how to connect, [`Client`] is the open connection; it reads only when asked to, so a
//! client that nobody polls is a peer that does not read and answers no ping. [`Client::split`] gives the halves
//! that load scenarios run side by side.

mod connect;
mod endpoint;
mod error;
mod event;
mod halves;
mod inbox;
mod wait;

use std::io;
use std::time::Duration;

use bytes::Bytes;
use collabd_protocol::client::{JoinSession, LeaveSession};
use collabd_protocol::codec::peer;
use collabd_protocol::{ClientMessage, Encoding, UserId, UserName};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

pub use endpoint::Endpoint;
pub use error::{ClientError, FrameError, Received, Refusal};
pub use event::{Closed, Event, FrameCounts, Snapshot};
pub use halves::{Receiver, Sender};
use inbox::Inbox;

/// An open connection. Every method that waits does so for at most the endpoint's patience.
#[derive(Debug)]
pub struct Client {
    socket: WebSocketStream<TcpStream>,
    inbox: Inbox,
    patience: Duration,
    subprotocol: Option<String>,
}

impl Client {
    /// Connects and upgrades.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the answer is HTTP instead of an upgrade; otherwise what failed on the way.
    pub async fn connect(endpoint: &Endpoint) -> Result<Self, ClientError> {
        connect::connect(endpoint).await
    }

    /// The subprotocol that the server chose.
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// The frames read so far.
    pub fn frame_counts(&self) -> FrameCounts {
        self.inbox.counts()
    }

    /// The TCP stream below, for bytes that no WebSocket client would send.
    pub fn stream_mut(&mut self) -> &mut TcpStream {
        self.socket.get_mut()
    }

    /// Sends one message.
    ///
    /// # Errors
    /// [`ClientError::WebSocket`] when the connection has ended, [`ClientError::TimedOut`] when the server does not
    /// read; so for every other method that sends.
    pub async fn send(&mut self, message: &ClientMessage) -> Result<(), ClientError> {
        self.send_frame(message_frame(self.inbox.encoding(), message)).await
    }

    /// Sends one text frame as it is.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_text(&mut self, text: impl Into<String>) -> Result<(), ClientError> {
        self.send_frame(Message::Text(Utf8Bytes::from(text.into()))).await
    }

    /// Sends one binary frame as it is.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_binary(&mut self, payload: impl Into<Bytes>) -> Result<(), ClientError> {
        self.send_frame(Message::Binary(payload.into())).await
    }

    /// Sends a WebSocket ping; the answer shows up in [`frame_counts`](Self::frame_counts) once it is read.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn ping_frame(&mut self) -> Result<(), ClientError> {
        self.send_frame(Message::Ping(Bytes::new())).await
    }

    /// Asks to join; [`joined`](Self::joined) waits for the answer.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn join(&mut self, join: JoinSession) -> Result<(), ClientError> {
        self.send(&ClientMessage::JoinSession(join)).await
    }

    /// Asks to join with a user id and a name, and nothing else.
    ///
    /// # Errors
    /// [`ClientError::Text`] when one of them is no valid text; otherwise as [`send`](Self::send).
    pub async fn join_as(&mut self, user: &str, name: &str) -> Result<(), ClientError> {
        self.join(JoinSession {
            user_id: UserId::new(user)?,
            user_name: UserName::new(name)?,
            avatar_color: None,
            is_agent: None,
            document_id: None,
            document_type: None,
            token: None,
        })
        .await
    }

    /// Leaves the project; the socket stays open.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn leave(&mut self) -> Result<(), ClientError> {
        self.send(&ClientMessage::LeaveSession(LeaveSession::default())).await
    }

    /// Closes with 1000 and waits for the peer's close, dropping what else arrives.
    ///
    /// # Errors
    /// [`ClientError::TimedOut`] when no close comes, [`ClientError::Frame`] when a frame on the way is none of the
    /// protocol's.
    pub async fn close(mut self) -> Result<Closed, ClientError> {
        // A close that has crossed ours on the way is an end as good as the one asked for.
        if let Err(error @ ClientError::TimedOut { .. }) = self.send_frame(halves::normal_close()).await {
            return Err(error);
        }
        self.wait_for_close().await
    }

    /// Ends the connection with a TCP reset: no close frame, unsent bytes lost.
    ///
    /// # Errors
    /// When the system refuses the option; the connection then ends as on a drop.
    pub fn abort(self) -> io::Result<()> {
        self.socket.get_ref().set_zero_linger()
    }

    /// Splits into halves that can be used at the same time. Neither has a deadline of its own.
    pub fn split(self) -> (Sender, Receiver) {
        let (sink, stream) = self.socket.split();
        (Sender::new(sink, self.inbox.encoding()), Receiver::new(stream, self.inbox))
    }

    async fn send_frame(&mut self, frame: Message) -> Result<(), ClientError> {
        match timeout(self.patience, self.socket.send(frame)).await {
            Ok(sent) => sent.map_err(ClientError::from),
            Err(_) => Err(ClientError::timed_out(self.patience)),
        }
    }
}

/// One message as the encoding has it.
fn message_frame(encoding: Encoding, message: &ClientMessage) -> Message {
    match encoding {
        Encoding::Compact => Message::Binary(peer::encode_compact(message).into()),
        Encoding::V1 | Encoding::Json | Encoding::JsonBatch => {
            Message::Text(Utf8Bytes::from(peer::encode(message)))
        }
    }
}
