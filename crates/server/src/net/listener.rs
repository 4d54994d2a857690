//! Sockets and their options.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::net::{TcpListener, TcpStream};

/// Connections that may wait to be accepted, so that a reconnect storm is not refused by the kernel.
const BACKLOG: i32 = 4096;

/// Bytes the kernel may hold for one slow client; without it the outbox's bound would not bound memory.
const SEND_BUFFER: usize = 64 * 1024;

/// How long sent data may stay unacknowledged before the kernel gives the peer up: the only thing that notices a
/// peer whose network vanished while nothing is being sent to it for longer.
const USER_TIMEOUT: Duration = Duration::from_secs(20);

/// The sockets a server accepts on.
#[derive(Debug)]
pub struct Listeners {
    /// For clients.
    pub public: TcpListener,
    /// For operators: health, metrics and state, if it has an address of its own.
    pub admin: Option<TcpListener>,
}

/// Listens on `address`; port 0 takes a free one.
///
/// # Errors
/// The operating system's, when the address is in use or not this machine's.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // A restart must not wait for the last run's connections to time out.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Sets what every accepted connection needs.
///
/// # Errors
/// The operating system's, mostly because the peer has gone already.
pub(super) fn configure(stream: &TcpStream) -> io::Result<()> {
    // Small frames must not wait for the acknowledgement of the one before (Nagle against delayed ACK).
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_send_buffer_size(SEND_BUFFER)?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(USER_TIMEOUT))?;
    Ok(())
}
