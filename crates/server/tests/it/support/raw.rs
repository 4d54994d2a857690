//! A hostile client: bytes on a TCP stream, with no library between that would refuse to send them. Every wait is
//! bounded, and every end is read to the last byte, so that a close code that a reset overtook is missed.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use collabd_protocol::codec::peer::Introductions;
use collabd_protocol::{ClientMessage, ServerMessage, codec};
use serde_json::{Value, json};
use socket2::{Domain, SockRef, Socket, Type};
use tokio::time::Instant;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::frame::{Frame, Received, opcode};
use super::member::join_request;
use super::raw_stream::RawStream;

/// Far longer than any answer takes on a busy machine, and than the server bears anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// The key of RFC 6455, section 1.3; any 16 bytes would do.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// An open TCP connection and what has come on it.
#[derive(Debug)]
pub(crate) struct RawClient {
    stream: RawStream,
    received: Vec<u8>,
    /// All that has come, which nothing takes away.
    heard: Vec<u8>,
}

/// A whole HTTP answer.
#[derive(Debug)]
pub(crate) struct RawResponse {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

/// How a WebSocket ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RawEnd {
    /// The code in the `disconnect` message before the close, if there was one.
    pub(crate) notice: Option<u64>,
    /// The code in the close frame; `None` when the close frame holds none.
    pub(crate) code: Option<u16>,
    /// The reason in the close frame.
    pub(crate) reason: String,
}

/// The path of the v2 dialect.
pub(crate) fn v2_path(project: i32) -> String {
    format!("/ws/collaboration/v2?project_id={project}")
}

/// The path of the v1 dialect.
pub(crate) fn v1_path(project: i32) -> String {
    format!("/ws/collaboration?project_id={project}")
}

/// The head of a correct upgrade request, with more header lines before its end.
pub(crate) fn upgrade_request(path: &str, more: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{more}\r\n"
    )
}

impl RawResponse {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The text for a person in a refusal.
    pub(crate) fn error(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["error"].as_str().unwrap_or_else(|| panic!("no error in {self:?}")).to_owned()
    }
}

