//! A WebSocket that costs the generator little: it shares the machine with the server, and what it spends is missing
//! there. It checks no more of a server's frames than it needs to find their ends, counts every byte, and can be
//! drained without looking at them.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::WireError;
use super::frame::{self, Kind};

/// Bytes that are asked for at once. Small, for a generator has as many sockets as the server.
const READ: usize = 4 * 1024;
/// Bytes that a drain takes at once.
const DRAIN: usize = 16 * 1024;
/// How long a server may take to end TCP after its close.
const LINGER: Duration = Duration::from_secs(1);
/// A close with 1000 and no reason.
const NORMAL: [u8; 2] = 1000_u16.to_be_bytes();

/// One message, however it was fragmented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    /// UTF-8; the bytes are not checked.
    Text(Bytes),
    /// Bytes.
    Binary(Bytes),
}

impl Message {
    /// What is in it.
    pub(crate) fn payload(&self) -> &Bytes {
        match self {
            Self::Text(payload) | Self::Binary(payload) => payload,
        }
    }
}

/// The sending half. Clones share it, so that the reading half can answer pings.
#[derive(Debug, Clone)]
pub(crate) struct Writer(Arc<Mutex<Outgoing>>);

#[derive(Debug)]
struct Outgoing {
    stream: OwnedWriteHalf,
    /// What of the last frame has not been written: a write that was given up is continued by the next one.
    pending: BytesMut,
    mask: [u8; 4],
    has_closed: bool,
}

/// The reading half.
#[derive(Debug)]
pub(crate) struct Reader {
    stream: OwnedReadHalf,
    buffer: BytesMut,
    /// The first parts of a message that is not whole yet.
    parts: Option<(Kind, BytesMut)>,
    writer: Writer,
    bytes: u64,
    end: Option<End>,
}

/// What the server's close said.
#[derive(Debug, Clone)]
struct End {
    code: Option<u16>,
    reason: String,
}

/// Both halves of an upgraded connection; `rest` has been read already.
pub(super) fn halves(stream: TcpStream, rest: BytesMut) -> (Writer, Reader) {
    let (read, write) = stream.into_split();
    let outgoing =
        Outgoing { stream: write, pending: BytesMut::new(), mask: rand::random(), has_closed: false };
    let writer = Writer(Arc::new(Mutex::new(outgoing)));
    let reader =
        Reader { stream: read, bytes: 0, buffer: rest, parts: None, writer: writer.clone(), end: None };
    (writer, reader)
}

impl Writer {
    /// Sends one message; waits for as long as the server does not read.
    pub(crate) async fn send(&self, message: &Message) -> Result<(), WireError> {
        match message {
            Message::Text(payload) => self.write(Kind::Text, payload).await,
            Message::Binary(payload) => self.write(Kind::Binary, payload).await,
        }
    }

    /// Begins to close with 1000; the other half reads the answer.
    pub(crate) async fn close(&self) -> Result<(), WireError> {
        self.write(Kind::Close, &NORMAL).await
    }

    /// Ends with a TCP reset: no close frame, and what has not been sent is lost.
    pub(crate) async fn abort(&self) {
        // Without the option the connection ends as on a drop, which is no clean end, either.
        let _ = self.0.lock().await.stream.as_ref().set_zero_linger();
    }

    async fn write(&self, kind: Kind, payload: &[u8]) -> Result<(), WireError> {
        let outgoing = &mut *self.0.lock().await;
        if outgoing.has_closed {
            return Ok(());
        }
        outgoing.has_closed = kind == Kind::Close;
        frame::write(kind, payload, outgoing.mask, &mut outgoing.pending);
        while !outgoing.pending.is_empty() {
            outgoing.stream.write_buf(&mut outgoing.pending).await.map_err(WireError::Lost)?;
        }
        Ok(())
    }
}

impl Reader {
    /// The next message; pings are answered on the way. Dropping the future loses nothing.
    pub(crate) async fn next(&mut self) -> Result<Message, WireError> {
        loop {
            if let Some(End { code, reason }) = self.end.clone() {
                let _ = timeout(LINGER, self.part()).await;
                return Err(WireError::Closed { code, reason });
            }
            let Some(frame) = frame::read(&mut self.buffer)? else {
                self.fill().await?;
                continue;
            };
            match frame.kind {
                Kind::Ping => self.writer.write(Kind::Pong, &frame.payload).await?,
                Kind::Pong => {}
                Kind::Close => self.end = Some(End::of(&frame.payload)),
                Kind::Text | Kind::Binary if frame.is_final => return Ok(message(frame.kind, frame.payload)),
                kind => {
                    if let Some(message) = self.gather(kind, &frame.payload, frame.is_final)? {
                        return Ok(message);
                    }
                }
            }
        }
    }

    /// Sends a message, as the writer would.
    pub(crate) async fn reply(&self, message: &Message) -> Result<(), WireError> {
        self.writer.send(message).await
    }

    /// Reads and forgets whatever comes, for ever. Answers no ping.
    pub(crate) async fn drain(&mut self) -> WireError {
        self.buffer.clear();
        loop {
            self.buffer.reserve(DRAIN);
            if let Err(error) = self.fill().await {
                return error;
            }
            self.buffer.clear();
        }
    }

    /// Bytes that came since the upgrade, headers of frames included.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Answers a close that was not ours, and lets the server end TCP: whoever does has its port taken for a minute.
    async fn part(&mut self) {
        let _ = self.writer.close().await;
        while self.fill().await.is_ok() {
            self.buffer.clear();
        }
    }

    async fn fill(&mut self) -> Result<(), WireError> {
        self.buffer.reserve(READ);
        match self.stream.read_buf(&mut self.buffer).await.map_err(WireError::Lost)? {
            0 => Err(WireError::Closed { code: None, reason: "without a close".to_owned() }),
            count => {
                self.bytes += count as u64;
                Ok(())
            }
        }
    }

    fn gather(&mut self, kind: Kind, part: &[u8], is_last: bool) -> Result<Option<Message>, WireError> {
        let (kind, mut whole) = match (kind, self.parts.take()) {
            (Kind::Continuation, Some(parts)) => parts,
            (Kind::Text | Kind::Binary, None) => (kind, BytesMut::new()),
            _ => return Err(WireError::Frame("parts of messages in each other")),
        };
        whole.extend_from_slice(part);
        if is_last {
            return Ok(Some(message(kind, whole.freeze())));
        }
        self.parts = Some((kind, whole));
        Ok(None)
    }
}

fn message(kind: Kind, payload: Bytes) -> Message {
    if kind == Kind::Text { Message::Text(payload) } else { Message::Binary(payload) }
}

impl End {
    fn of(payload: &[u8]) -> Self {
        match payload.split_first_chunk() {
            Some((code, reason)) => Self {
                code: Some(u16::from_be_bytes(*code)),
                reason: String::from_utf8_lossy(reason).into_owned(),
            },
            None => Self { code: None, reason: String::new() },
        }
    }
}
