//! The end of a connection, such that the close code really reaches the client (X3).

use collabd_core::Goodbye;
use collabd_core::outbox::Frame;
use collabd_protocol::ServerMessage;
use collabd_protocol::codec;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::End;
use super::{Socket, frames};
use crate::net::Transport;

/// Sends the close frame, with a notice before it where there may be one, or answers the client's, and waits for the
/// client to have read it, all until `deadline`.
pub(crate) async fn farewell(socket: Socket, end: &End, may_have_notice: bool, deadline: Instant) {
    let last_words = match end {
        End::Lost => return,
        End::PeerClosed(_) => Vec::new(),
        End::Close(goodbye) => last_words(*goodbye, may_have_notice),
    };
    part(socket, last_words, deadline).await;
}

fn last_words(goodbye: Goodbye, has_notice: bool) -> Vec<Message> {
    let Goodbye { code, retry_after, limit } = goodbye;
    let mut words = Vec::new();
    if has_notice {
        let retry_after_ms = retry_after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX));
        let notice = codec::encode(&ServerMessage::disconnect(code, retry_after_ms, limit));
        words.extend(frames::of(&Frame::Text(notice)));
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
        // A failure means that the client has gone, which the reads below notice, too.
        let _ = say(&mut socket, last_words).await;
        // The close reply is written, and the client's awaited, by reading to the end of the stream.
        while let Some(Ok(_)) = socket.next().await {}
        linger(socket.into_inner()).await;
    };
    // At the deadline the socket is dropped as it is.
    let _ = timeout_at(deadline, parting).await;
}

async fn say(socket: &mut Socket, words: impl IntoIterator<Item = Message>) -> Result<(), Error> {
    for word in words {
        socket.feed(word).await?;
    }
    socket.flush().await
}

/// Ends our direction and reads on until the client ends its own. A socket closed with unread data in it is reset,
/// and a reset overtakes the close frame.
async fn linger(mut stream: Transport) {
    let mut rest = [0; 1024];
    if stream.shutdown().await.is_ok() {
        while matches!(stream.read(&mut rest).await, Ok(1..)) {}
    }
}
