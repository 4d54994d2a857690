//! From an endpoint to an open connection.

use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::client_async_with_config;
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::inbox::Inbox;
use super::{Client, ClientError, Endpoint, Refusal};

/// tungstenite fills this buffer with zeros at each read; most frames are far smaller.
const READ_BUFFER: usize = 4 * 1024;

pub(super) async fn connect(endpoint: &Endpoint) -> Result<Client, ClientError> {
    timeout(endpoint.patience, upgrade(endpoint))
        .await
        .unwrap_or_else(|_| Err(ClientError::timed_out(endpoint.patience)))
}

async fn upgrade(endpoint: &Endpoint) -> Result<Client, ClientError> {
    let request = endpoint.request()?;
    let stream = dial(endpoint).await.map_err(ClientError::Connect)?;
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
    let (socket, response) =
        client_async_with_config(request, stream, Some(config)).await.map_err(|error| match error {
            WsError::Http(response) => {
                let (parts, body) = response.into_parts();
                ClientError::Refused(Box::new(Refusal {
                    status: parts.status,
                    headers: parts.headers,
                    body: body.unwrap_or_default().into(),
                }))
            }
            other => other.into(),
        })?;
    let subprotocol = response.headers().get(SEC_WEBSOCKET_PROTOCOL);
    Ok(Client {
        socket,
        inbox: Inbox::new(endpoint.encoding),
        patience: endpoint.patience,
        subprotocol: subprotocol.and_then(|name| Some(name.to_str().ok()?.to_owned())),
    })
}

async fn dial(endpoint: &Endpoint) -> std::io::Result<TcpStream> {
    let socket = if endpoint.address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // The window is announced in the handshake, so the size must be set before it.
    if let Some(bytes) = endpoint.receive_buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    socket.set_nodelay(true)?;
    socket.connect(endpoint.address).await
}
