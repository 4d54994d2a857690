//! From an HTTP request to a WebSocket, or to an HTTP error that says why not.

use std::num::NonZeroU64;

use axum::Json;
use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::header::{RETRY_AFTER, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use collabd_protocol::ids::ProjectIdError;
use collabd_protocol::{Encoding, ProjectId};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::{Connection, Socket, frames};
use crate::app::App;
use crate::permits::ConnectionPermit;

/// What a refused client is told to wait, in seconds.
const RETRY_AFTER_SECONDS: NonZeroU64 = NonZeroU64::MIN;

/// Why a request does not become a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UpgradeError {
    /// No usable project.
    #[error("project_id {0}")]
    Project(#[from] ProjectIdError),
    /// No `project_id` at all.
    #[error("project_id is missing")]
    NoProject,
    /// Only subprotocols that the server does not speak.
    #[error("no offered subprotocol is supported; the server speaks collab.v2 and collab.v2.batch")]
    Subprotocol,
    /// The method is not GET.
    #[error("a WebSocket is opened with GET")]
    Method,
    /// The version is not 13.
    #[error("Sec-WebSocket-Version must be 13")]
    Version,
    /// The request is no (valid) upgrade request.
    #[error("not a WebSocket upgrade request (RFC 6455, section 4.1)")]
    NotAnUpgrade,
    /// Every place is taken.
    #[error("the server has {limit} connections, which is the limit")]
    Full {
        /// Most connections.
        limit: usize,
    },
    /// The server is about to end.
    #[error("the server is shutting down")]
    Stopping,
}

impl UpgradeError {
    /// The reason under which the refusal is counted.
    fn label(self) -> &'static str {
        match self {
            Self::Full { .. } => "full",
            Self::Stopping => "stopping",
            _ => "bad_request",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Project(_) | Self::NoProject | Self::Subprotocol | Self::NotAnUpgrade => {
                StatusCode::BAD_REQUEST
            }
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Full { .. } | Self::Stopping => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for UpgradeError {
    fn into_response(self) -> Response {
        let mut response =
            (self.status(), Json(serde_json::json!({ "error": self.to_string() }))).into_response();
        let headers = response.headers_mut();
        match self.status() {
            StatusCode::UPGRADE_REQUIRED => {
                headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_SECONDS.get()));
            }
            _ => {}
        }
        response
    }
}

/// The query of both collaboration endpoints. A token may be beside it; in open mode nobody reads it.
#[derive(Debug, Deserialize)]
pub(crate) struct ProjectQuery {
    project_id: Option<String>,
}

impl ProjectQuery {
    fn project(&self) -> Result<ProjectId, UpgradeError> {
        Ok(self.project_id.as_deref().ok_or(UpgradeError::NoProject)?.parse::<ProjectId>()?)
    }
}

/// `GET /ws/collaboration?project_id=N`: the v1 dialect.
pub(crate) async fn v1(
    State(app): State<App>,
    Query(query): Query<ProjectQuery>,
    request: Request,
) -> Result<Response, UpgradeError> {
    open(&app, &query, request, Encoding::V1)
}

/// `GET /ws/collaboration/v2?project_id=N`: the v2 dialect, in the encoding that the subprotocol names.
pub(crate) async fn v2(
    State(app): State<App>,
    Query(query): Query<ProjectQuery>,
    request: Request,
) -> Result<Response, UpgradeError> {
    let encoding = negotiate(request.headers())?;
    open(&app, &query, request, encoding)
}

/// The first offered encoding that the server speaks; plain JSON when none is offered.
fn negotiate(headers: &HeaderMap) -> Result<Encoding, UpgradeError> {
    let mut offers = headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .peekable();
    if offers.peek().is_none() {
        return Ok(Encoding::Json);
    }
    offers.find_map(|offer| Encoding::from_subprotocol(offer.trim())).ok_or(UpgradeError::Subprotocol)
}

fn open(
    app: &App,
    query: &ProjectQuery,
    request: Request,
    encoding: Encoding,
) -> Result<Response, UpgradeError> {
    let project = query.project()?;
    let upgrade = Upgrade::of(app, request, encoding.subprotocol())?;
    let config = frames::config(app.config().limits.max_message_bytes);
    let app = app.clone();
    Ok(upgrade.serve(&app.tasks().clone(), config, move |socket, permit| {
        Connection { app, project, encoding, permit }.serve(socket)
    }))
}

/// A checked upgrade request with a place for its connection.
pub(crate) struct Upgrade {
    response: Response,
    upgrading: OnUpgrade,
    permit: ConnectionPermit,
}

impl Upgrade {
    /// Checks the request and takes a place; `subprotocol` is what the server chose.
    pub(crate) fn of(
        app: &App,
        mut request: Request,
        subprotocol: Option<&'static str>,
    ) -> Result<Self, UpgradeError> {
        let mut response =
            handshake(&request).inspect_err(|error| app.metrics().upgrade_refused(error.label()))?;
        if let Some(name) = subprotocol.filter(|_| request.headers().contains_key(SEC_WEBSOCKET_PROTOCOL)) {
            response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(name));
        }
        let permit = app.admit().inspect_err(|error| app.metrics().upgrade_refused(error.label()))?;
        Ok(Self { response, upgrading: hyper::upgrade::on(&mut request), permit })
    }

    /// Starts the task that serves the socket, and returns the response that switches protocols.
    pub(crate) fn serve<F>(
        self,
        tasks: &collabd_core::Tasks,
        config: WebSocketConfig,
        serve: impl FnOnce(Socket, ConnectionPermit) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send,
    {
        let Self { response, upgrading, permit } = self;
        tasks.spawn(async move {
            // Otherwise the client went away before the protocol was switched.
            if let Some(socket) = switch(upgrading, config).await {
                serve(socket, permit).await;
            }
        });
        response
    }
}

/// Waits until the HTTP connection has let go of its stream, and takes it over.
async fn switch(upgrading: OnUpgrade, config: WebSocketConfig) -> Option<Socket> {
    let parts = upgrading.await.ok()?.downcast::<TokioIo<TcpStream>>().ok()?;
    let (stream, read) = (parts.io.into_inner(), parts.read_buf.to_vec());
    Some(WebSocketStream::from_partially_read(stream, read, Role::Server, Some(config)).await)
}

fn handshake(request: &Request) -> Result<Response, UpgradeError> {
    // The library checks that there is a key; RFC 6455 wants 16 bytes in base64.
    let key = request.headers().get(SEC_WEBSOCKET_KEY).map_or(&[][..], HeaderValue::as_bytes);
    let is_key = key.len() == 24 && key.ends_with(b"==");
    match create_response_with_body(request, Body::empty) {
        Ok(_) if !is_key => Err(UpgradeError::NotAnUpgrade),
        Ok(response) => Ok(response),
        Err(Error::Protocol(ProtocolError::WrongHttpMethod)) => Err(UpgradeError::Method),
        Err(Error::Protocol(ProtocolError::MissingSecWebSocketVersionHeader)) => Err(UpgradeError::Version),
        Err(_) => Err(UpgradeError::NotAnUpgrade),
    }
}
