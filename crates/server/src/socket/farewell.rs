//! The end of a connection, such that the close code really reaches the client (X3).

use std::future::pending;

use collabd_core::Goodbye;
use collabd_protocol::codec;
use collabd_protocol::{Encoding, ServerMessage};
use futures_util::SinkExt as _;
use futures_util::stream::FusedStream as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::End;
use super::{Socket, frames};
use crate::net::Transport;

/// Bytes that are read of a client after the server has said its last: as much as one that is cut off in the middle of
/// a large message may have sent.
const MOST_REST: usize = 16 * 1024 * 1024;

/// Sends the close frame, with a notice before it where there may be one, in the encoding given, or answers the client's,
/// and waits for the client to have read it, all until `deadline`.
pub(crate) async fn farewell(socket: Socket, end: &End, notice: Option<Encoding>, deadline: Instant) {
    let last_words = match end {
        End::Lost => return,
        End::PeerClosed(_) => Vec::new(),
        End::Close(goodbye) => last_words(*goodbye, notice),
    };
    part(socket, last_words, deadline).await;
}

fn last_words(goodbye: Goodbye, notice: Option<Encoding>) -> Vec<Message> {
    let Goodbye { code, retry_after, limit } = goodbye;
    let mut words = Vec::new();
    if let Some(encoding) = notice {
        let retry_after_ms = retry_after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX));
        let notice = ServerMessage::disconnect(code, retry_after_ms, limit);
        words.extend(frames::of(&codec::encode(&notice, encoding)));
    }
    let frame = CloseFrame { code: code.number().into(), reason: code.name().into() };
    words.push(Message::Close(Some(frame)));
    words
}

/// Sends `last_words`, the last of them a close frame unless the client has sent its own, and waits for the client
/// to have read them, all until `deadline`.
pub(crate) async fn part(
    mut socket: Socket,
    last_words: impl IntoIterator<Item = Message>,
    deadline: Instant,
) {
    let parting = async move {
        // After a fault there is no telling where a frame begins, so no close frame of the client is waited for.
        let is_broken = socket.is_terminated();
        // A failure means that the client has gone, which the reads below notice, too.
        let _ = say(&mut socket, last_words).await;
        let mut rest = Rest { stream: socket.into_inner(), left: MOST_REST };
        rest.stream.end_frames();
        if !is_broken {
            rest.read_to(Transport::client_has_closed).await;
        }
        rest.linger().await;
    };
    // On the heap, so that no connection has room for its end from the beginning. At the deadline the socket is dropped as
    // it is.
    let _ = timeout_at(deadline, Box::pin(parting)).await;
}

async fn say(socket: &mut Socket, words: impl IntoIterator<Item = Message>) -> Result<(), Error> {
    for word in words {
        socket.feed(word).await?;
    }
    socket.flush().await
}

/// What a client still sends after the server has said its last.
struct Rest {
    stream: Transport,
    /// Bytes of it that are read.
    left: usize,
}

impl Rest {
    /// Ends our direction and reads on until the client ends its own. A socket closed with unread data in it is reset,
    /// and a reset overtakes the close frame.
    async fn linger(&mut self) {
        if self.stream.shutdown().await.is_ok() {
            self.read_to(|_| false).await;
        }
    }

    /// Reads to the end of the stream, or until `is_over`; for ever, if more comes than is read.
    async fn read_to(&mut self, is_over: impl Fn(&Transport) -> bool) {
        let mut chunk = [0; 4 * 1024];
        while !is_over(&self.stream) {
            match self.stream.read(&mut chunk).await {
                Ok(count @ 1..) => self.left = self.left.saturating_sub(count),
                _ => return,
            }
            if self.left == 0 {
                // Whoever sends on without an end can read the code until the deadline, and costs nothing.
                return pending().await;
            }
        }
    }
}
