//! The writing half: what the library answers, and pings.

use std::time::Duration;

use async_graphql::http::WsMessage;
use bytes::Bytes;
use collabd_core::faults;
use collabd_core::outbox::Frame;
use collabd_protocol::CloseCode;
use futures_util::StreamExt as _;
use futures_util::stream::{SplitSink, Stream};
use tokio::time::Interval;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use super::ending::Ending;
use crate::app::App;
use crate::socket::{Socket, frames, pings, write};

/// Writes to one client.
pub(super) struct Outbound<P> {
    protocol: P,
    pings: Interval,
    write_timeout: Duration,
    stopping: CancellationToken,
}

impl<P: Stream<Item = WsMessage> + Unpin> Outbound<P> {
    pub(super) fn new(app: &App, protocol: P) -> Self {
        let timing = &app.config().timing;
        Self {
            protocol,
            pings: pings(timing.heartbeat_interval),
            write_timeout: timing.write_timeout,
            stopping: app.stopping().clone(),
        }
    }

    /// Writes until there is a reason to close.
    pub(super) async fn run(&mut self, sink: &mut SplitSink<Socket, Message>) -> Ending {
        loop {
            let written = tokio::select! {
                biased;
                _ = self.pings.tick() => write(sink, [Message::Ping(Bytes::new())], self.write_timeout).await,
                message = self.protocol.next() => match message {
                    // A subscription that ends because the server does must not look completed to its client.
                    _ if self.stopping.is_cancelled() => return CloseCode::GoingAway.into(),
                    Some(WsMessage::Text(text)) => {
                        faults::strike("graphql_writer");
                        let payload = Bytes::from(text);
                        write(sink, frames::of(&Frame::Text(payload)), self.write_timeout).await
                    }
                    Some(WsMessage::Close(code, reason)) => return Ending::Protocol { code, reason },
                    None => return CloseCode::Normal.into(),
                },
            };
            if let Err(end) = written {
                return end.into();
            }
        }
    }
}
