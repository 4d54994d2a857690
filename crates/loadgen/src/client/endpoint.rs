//! Where to connect and how.

use std::net::SocketAddr;
use std::time::Duration;

use collabd_protocol::Encoding;
use collabd_protocol::codec::Dialect;
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::header::{HeaderName, HeaderValue, SEC_WEBSOCKET_PROTOCOL};

use super::ClientError;

/// Far longer than any answer takes on a loaded test machine, and short enough to end a hung test.
const DEFAULT_PATIENCE: Duration = Duration::from_secs(10);

/// One project of one server, in one encoding.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The server.
    pub address: SocketAddr,
    /// The project, unchecked, so that bad numbers can be sent.
    pub project: i32,
    /// Decides the path and the subprotocol offered first, and how frames are read.
    pub encoding: Encoding,
    pub(super) patience: Duration,
    pub(super) receive_buffer: Option<u32>,
    query: Option<String>,
    parameters: Vec<(String, String)>,
    subprotocols: Vec<String>,
    headers: Vec<(String, String)>,
}

impl Endpoint {
    /// An endpoint without options.
    pub fn new(address: SocketAddr, project: i32, encoding: Encoding) -> Self {
        Self {
            address,
            project,
            encoding,
            patience: DEFAULT_PATIENCE,
            receive_buffer: None,
            query: None,
            parameters: Vec::new(),
            subprotocols: encoding.subprotocol().into_iter().map(str::to_owned).collect(),
            headers: Vec::new(),
        }
    }

    /// Replaces the whole query, `project_id` included. It goes out as it is, so it must be encoded already.
    #[must_use]
    pub fn with_query(mut self, query: impl Into<String>) -> Self {
        self.query = Some(query.into());
        self
    }

    /// Adds a query parameter after `project_id`. It goes out as it is, so it must be encoded already.
    #[must_use]
    pub fn with_parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Offers one more subprotocol, after those offered before.
    #[must_use]
    pub fn with_subprotocol(mut self, name: impl Into<String>) -> Self {
        self.subprotocols.push(name.into());
        self
    }

    /// Offers no subprotocol, not even the encoding's own.
    #[must_use]
    pub fn without_subprotocols(mut self) -> Self {
        self.subprotocols.clear();
        self
    }

    /// Adds a header to the upgrade request.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// How long the client's methods wait; 10 s unless set.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Asks the kernel for a receive buffer of about this many bytes, so that a client that does not read is felt
    /// by the server soon. The kernel doubles the value and has a floor of about 2 KiB.
    #[must_use]
    pub fn with_receive_buffer(mut self, bytes: u32) -> Self {
        self.receive_buffer = Some(bytes);
        self
    }

    /// The URL to upgrade.
    pub fn url(&self) -> String {
        let path = match self.encoding.dialect() {
            Dialect::V1 => "/ws/collaboration",
            Dialect::V2 => "/ws/collaboration/v2",
        };
        let mut query = match &self.query {
            Some(query) => query.clone(),
            None => format!("project_id={}", self.project),
        };
        for (name, value) in &self.parameters {
            query.extend(["&", name, "=", value]);
        }
        format!("ws://{}{path}?{query}", self.address)
    }

    pub(super) fn request(&self) -> Result<Request, ClientError> {
        let invalid = |error: WsError| ClientError::Request(Box::new(error));
        let mut request = self.url().into_client_request().map_err(invalid)?;
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name.as_str()).map_err(|e| invalid(e.into()))?;
            let value = HeaderValue::try_from(value.as_str()).map_err(|e| invalid(e.into()))?;
            request.headers_mut().append(name, value);
        }
        if !self.subprotocols.is_empty() {
            let offer = HeaderValue::try_from(self.subprotocols.join(", ")).map_err(|e| invalid(e.into()))?;
            request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, offer);
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(encoding: Encoding) -> Endpoint {
        Endpoint::new(([127, 0, 0, 1], 3000).into(), -7, encoding)
    }

    #[test]
    fn the_encoding_decides_path_and_subprotocol() {
        let batch = endpoint(Encoding::JsonBatch).with_parameter("token", "abc");
        assert_eq!(batch.url(), "ws://127.0.0.1:3000/ws/collaboration/v2?project_id=-7&token=abc");
        let request = batch.with_subprotocol("extra").request().unwrap();
        assert_eq!(request.headers()[SEC_WEBSOCKET_PROTOCOL], "collab.v2.batch, extra");

        let v1 = endpoint(Encoding::V1);
        assert_eq!(v1.url(), "ws://127.0.0.1:3000/ws/collaboration?project_id=-7");
        assert!(!v1.request().unwrap().headers().contains_key(SEC_WEBSOCKET_PROTOCOL));
    }

    #[test]
    fn a_header_that_is_none_is_a_typed_error() {
        let endpoint = endpoint(Encoding::Json).with_header("origin", "line\nbreak");
        assert!(matches!(endpoint.request(), Err(ClientError::Request(_))));
    }
}
