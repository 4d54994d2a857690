//! A connection in two halves, for load that sends and reads at the same time.

use collabd_protocol::{ClientMessage, Encoding};
use futures_util::SinkExt;
use futures_util::stream::{SplitSink, SplitStream};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::inbox::Inbox;
use super::{ClientError, Event, FrameCounts, message_frame};

type Socket = WebSocketStream<TcpStream>;

/// The sending half.
#[derive(Debug)]
pub struct Sender {
    sink: SplitSink<Socket, Message>,
    encoding: Encoding,
}

impl Sender {
    pub(super) fn new(sink: SplitSink<Socket, Message>, encoding: Encoding) -> Self {
        Self { sink, encoding }
    }

    /// Sends one message; waits as long as the server does not read.
    ///
    /// # Errors
    /// [`ClientError::WebSocket`] when the connection has ended.
    pub async fn send(&mut self, message: &ClientMessage) -> Result<(), ClientError> {
        Ok(self.sink.send(message_frame(self.encoding, message)).await?)
    }

    /// Sends a close with 1000; the other half reads the peer's answer.
    ///
    /// # Errors
    /// [`ClientError::WebSocket`] when the connection has ended already.
    pub async fn close(&mut self) -> Result<(), ClientError> {
        Ok(self.sink.send(normal_close()).await?)
    }
}

/// The reading half. Pings are answered while it is polled, as for the whole client.
#[derive(Debug)]
pub struct Receiver {
    stream: SplitStream<Socket>,
    inbox: Inbox,
}

impl Receiver {
    pub(super) fn new(stream: SplitStream<Socket>, inbox: Inbox) -> Self {
        Self { stream, inbox }
    }

    /// The next event, however long it takes. Dropping the future loses nothing that was read.
    ///
    /// # Errors
    /// [`ClientError::Frame`] when a frame is none of the protocol's.
    pub async fn next_event(&mut self) -> Result<Event, ClientError> {
        Ok(self.inbox.next(&mut self.stream).await?)
    }

    /// The frames read so far.
    pub fn frame_counts(&self) -> FrameCounts {
        self.inbox.counts()
    }
}

pub(super) fn normal_close() -> Message {
    Message::Close(Some(CloseFrame { code: CloseCode::Normal, reason: Utf8Bytes::default() }))
}
