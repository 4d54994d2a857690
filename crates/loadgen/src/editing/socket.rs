//! One client's connection to one document.

use bytes::Bytes;
use collabd_protocol::DocumentId;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::framing::{Framing, Heard};
use super::{EditingError, Target};

/// tungstenite fills this buffer with zeros at each read; most frames are far smaller.
const READ_BUFFER: usize = 4 * 1024;

/// The subprotocol of clients that want to know what is on the disk.
const REPORTING: HeaderValue = HeaderValue::from_static("collab.documents");

/// The sending half.
pub(crate) struct Sender {
    sink: SplitSink<WebSocketStream<TcpStream>, Message>,
    framing: Framing,
}

/// The reading half.
pub(crate) struct Receiver {
    stream: SplitStream<WebSocketStream<TcpStream>>,
    framing: Framing,
}

/// Both halves.
pub(crate) struct Socket {
    pub(crate) sender: Sender,
    pub(crate) receiver: Receiver,
}

impl Socket {
    /// Connects to `document` and waits until the server lets the client begin. Has no deadline of its own.
    pub(crate) async fn open(target: &Target, document: &DocumentId) -> Result<Self, EditingError> {
        Self::upgrade(target, document, target.url(document).into_client_request()?).await
    }

    /// The same, of a collabd that is to report what is saved.
    pub(crate) async fn open_reporting(target: &Target, document: &DocumentId) -> Result<Self, EditingError> {
        let mut request = target.url(document).into_client_request()?;
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, REPORTING);
        Self::upgrade(target, document, request).await
    }

    async fn upgrade(target: &Target, document: &DocumentId, request: Request) -> Result<Self, EditingError> {
        let stream = TcpStream::connect(target.address).await.map_err(EditingError::Connect)?;
        stream.set_nodelay(true).map_err(EditingError::Connect)?;
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await?;
        let framing = Framing::new(target.dialect, document.clone());
        let (sink, stream) = socket.split();
        let sender = Sender { sink, framing: framing.clone() };
        let mut socket = Self { sender, receiver: Receiver { stream, framing } };
        socket.greet().await?;
        Ok(socket)
    }

    async fn greet(&mut self) -> Result<(), EditingError> {
        let Some(greeting) = self.sender.framing.greeting() else { return Ok(()) };
        self.sender.sink.send(Message::Binary(greeting)).await?;
        while self.receiver.next().await? != Heard::Welcome {}
        Ok(())
    }
}

impl Sender {
    /// Sends one message; waits for as long as the server does not read.
    pub(crate) async fn send(&mut self, message: Bytes) -> Result<(), EditingError> {
        Ok(self.sink.send(Message::Binary(self.framing.frame(message))).await?)
    }

    /// Puts a message behind those that are to be sent; [`flush`](Self::flush) sends them at last.
    pub(crate) async fn feed(&mut self, message: Bytes) -> Result<(), EditingError> {
        Ok(self.sink.feed(Message::Binary(self.framing.frame(message))).await?)
    }

    /// Sends what was fed.
    pub(crate) async fn flush(&mut self) -> Result<(), EditingError> {
        Ok(self.sink.flush().await?)
    }

    /// Begins the closing; the other half reads the answer.
    pub(crate) async fn close(&mut self) -> Result<(), EditingError> {
        Ok(self.sink.close().await?)
    }
}

impl Receiver {
    /// The next frame. Dropping the future loses nothing that was read.
    pub(crate) async fn next(&mut self) -> Result<Heard, EditingError> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Binary(frame))) => return self.framing.hear(&frame),
                Some(Ok(Message::Close(frame))) => {
                    let (code, reason) = match frame {
                        Some(frame) => (Some(frame.code.into()), frame.reason.to_string()),
                        None => (None, String::new()),
                    };
                    return Err(EditingError::Closed { code, reason });
                }
                // The library answers pings.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err(EditingError::Closed { code: None, reason: String::new() }),
            }
        }
    }
}
