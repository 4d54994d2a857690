//! Where published keys come from: one request to one address, bounded in time and in bytes.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, HOST};
use hyper::http::uri::Scheme;
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{InvalidDnsNameError, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore, crypto};

/// Time for the whole exchange: somebody waits to come in meanwhile.
const DEADLINE: Duration = Duration::from_secs(3);

/// Bytes of a set of keys. A key has two or three thousand at most, its certificates included.
const MAX_BODY: usize = 256 * 1024;

/// Why certificates of servers cannot be verified.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// Nobody is trusted.
    #[error("this machine trusts no certificate authority; SSL_CERT_FILE may name some")]
    Empty,
    /// The library refuses what it was given.
    #[error("TLS cannot be used: {0}")]
    Tls(#[from] rustls::Error),
    /// The host of the address is none.
    #[error("the host cannot be verified: {0}")]
    Host(#[from] InvalidDnsNameError),
}

/// Why keys were not fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// It took too long.
    #[error("no answer within {} s", DEADLINE.as_secs())]
    Late,
    /// No connection, or one whose other end is not who it should be.
    #[error("cannot connect: {0}")]
    Connect(#[from] std::io::Error),
    /// The exchange broke.
    #[error("exchange: {0}")]
    Exchange(#[from] hyper::Error),
    /// The address makes no request.
    #[error("not a request: {0}")]
    Request(#[from] hyper::http::Error),
    /// Another answer than keys. A redirect is one: whoever can cause one must not choose whom we trust.
    #[error("answered with {0}")]
    Status(StatusCode),
    /// The body broke off or is too long.
    #[error("body: {0}")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The body is no set of keys.
    #[error("no set of keys: {0}")]
    Json(#[from] serde_json::Error),
}

/// One address, and how to reach it.
pub(super) struct Source {
    uri: Uri,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// The address may hold a secret.
impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("has_tls", &self.tls.is_some()).finish_non_exhaustive()
    }
}

impl Source {
    pub(super) fn new(uri: &Uri) -> Result<Self, RootsError> {
        let is_plain = uri.scheme() == Some(&Scheme::HTTP);
        let tls = if is_plain { None } else { Some((connector()?, host(uri).to_owned().try_into()?)) };
        Ok(Self { uri: uri.clone(), tls })
    }

    /// Fetches what is there now.
    pub(super) async fn fetch(&self) -> Result<Bytes, FetchError> {
        timeout(DEADLINE, self.exchange()).await.unwrap_or(Err(FetchError::Late))
    }

    async fn exchange(&self) -> Result<Bytes, FetchError> {
        let port = self.uri.port_u16().unwrap_or(if self.tls.is_some() { 443 } else { 80 });
        let stream = TcpStream::connect((host(&self.uri), port)).await?;
        match &self.tls {
            Some((connector, name)) => self.ask(connector.connect(name.clone(), stream).await?).await,
            None => self.ask(stream).await,
        }
    }

    async fn ask(&self, stream: impl AsyncRead + AsyncWrite + Unpin) -> Result<Bytes, FetchError> {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let host = self.uri.authority().map_or("", |authority| authority.as_str());
        let request = Request::get(path)
            .header(HOST, host)
            .header(ACCEPT, "application/json")
            .body(Empty::<Bytes>::new())?;
        let exchange = async move {
            let response = sender.send_request(request).await?;
            if response.status() != StatusCode::OK {
                return Err(FetchError::Status(response.status()));
            }
            let body = Limited::new(response.into_body(), MAX_BODY).collect().await;
            Ok(body.map_err(FetchError::Body)?.to_bytes())
        };
        // The connection's future moves the bytes and ends when `sender` is dropped; its error is the exchange's.
        let (body, _) = tokio::join!(exchange, connection);
        body
    }
}

/// The host without the brackets of an IPv6 address.
fn host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

/// TLS with the authorities that this machine trusts.
fn connector() -> Result<TlsConnector, RootsError> {
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if trusted == 0 {
        return Err(RootsError::Empty);
    }
    let config = ClientConfig::builder_with_provider(Arc::new(crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
