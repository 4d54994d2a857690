//! From an HTTP request to a WebSocket, or to an HTTP error that says why not.

use axum::Json;
use axum::extract::Request;
use axum::http::header::{
    ALLOW, RETRY_AFTER, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use collabd_core::faults;
use collabd_core::recorder::ServerEvent;
use collabd_protocol::UserId;
use collabd_protocol::ids::ProjectIdError;
use futures_util::FutureExt as _;
use futures_util::future::lazy;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::Role;
use tracing::debug;

use super::{Socket, Terms, contained, handshake, origin};
use crate::admission::{Client, ConnectionPermit, Refusal};
use crate::app::App;
use crate::auth::AuthError;
use crate::net::{Sign, Transport};

/// What a client is told to wait, in seconds, where nothing better is known.
const RETRY_AFTER_SECONDS: u64 = 1;
/// The same while the server is not ready, which it does not become within a second.
const RETRY_AFTER_UNREADY_SECONDS: u64 = 5;

/// Why a request does not become a WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UpgradeError {
    /// No usable project.
    #[error("project_id {0}")]
    Project(#[from] ProjectIdError),
    /// No `project_id` at all.
    #[error("project_id is missing")]
    NoProject,
    /// A query that leaves open which project is meant.
    #[error("project_id must occur once")]
    Query,
    /// No usable document in the path.
    #[error("the path must be /ws/documents/PROJECT/DOCUMENT with ids that exist in docs/protocol.md's form")]
    DocumentPath,
    /// A query that says something else than it may.
    #[error(
        "the query may have ticket, user_id, user_name, avatar_color and document_type, each once and valid"
    )]
    DocumentQuery,
    /// Only subprotocols that the server does not speak.
    #[error("no offered subprotocol is supported; the server speaks {0} here")]
    Subprotocol(&'static str),
    /// The method is not GET.
    #[error("a WebSocket is opened with GET")]
    Method,
    /// The version is not 13.
    #[error("Sec-WebSocket-Version must be 13")]
    Version,
    /// The request is no (valid) upgrade request.
    #[error("not a WebSocket upgrade request (RFC 6455, section 4.1)")]
    NotAnUpgrade,
    /// It comes from a web page that may not open WebSockets.
    #[error("web pages of this origin may not open WebSockets here")]
    Origin,
    /// It comes with a token that does not let its client in.
    #[error(transparent)]
    Auth(AuthError),
    /// A limit is reached.
    #[error(transparent)]
    Limit(#[from] Refusal),
    /// The server is about to end.
    #[error("the server is shutting down")]
    Stopping,
    /// The server has found itself unable to serve those who are here already.
    #[error("the server is not ready to take new connections")]
    Unready,
}

impl UpgradeError {
    /// The reason under which the refusal is counted.
    fn label(self) -> &'static str {
        match self {
            Self::Limit(_) => "limit",
            Self::Stopping => "stopping",
            Self::Unready => "unready",
            Self::Auth(_) => "auth",
            Self::Origin => "origin",
            _ => "bad_request",
        }
    }

    fn retry_after(self) -> u64 {
        if self == Self::Unready { RETRY_AFTER_UNREADY_SECONDS } else { RETRY_AFTER_SECONDS }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Project(_)
            | Self::NoProject
            | Self::Query
            | Self::DocumentPath
            | Self::DocumentQuery
            | Self::Subprotocol(_)
            | Self::NotAnUpgrade => StatusCode::BAD_REQUEST,
            Self::Auth(error) => error.status(),
            Self::Origin => StatusCode::FORBIDDEN,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::Limit(refusal) => refusal.status(),
            Self::Stopping | Self::Unready => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for UpgradeError {
    fn into_response(self) -> Response {
        if let Self::Limit(refusal) = self {
            return refusal.into_response();
        }
        let mut response =
            (self.status(), Json(serde_json::json!({ "error": self.to_string() }))).into_response();
        let headers = response.headers_mut();
        match self.status() {
            StatusCode::METHOD_NOT_ALLOWED => {
                headers.insert(ALLOW, HeaderValue::from_static("GET"));
            }
            StatusCode::UNAUTHORIZED => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::UPGRADE_REQUIRED => {
                headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(RETRY_AFTER, HeaderValue::from(self.retry_after()));
            }
            _ => {}
        }
        response
    }
}

/// Counts a request that becomes no WebSocket.
pub(crate) fn count_refusal(app: &App, error: UpgradeError) {
    app.metrics().upgrade_refused(error.label());
    app.recorder().server(ServerEvent::Refused(error.label()));
}

/// The subprotocols that the client offers.
pub(crate) fn offers(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .map(str::trim)
}

/// A checked upgrade request with a place for its connection.
pub(crate) struct Upgrade {
    response: Response,
    upgrading: OnUpgrade,
    permit: ConnectionPermit,
}

impl Upgrade {
    /// Checks the request and takes a place; `subprotocol` is what the server chose, `user` whom the request was verified
    /// to come from.
    pub(crate) fn of(
        app: &App,
        mut request: Request,
        subprotocol: Option<&'static str>,
        user: Option<&UserId>,
    ) -> Result<Self, UpgradeError> {
        faults::strike("upgrade");
        let checked = origin_of(app, &request).and_then(|()| handshake::answer(&request));
        let mut response = checked.inspect_err(|error| count_refusal(app, *error))?;
        if let Some(name) = subprotocol.filter(|_| request.headers().contains_key(SEC_WEBSOCKET_PROTOCOL)) {
            response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(name));
        }
        let permit = admit(app, &request, user).inspect_err(|error| count_refusal(app, *error))?;
        Ok(Self { response, upgrading: hyper::upgrade::on(&mut request), permit })
    }

    /// Starts to serve the socket, and returns the response that switches protocols.
    pub(crate) fn serve<F>(
        self,
        app: &App,
        terms: Terms,
        serve: impl FnOnce(Socket, ConnectionPermit) -> F + Send + 'static,
    ) -> Response
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Self { response, upgrading, permit } = self;
        let served = app.clone();
        spawn(app, async move {
            // Otherwise the client went away before the protocol was switched.
            if let Some(socket) = switch(upgrading, &terms, permit.join_sign()).await {
                let (client, peer) = (permit.client().address(), socket.get_ref().peer_addr());
                debug!(%client, %peer, "connection begins");
                // In a task of its own, which has no room for what was needed up to here.
                let serving = lazy(|_| {
                    faults::strike("socket");
                    serve(socket, permit)
                });
                spawn(&served, serving.flatten());
            }
        });
        response
    }
}

