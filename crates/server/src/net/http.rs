//! The serve loop: accept, limit the head of each request, and end with every connection.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tracing::{debug, warn};

use collabd_core::Tasks;

use super::budget::{Budget, Place};
use super::listener::configure;
use super::tls::Tls;
use super::transport::Transport;

/// Bytes of a request's head.
const MAX_HEAD: usize = 16 * 1024;
/// Header lines of a request.
const MAX_HEADERS: usize = 64;
/// Waits after failed accepts: out of descriptors, every attempt fails at once until a connection ends.
const ACCEPT_RETRY: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(1));

/// Who is at the other end of a connection: in the extensions of each of its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Serves one router on any number of listeners.
#[derive(Debug, Clone)]
pub(crate) struct HttpServer {
    pub(crate) router: Router,
    pub(crate) tasks: Tasks,
    pub(crate) header_timeout: Duration,
    /// The certificate to show; plain HTTP without one.
    pub(crate) tls: Option<Tls>,
    /// How many connections there may be.
    pub(crate) budget: Budget,
    /// Cancelled to stop: no accepts from then on, and open connections end after their current response.
    pub(crate) stop: CancellationToken,
}

impl HttpServer {
    /// Accepts until stopped, each connection when there is a place for it. Until then it waits in the kernel.
    pub(crate) async fn run(self, listener: TcpListener) {
        let mut pause = ACCEPT_RETRY.0;
        loop {
            let accepting = async {
                let place = self.budget.place().await;
                (listener.accept().await, place)
            };
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                (accepted, place) = accepting => match accepted {
                    Ok((stream, peer)) => {
                        pause = ACCEPT_RETRY.0;
                        self.tasks.spawn(self.clone().connection(stream, peer, place));
                    }
                    Err(error) if is_about_one_peer(&error) => {}
                    Err(error) => {
                        warn!(%error, "accept failed");
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(ACCEPT_RETRY.1);
                    }
                },
            }
        }
    }

    async fn connection(self, stream: TcpStream, peer: SocketAddr, place: Place) {
        if let Err(error) = configure(&stream) {
            debug!(%peer, %error, "connection lost before it began");
            return;
        }
        let Some(transport) = self.transport(stream, peer).await else { return };
        let transport = transport.holding(place);
        let service = self.router.map_request(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            request
        });
        let service = TowerToHyperService::new(service);
        let serving = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.header_timeout)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(transport), service)
            .with_upgrades();
        let mut serving = std::pin::pin!(serving);
        let ended = tokio::select! {
            ended = serving.as_mut() => ended,
            () = self.stop.cancelled() => {
                serving.as_mut().graceful_shutdown();
                serving.await
            }
        };
        if let Err(error) = ended {
            debug!(%peer, %error, "http connection failed");
        }
    }

    /// What the connection runs on; `None` when it ends before that is there. The deadline of a request's head is that
    /// of a handshake, too.
    async fn transport(&self, stream: TcpStream, peer: SocketAddr) -> Option<Transport> {
        let Some(tls) = &self.tls else { return Some(Transport::plain(stream, peer)) };
        let handshake = timeout(self.header_timeout, Transport::encrypted(stream, peer, tls.config()));
        tokio::select! {
            () = self.stop.cancelled() => None,
            done = handshake => match done.unwrap_or_else(|late| Err(late.into())) {
                Ok(transport) => Some(transport),
                Err(error) => {
                    debug!(%peer, %error, "no TLS");
                    None
                }
            },
        }
    }
}

/// Did the accept fail because of the connection that was to be accepted, rather than this process?
fn is_about_one_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}