impl RawClient {
    /// Connects; nothing is sent.
    pub(crate) fn connect(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect_timeout(&address, PATIENCE).expect("connects"))
    }

    /// Connects with a kernel that takes little, so that the server soon feels that nothing is read.
    pub(crate) fn connect_narrow(address: SocketAddr) -> Self {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None).expect("a socket");
        // The window is announced in the handshake, so the size must be set before it.
        socket.set_recv_buffer_size(2048).expect("socket option");
        socket.connect(&address.into()).expect("connects");
        Self::over(socket.into())
    }

    fn over(stream: TcpStream) -> Self {
        stream.set_nodelay(true).expect("socket option");
        stream.set_write_timeout(Some(PATIENCE)).expect("socket option");
        Self { stream: RawStream::Plain(stream), received: Vec::new(), heard: Vec::new() }
    }

    /// Connects with TLS to `localhost`, which that address is. Fails where the client believes the server nothing.
    pub(crate) fn connect_tls(address: SocketAddr, config: &Arc<ClientConfig>) -> io::Result<Self> {
        let Self { stream: RawStream::Plain(mut tcp), received, heard } = Self::connect(address) else {
            unreachable!("plain so far")
        };
        tcp.set_read_timeout(Some(PATIENCE))?;
        let name = ServerName::try_from("localhost").expect("a name");
        let mut connection = ClientConnection::new(Arc::clone(config), name).expect("a client");
        while connection.is_handshaking() {
            connection.complete_io(&mut tcp)?;
        }
        Ok(Self { stream: RawStream::Tls(Box::new(StreamOwned::new(connection, tcp))), received, heard })
    }

    /// The certificate that the server showed.
    pub(crate) fn certificate(&self) -> Option<CertificateDer<'static>> {
        self.stream.certificate()
    }

    /// Connects and upgrades.
    pub(crate) fn upgraded(address: SocketAddr, path: &str) -> Self {
        let mut client = Self::connect(address);
        client.send(upgrade_request(path, ""));
        let response = client.response();
        assert_eq!(response.status, 101, "{response:?}");
        client
    }

    /// Upgrades and joins as `user`.
    pub(crate) fn joined(address: SocketAddr, path: &str, user: &str) -> Self {
        let mut client = Self::upgraded(address, path);
        client.join(user);
        client
    }

    /// Joins as `user` and gives the snapshot.
    pub(crate) fn join(&mut self, user: &str) -> Value {
        self.send_join(user);
        self.message_of_type("bulk_presence")
    }

    /// Asks to join as `user`.
    pub(crate) fn send_join(&mut self, user: &str) {
        let join = json!({"type": "join_session", "data": {"userId": user, "userName": "Someone"}});
        self.send_text(&join.to_string());
    }

    /// The same in the compact form, up to the snapshot.
    pub(crate) fn join_compact(&mut self, user: &str) {
        self.send_compact_join(user);
        loop {
            let frame = self.frame().expect("an answer");
            let messages = Introductions::default().decode(&frame.payload).expect("the compact form");
            if messages.iter().any(|message| matches!(message, ServerMessage::BulkPresence { .. })) {
                return;
            }
        }
    }

    /// Asks to join as `user`, in the compact form.
    pub(crate) fn send_compact_join(&mut self, user: &str) {
        let join = ClientMessage::JoinSession(join_request(user));
        self.send_frame(&Frame::new(opcode::BINARY, codec::peer::encode_compact(&join)));
    }

    /// Sends bytes as they are. That the server has ended the connection shows when it is read.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        match self.stream.write_all(bytes.as_ref()) {
            Err(error) if !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {
                panic!("the server takes nothing: {error}")
            }
            _ => {}
        }
    }

    /// Sends one frame.
    pub(crate) fn send_frame(&mut self, frame: &Frame) {
        self.send(frame.bytes());
    }

    /// Sends one message as one frame.
    pub(crate) fn send_text(&mut self, text: &str) {
        self.send_frame(&Frame::text(text));
    }

    /// Sends the same bytes again and again, in a thread of its own, until the server takes none. Gives their number.
    pub(crate) fn flood(&self, bytes: Vec<u8>) -> JoinHandle<u64> {
        let mut stream = self.stream.tcp().try_clone().expect("a descriptor");
        thread::spawn(move || {
            let mut sent = 0;
            while let Ok(count @ 1..) = stream.write(&bytes[sent % bytes.len()..]) {
                sent += count;
            }
            sent as u64
        })
    }

    /// Ends the own direction only.
    pub(crate) fn half_close(&mut self) {
        // Fails when the server was first, which is the same.
        let _ = self.stream.end();
    }

    /// Ends the connection with a TCP reset.
    pub(crate) fn reset(self) {
        SockRef::from(self.stream.tcp()).set_linger(Some(Duration::ZERO)).expect("socket option");
    }

    /// Reads one HTTP response, whose body is as long as its head says; none after an upgrade.
    pub(crate) fn response(&mut self) -> RawResponse {
        let response = self.response_or_end();
        response.unwrap_or_else(|| panic!("ended before a response: {:?}", self.received_text()))
    }

    /// As [`response`](Self::response); `None` when TCP ends instead.
    pub(crate) fn response_or_end(&mut self) -> Option<RawResponse> {
        let deadline = Instant::now() + PATIENCE;
        let end = loop {
            if let Some(end) = find(&self.received, b"\r\n\r\n") {
                break end + 4;
            }
            if self.read_some(deadline).is_none_or(|count| count == 0) {
                return None;
            }
        };
        let head = String::from_utf8_lossy(&self.received[..end]).into_owned();
        self.received.drain(..end);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let mut response = RawResponse { status, head, body: String::new() };
        let length = response.header("content-length").map_or(0, |length| length.parse().expect("a length"));
        while self.received.len() < length {
            assert!(self.read_more(deadline), "ended within a body: {:?}", self.received_text());
        }
        response.body = String::from_utf8_lossy(&self.received[..length]).into_owned();
        self.received.drain(..length);
        Some(response)
    }

    /// The next frame; `None` when TCP has ended in order.
    pub(crate) fn frame(&mut self) -> Option<Received> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some((frame, length)) = Received::parse(&self.received) {
                self.received.drain(..length);
                return Some(frame);
            }
            if !self.read_more(deadline) {
                assert!(self.received.is_empty(), "ended within a frame: {:?}", self.received);
                return None;
            }
        }
    }

    /// The next message, however it is fragmented. WebSocket pings and pongs are passed over.
    pub(crate) fn message(&mut self) -> Value {
        let mut text = Vec::new();
        loop {
            let frame = self.frame().expect("a message, not the end");
            match frame.opcode {
                opcode::TEXT | opcode::CONTINUATION => text.extend_from_slice(&frame.payload),
                opcode::PING | opcode::PONG => continue,
                other => panic!("a frame of kind {other}, not a message: {frame:?}"),
            }
            if frame.is_final {
                return serde_json::from_slice(&text).expect("messages are JSON");
            }
        }
    }

    /// The next message of this type; others before it are gone.
    pub(crate) fn message_of_type(&mut self, kind: &str) -> Value {
        loop {
            let message = self.message();
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// Proves that the connection is usable, and gives what came before the answer.
    pub(crate) fn messages_until_pong(&mut self) -> Vec<Value> {
        self.send_text(r#"{"type":"ping"}"#);
        let mut messages = Vec::new();
        loop {
            match self.message() {
                pong if pong["type"] == "pong" => return messages,
                message => messages.push(message),
            }
        }
    }

    /// Reads to the close frame, answers it, and reads TCP to its end, which must be in order.
    pub(crate) fn end(&mut self) -> RawEnd {
        let mut notice = None;
        let close = loop {
            let frame = self.frame().expect("a close frame before the end of TCP");
            match frame.opcode {
                opcode::CLOSE => break frame,
                opcode::TEXT if frame.is_final => {
                    let message: Value = serde_json::from_slice(&frame.payload).expect("messages are JSON");
                    assert_eq!(notice, None, "a message after the notice: {message}");
                    notice =
                        (message["type"] == "disconnect").then(|| message["code"].as_u64().expect("a code"));
                }
                _ => {}
            }
        };
        self.send_frame(&Frame::new(opcode::CLOSE, close.payload.clone()));
        assert_eq!(self.frame(), None, "nothing follows a close frame");
        let code = close.payload.first_chunk().map(|code| u16::from_be_bytes(*code));
        let reason = close.payload.get(2..).unwrap_or_default();
        RawEnd { notice, code, reason: String::from_utf8_lossy(reason).into_owned() }
    }

    /// The code in the close frame. What comes after it is not looked at: whoever floods may be reset.
    pub(crate) fn close_code(&mut self) -> Option<u16> {
        loop {
            let frame = self.frame().expect("a close frame before the end of TCP");
            if frame.opcode == opcode::CLOSE {
                return frame.payload.first_chunk().map(|code| u16::from_be_bytes(*code));
            }
        }
    }

    /// Reads until the server ends TCP, by an end or a reset.
    pub(crate) fn wait_for_end(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.read_some(deadline).is_some_and(|count| count > 0) {}
    }

    /// Is there a whole frame, or is one within this time?
    pub(crate) fn has_frame_within(&mut self, time: Duration) -> bool {
        self.has_ended_within(time);
        Received::parse(&self.received).is_some()
    }

    /// Has the server ended TCP, or does it within this time? What it sends meanwhile is kept.
    pub(crate) fn has_ended_within(&mut self, time: Duration) -> bool {
        let deadline = Instant::now() + time;
        let mut chunk = [0; 1024];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            self.stream.tcp().set_read_timeout(Some(left)).expect("socket option");
            match self.stream.read(&mut chunk) {
                Ok(0) => return true,
                Ok(count) => self.keep(&chunk[..count]),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(_) => return true,
            }
        }
    }

    /// Reads more; false when TCP has ended in order.
    fn read_more(&mut self, deadline: Instant) -> bool {
        match self.read_some(deadline) {
            Some(count) => count > 0,
            None => panic!("reset by the server after {:?}", self.received_text()),
        }
    }

    /// How much was read: 0 at the end of TCP, `None` after a reset.
    fn read_some(&mut self, deadline: Instant) -> Option<usize> {
        let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        self.stream.tcp().set_read_timeout(Some(left)).expect("socket option");
        let mut chunk = [0; 16 * 1024];
        match self.stream.read(&mut chunk) {
            Ok(count) => {
                self.keep(&chunk[..count]);
                Some(count)
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => None,
            Err(error) => panic!("nothing in {PATIENCE:?} ({error}) after {:?}", self.received_text()),
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.received.extend_from_slice(bytes);
        self.heard.extend_from_slice(bytes);
    }

    /// Every byte that has come, in order: heads, bodies and frames.
    pub(crate) fn heard(&self) -> &[u8] {
        &self.heard
    }

    fn received_text(&self) -> String {
        String::from_utf8_lossy(&self.received).into_owned()
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
