//! The end of a connection, such that the close code really reaches the client (X3).

use bytes::Bytes;
use collabd_core::Goodbye;
use collabd_protocol::codec::{self, Dialect};
use collabd_protocol::{Encoding, ServerMessage};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::end::End;
use super::{Socket, frames};

/// Sends the close frame or answers the client's, waits for the client to have read it, all until `deadline`.
pub(super) async fn farewell(mut socket: Socket, end: &End, encoding: Encoding, deadline: Instant) {
    if *end == End::Lost {
        return;
    }
    let goodbye = async move {
        if let End::Close(goodbye) = end {
            // A failure means that the client has gone, which the reads below notice, too.
            let _ = say(&mut socket, *goodbye, encoding).await;
        }
        // The close reply is written, and the client's awaited, by reading to the end of the stream.
        while let Some(Ok(_)) = socket.next().await {}
        linger(socket.into_inner()).await;
    };
    // At the deadline the socket is dropped as it is.
    let _ = timeout_at(deadline, goodbye).await;
}

async fn say(
    socket: &mut Socket,
    goodbye: Goodbye,
    encoding: Encoding,
) -> Result<(), tokio_tungstenite::tungstenite::Error> {
    let Goodbye { code, retry_after } = goodbye;
    // The v1 dialect has no message for it.
    if encoding.dialect() == Dialect::V2 {
        let retry_after_ms = retry_after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX));
        let notice: Bytes = codec::encode(&ServerMessage::disconnect(code, retry_after_ms));
        for frame in frames::text(&notice) {
            socket.feed(frame).await?;
        }
    }
    let frame = CloseFrame { code: code.number().into(), reason: code.name().into() };
    socket.send(Message::Close(Some(frame))).await
}

/// Ends our direction and reads on until the client ends its own. A socket closed with unread data in it is reset,
/// and a reset overtakes the close frame.
async fn linger(mut stream: TcpStream) {
    let mut rest = [0; 1024];
    if stream.shutdown().await.is_ok() {
        while matches!(stream.read(&mut rest).await, Ok(1..)) {}
    }
}
