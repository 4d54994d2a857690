//! The pages beside the socket: health, metrics, GraphQL. One connection per request, so that none is left open.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a whole exchange may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Most bytes of a body that are read; the largest page is the metrics of a busy server.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// Asks one server.
#[derive(Debug, Clone)]
pub struct HttpClient {
    address: SocketAddr,
    headers: HeaderMap,
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// TCP failed.
    #[error("cannot connect: {0}")]
    Connect(#[source] io::Error),
    /// Path, header or body that make no request.
    #[error("not a request: {0}")]
    Request(#[source] hyper::http::Error),
    /// A value that JSON cannot carry, or a body that is not the JSON expected.
    #[error("json: {0}")]
    Json(#[from] serde_json::Error),
    /// The exchange broke.
    #[error("exchange: {0}")]
    Exchange(#[from] hyper::Error),
    /// The body broke off or is over 16 MiB.
    #[error("body: {0}")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No whole answer within 10 s.
    #[error("no answer within {PATIENCE:?}")]
    TimedOut,
}

impl HttpResponse {
    /// The body as JSON.
    ///
    /// # Errors
    /// [`HttpError::Json`] when it is not the JSON expected.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The body as text, with bad UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl HttpClient {
    /// A client of the server at `address`.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, headers: HeaderMap::new() }
    }

    /// Sends this header with every request.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Gets `path`, which starts with a slash and may have a query.
    ///
    /// # Errors
    /// [`HttpError`] when no whole answer comes; every status is an answer.
    pub async fn get(&self, path: &str) -> Result<HttpResponse, HttpError> {
        self.request(Method::GET, path, Bytes::new()).await
    }

    /// Posts `value` as JSON to `path`.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn post_json(&self, path: &str, value: &impl Serialize) -> Result<HttpResponse, HttpError> {
        let body = serde_json::to_vec(value)?;
        let json = HeaderValue::from_static("application/json");
        self.clone().with_header(CONTENT_TYPE, json).request(Method::POST, path, body.into()).await
    }

    /// Sends a request with any method and body.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn request(&self, method: Method, path: &str, body: Bytes) -> Result<HttpResponse, HttpError> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.address.to_string())
            .body(Full::new(body))
            .map_err(HttpError::Request)?;
        request.headers_mut().extend(self.headers.clone());
        timeout(PATIENCE, self.exchange(request)).await.unwrap_or(Err(HttpError::TimedOut))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<HttpResponse, HttpError> {
        let stream = TcpStream::connect(self.address).await.map_err(HttpError::Connect)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let exchange = async move {
            let (parts, body) = sender.send_request(request).await?.into_parts();
            let body = Limited::new(body, MAX_BODY).collect().await.map_err(HttpError::Body)?;
            Ok(HttpResponse { status: parts.status, headers: parts.headers, body: body.to_bytes() })
        };
        // The connection's future moves the bytes and ends when `sender` is dropped; its error is the exchange's.
        let (response, _) = tokio::join!(exchange, connection);
        response
    }
}