/// Starts a task of a connection. What a panic leaves behind in it is dropped: the socket without a code, the place, the
/// session.
fn spawn(app: &App, work: impl Future<Output = ()> + Send + 'static) {
    let watched = app.clone();
    app.tasks().spawn(contained(app, work).map(move |done| {
        if let Err(code) = done {
            watched.metrics().connection_closed(code.name());
        }
    }));
}

/// Waits until the HTTP connection has let go of its stream, and takes it over.
async fn switch(upgrading: OnUpgrade, terms: &Terms, joined: Sign) -> Option<Socket> {
    let parts = upgrading.await.ok()?.downcast::<TokioIo<Transport>>().ok()?;
    let mut stream = parts.io.into_inner();
    stream.begin_frames(&terms.intake, joined, &parts.read_buf);
    let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(terms.frames)).await;
    Some(Box::new(socket))
}

fn admit(app: &App, request: &Request, user: Option<&UserId>) -> Result<ConnectionPermit, UpgradeError> {
    if app.stopping().is_cancelled() {
        return Err(UpgradeError::Stopping);
    }
    if !app.gate().is_open() {
        return Err(UpgradeError::Unready);
    }
    let client = Client::of(&app.config().proxies, request.extensions(), request.headers());
    Ok(app.admit(client, user)?)
}

fn origin_of(app: &App, request: &Request) -> Result<(), UpgradeError> {
    if origin::is_allowed(app.config(), request.headers()) { Ok(()) } else { Err(UpgradeError::Origin) }
}
