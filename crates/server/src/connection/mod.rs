//! One collaboration socket, in one task: a reading half, a writing half, a timer for silence and a watch over its rights;
//! whichever ends first ends the connection. The only thing either half ever waits for is its own client, and its project,
//! bounded.

mod credentials;
mod endpoint;
mod inbound;
mod participant;
mod pending;
mod refusals;

use std::pin::pin;
use std::sync::Arc;

use collabd_protocol::codec::Dialect;
use collabd_protocol::{Encoding, ProjectId};
use futures_util::StreamExt as _;
use tokio::time::Instant;
use tracing::debug;

#[cfg(any(test, fuzzing))]
pub(crate) use endpoint::{is_offer_taken, project_in};
pub(crate) use endpoint::{v1, v2, wrong_method};

use crate::admission::ConnectionPermit;
use crate::app::App;
use crate::documents::Channels;
use crate::live::Rights;
use crate::socket::{End, Feedback, Outbound, Silence, Socket, after_last_answers, contained, farewell};
use inbound::Inbound;
use participant::{Participant, tell_role};

/// Everything about one connection that does not change.
struct Connection {
    app: App,
    project: ProjectId,
    encoding: Encoding,
    /// Do binary frames carry documents?
    carries_documents: bool,
    /// What the client may do, as far as the upgrade request has proved anything.
    rights: Arc<Rights>,
    /// Given back when the connection ends, whichever way it does.
    permit: ConnectionPermit,
}

impl Connection {
    /// Serves the socket to its end.
    #[expect(clippy::manual_async_fn, reason = "which would have room for its arguments twice")]
    fn serve(self, socket: Socket) -> impl Future<Output = ()> {
        async move {
            self.rights.live().comes_from(self.permit.client().address());
            let (outbox, mut reader) = self.app.outboxes().open(self.app.limits().outbox);
            let document_sign = socket.get_ref().document_sign();
            let (mut sink, mut stream) = socket.split();
            let mut participant = Participant::new(&self, outbox.clone());
            let silence = Silence::new(self.app.awake());
            let feedback = Feedback::default();
            let mut outbound = Outbound::new(&self.app, &feedback, &mut reader);
            let end = {
                let documents = self
                    .carries_documents
                    .then(|| {
                        Channels::new(&self.app, self.project, outbox.clone(), &self.permit, document_sign)
                    })
                    .map(Box::new);
                let mut inbound =
                    Inbound::new(&self, &silence, &feedback, &mut participant, outbox.clone(), documents);
                let mut writing = pin!(outbound.run(&mut sink));
                let halves = async {
                    tokio::select! {
                        end = &mut writing => end,
                        end = inbound.run(&mut stream) => after_last_answers(end, &outbox, writing).await,
                        end = silence.limit(self.app.config().timing.silence_timeout) => {
                            after_last_answers(end, &outbox, writing).await
                        }
                        code = self.rights.watch(|role| tell_role(&outbox, self.encoding, role)) => {
                            after_last_answers(code.into(), &outbox, writing).await
                        }
                    }
                };
                let end = contained(&self.app, halves).await.unwrap_or_else(End::from);
                inbound.end_documents(end.departure());
                end
            };
            let may_have_notice = !outbound.is_amid_message() && self.encoding.dialect() == Dialect::V2;
            let notice = may_have_notice.then_some(self.encoding);
            debug!(project = %self.project, reason = end.departure().name(), "connection ends");
            participant.leave(end.departure(), end.close());
            self.app.metrics().connection_closed(end.label());
            let Ok(socket) = sink.reunite(stream) else { return };
            let deadline = Instant::now() + self.app.config().timing.close_timeout;
            farewell::farewell(socket, &end, notice, deadline).await;
            drop(self.permit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_answer<A, B, F>(_: impl FnOnce(A, B) -> F) -> usize {
        size_of::<F>()
    }

    /// Ten thousand idle sockets are ten thousand of these: what is rare and large belongs on the heap.
    #[test]
    fn a_connection_has_no_room_for_what_is_rare() {
        assert!(size_of_answer(Connection::serve) <= 3840);
    }
}
