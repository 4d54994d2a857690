//! What connections run on, below HTTP and WebSockets: TCP, with TLS over it or without, whose bytes can be watched and
//! paced (`stream`).
//!
//! Below the WebSocket library is the only place where everything that a client sends can be seen and held back. Bytes
//! are paced where they leave the kernel (`paced`, `bucket`); frames are followed (`scanner`), so that one that is never
//! finished has its time (`patience`), one that is too large for a `stranger` is not taken in, answers that nobody takes do
//! not add up (`answers`), and no large one stays in the library's buffer (`fragments`).

mod answers;
mod bucket;
mod fragments;
mod intake;
mod paced;
mod patience;
mod scanner;
mod stranger;
mod stream;

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use answers::Answers;
use fragments::Fragmenter;
use paced::{Pace, PacedStream};
use patience::Patience;
use scanner::{FrameScanner, Seen};
use stranger::Stranger;
use stream::WireStream;

use super::budget::Place;

pub(crate) use bucket::ByteRate;
pub(crate) use fragments::READ_BUFFER;
pub(crate) use intake::{ByteBudget, Intake, IntakeFault, Sign};

/// Bytes that TLS may hold for a client that takes nothing: the largest record, as plain text has none either.
const UNSENT: usize = 16 * 1024;

/// The stream of one connection.
#[derive(Debug)]
pub(crate) struct Transport {
    stream: WireStream,
    peer: SocketAddr,
    /// Given back with the descriptor.
    _place: Option<Place>,
    /// Boxed, since the transport is part of several futures of its connection.
    frames: Option<Box<Frames>>,
}

/// What is known of a WebSocket's frames.
#[derive(Debug)]
struct Frames {
    scanner: FrameScanner,
    fragmenter: Fragmenter,
    answers: Answers,
    /// None once the server has said its last.
    patience: Option<Patience>,
    document: Sign,
    /// None once the server has said its last, too.
    stranger: Option<Stranger>,
}

impl Transport {
    /// Plain TCP with `peer`.
    pub(crate) fn plain(stream: TcpStream, peer: SocketAddr) -> Self {
        Self { stream: WireStream::Plain(PacedStream::new(stream)), peer, _place: None, frames: None }
    }

    /// TLS with `peer`, once it has shown that it speaks it.
    ///
    /// # Errors
    /// Whatever ends the handshake, as an error of the stream.
    pub(crate) async fn encrypted(
        stream: TcpStream,
        peer: SocketAddr,
        config: Arc<ServerConfig>,
    ) -> io::Result<Self> {
        let mut stream = TlsAcceptor::from(config).accept(PacedStream::new(stream)).await?;
        stream.get_mut().1.set_buffer_limit(Some(UNSENT));
        Ok(Self { stream: WireStream::Tls(Box::new(stream)), peer, _place: None, frames: None })
    }

    /// Keeps its place until its descriptor is closed.
    pub(super) fn holding(self, place: Place) -> Self {
        Self { _place: Some(place), ..self }
    }

    /// Whom TCP connects with: a client, or a proxy in front of it.
    pub(crate) fn peer_addr(&self) -> SocketAddr {
        self.peer
    }

    /// From now on these are frames of a WebSocket, and whoever reads them gets `already_read` first; `joined` is set at the
    /// join.
    pub(crate) fn begin_frames(&mut self, intake: &Intake, joined: Sign, already_read: &[u8]) {
        let document = Sign::default();
        let with_document = intake.with_document.map(|budget| (document.clone(), budget));
        let mut pace = Pace::new(intake.budget, with_document);
        let mut scanner = FrameScanner::default();
        pace.charge(already_read.len() + scanner.scan(already_read).surcharge);
        self.stream.paced().set_pace(Some(pace));
        let mut fragmenter = Fragmenter::new(intake.largest_message);
        FrameScanner::default().follow(already_read, |part| fragmenter.take(part));
        let patience = Some(Patience::new(intake.message_timeout, intake.least_per_second));
        let stranger = Some(Stranger::new(joined, intake.stranger_message));
        let answers = Answers::default();
        self.frames = Some(Box::new(Frames { scanner, fragmenter, answers, patience, document, stranger }));
    }

    /// With which to say that the socket carries a document.
    pub(crate) fn document_sign(&self) -> Sign {
        self.frames.as_ref().map(|frames| frames.document.clone()).unwrap_or_default()
    }

    /// The server has said its last: what still comes is not judged any more.
    pub(crate) fn end_frames(&mut self) {
        self.stream.paced().set_pace(None);
        if let Some(frames) = &mut self.frames {
            frames.patience = None;
            frames.stranger = None;
            frames.answers = Answers::default();
        }
    }

    /// Has the client sent a close frame?
    pub(crate) fn client_has_closed(&self) -> bool {
        self.frames.as_ref().is_some_and(|frames| frames.scanner.has_closed())
    }

    fn wrote<T>(&mut self, written: Poll<T>) -> Poll<T> {
        if let Some(frames) = &mut self.frames {
            frames.answers.wrote(&written);
        }
        written
    }
}

impl AsyncRead for Transport {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { stream, frames, .. } = self.get_mut();
        let Some(frames) = frames else { return Pin::new(stream).poll_read(cx, buffer) };
        if frames.fragmenter.give(buffer) {
            return Poll::Ready(Ok(()));
        }
        let start = buffer.filled().len();
        loop {
            if let Some(stranger) = &frames.stranger {
                stranger.check(frames.scanner.unfinished())?;
            }
            ready!(frames.answers.poll_room(cx));
            let read = Pin::new(&mut *stream).poll_read(cx, buffer)?;
            let count = buffer.filled().len() - start;
            if read.is_ready() {
                let seen = frames.look(buffer, start);
                frames.answers.asked(seen.pings);
                stream.paced().charge(seen.surcharge);
            }
            if let Some(patience) = &mut frames.patience
                && let Poll::Ready(fault) = patience.poll(cx, frames.scanner.unfinished())
            {
                return Poll::Ready(Err(fault.into()));
            }
            // Of a header that is not whole nothing is given yet; to give nothing would be the end of the stream.
            if read.is_pending() || count == 0 || buffer.filled().len() > start {
                return read.map(Ok);
            }
        }
    }
}

impl Frames {
    /// Looks at what was read into the buffer, and puts what the library shall see in its place.
    fn look(&mut self, buffer: &mut ReadBuf<'_>, start: usize) -> Seen {
        let mut before = self.scanner.clone();
        let read = &buffer.filled()[start..];
        let seen = self.scanner.scan(read);
        if before.is_in_header() || self.scanner.is_in_header() || self.fragmenter.concerns(seen.longest) {
            before.follow(read, |part| self.fragmenter.take(part));
            buffer.set_filled(start);
            self.fragmenter.give(buffer);
        }
        seen
    }
}

impl AsyncWrite for Transport {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
