//! From a target to an upgraded connection.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::WireError;
use super::socket::{Reader, Writer, halves};

/// Longest head of an answer; browsers take longer ones, but no server here sends them.
const MAX_HEAD: usize = 16 * 1024;
/// Any 16 bytes: what a server makes of them is not checked.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// Where to knock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Door {
    /// Path and query.
    pub(crate) path: String,
    /// What is offered as `Sec-WebSocket-Protocol`.
    pub(crate) subprotocol: Option<&'static str>,
}

/// Connects and upgrades. Has no deadline of its own.
pub(super) async fn connect(
    address: SocketAddr,
    door: &Door,
    receive_buffer: Option<u32>,
) -> Result<(Writer, Reader), WireError> {
    let mut stream = dial(address, receive_buffer).await.map_err(WireError::Connect)?;
    stream.write_all(door.request(address).as_bytes()).await.map_err(WireError::Connect)?;
    let mut buffer = BytesMut::with_capacity(1024);
    let end = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        let count = stream.read_buf(&mut buffer).await.map_err(WireError::Connect)?;
        if count == 0 || buffer.len() > MAX_HEAD {
            return Err(WireError::Frame("no answer of HTTP"));
        }
    };
    accepted(&String::from_utf8_lossy(&buffer[..end]))?;
    buffer.advance(end);
    Ok(halves(stream, buffer))
}

async fn dial(address: SocketAddr, receive_buffer: Option<u32>) -> std::io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // The window is announced in the handshake, so the size must be set before it.
    if let Some(bytes) = receive_buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.set_nodelay(true)?;
    socket.connect(address).await
}

impl Door {
    fn request(&self, address: SocketAddr) -> String {
        let offer = self.subprotocol.map(|name| format!("Sec-WebSocket-Protocol: {name}\r\n"));
        format!(
            "GET {} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{}\r\n",
            self.path,
            offer.unwrap_or_default()
        )
    }
}

/// Does this head of an answer say that the connection is a WebSocket from now on?
fn accepted(head: &str) -> Result<(), WireError> {
    let mut lines = head.lines();
    let (_, status) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or_default();
    if status.starts_with("101") {
        return Ok(());
    }
    let retry_after = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("retry-after").then(|| value.trim().parse().ok())?
    });
    Err(WireError::Refused { status: status.to_owned(), retry_after: retry_after.map(Duration::from_secs) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_101_opens_the_door() {
        accepted("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n").unwrap();
        let error = accepted("HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\n\r\n").unwrap_err();
        let WireError::Refused { status, retry_after } = error else { panic!("{error}") };
        assert_eq!((status.as_str(), retry_after), ("503 Service Unavailable", Some(Duration::from_secs(7))));
        assert!(matches!(accepted("\r\n"), Err(WireError::Refused { retry_after: None, .. })));
    }

    #[test]
    fn a_subprotocol_is_offered_when_there_is_one() {
        let door = Door { path: "/a?b=c".to_owned(), subprotocol: Some("x") };
        let request = door.request(([127, 0, 0, 1], 80).into());
        assert!(request.starts_with("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:80\r\n"), "{request}");
        assert!(request.contains("\r\nSec-WebSocket-Protocol: x\r\n\r\n"), "{request}");
    }
}
