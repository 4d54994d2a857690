//! One WebSocket, in one task: a reading half, a writing half and a timer for silence, whichever ends first ends
//! the connection. The only thing either half ever waits for is its own client, and its project, bounded.

mod catch_up;
mod end;
mod farewell;
mod frames;
mod inbound;
mod outbound;
mod pace;
mod participant;
mod refusals;
mod silence;
mod upgrade;

use collabd_core::outbox;
use collabd_protocol::{Encoding, ProjectId};
use futures_util::StreamExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tracing::debug;

pub(crate) use upgrade::{UpgradeError, v1, v2};

use crate::app::App;
use crate::permits::ConnectionPermit;
use catch_up::CatchUps;
use inbound::Inbound;
use outbound::Outbound;
use participant::Participant;
use silence::Silence;

/// A WebSocket after its handshake.
pub(crate) type Socket = WebSocketStream<TcpStream>;

/// Everything about one connection that does not change.
pub(crate) struct Connection {
    pub(crate) app: App,
    pub(crate) project: ProjectId,
    pub(crate) encoding: Encoding,
    /// Given back when the connection ends, whichever way it does.
    pub(crate) permit: ConnectionPermit,
}

impl Connection {
    /// Serves the socket to its end.
    pub(crate) async fn serve(self, socket: Socket) {
        let (outbox, mut reader) = outbox::outbox(self.app.limits().outbox);
        let (mut sink, mut stream) = socket.split();
        let mut participant = Participant::new(&self.app, self.project, self.encoding, outbox.clone());
        let end = {
            let silence = Silence::new(self.app.awake());
            let catch_ups = CatchUps::default();
            let mut inbound = Inbound::new(&self, &silence, &catch_ups, &mut participant, outbox);
            let mut outbound = Outbound::new(&self.app, &catch_ups, &mut reader);
            tokio::select! {
                end = inbound.run(&mut stream) => end,
                end = outbound.run(&mut sink) => end,
                end = silence.limit(self.app.config().timing.silence_timeout) => end,
            }
        };
        debug!(project = %self.project, reason = end.departure().name(), "connection ends");
        participant.leave(end.departure());
        self.app.metrics().connection_closed(end.label());
        let Ok(socket) = sink.reunite(stream) else { return };
        let deadline = Instant::now() + self.app.config().timing.close_timeout;
        farewell::farewell(socket, &end, self.encoding, deadline).await;
        drop(self.permit);
    }
}
