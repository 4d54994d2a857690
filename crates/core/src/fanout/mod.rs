//! From a room's deliveries to its members' outboxes: each event is encoded once per encoding and the bytes are shared by
//! every receiver. Nothing here waits.

mod render;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use collabd_protocol::codec::{Batch, Encoding, Frame};
use collabd_protocol::{CloseCode, ProjectId, SessionId};

use crate::metrics::Metrics;
use crate::outbox::{Conflation, Goodbye, Outbox, Overflow};
use crate::room::{Audience, CursorFlush, Delivery, Event, Room};
use crate::sessions::SessionMap;
use render::Renderer;

/// The members' outboxes of one project.
#[derive(Debug)]
pub struct Fanout {
    renderer: Renderer,
    metrics: Metrics,
    subscribers: SessionMap<Subscriber>,
    /// Messages put into outboxes so far.
    delivered: u64,
}

/// One member's way out. Dropped with a panicking actor, it tells the connection to rejoin (4004); the count of
/// sessions is right either way, since it ends here and nowhere else.
#[derive(Debug)]
struct Subscriber {
    outbox: Option<Outbox>,
    /// `None`: hears nothing but when to close.
    encoding: Option<Encoding>,
    metrics: Metrics,
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.metrics.session_ended();
        if let Some(outbox) = &self.outbox {
            outbox.close(CloseCode::ProjectRestarted.into());
        }
    }
}

impl Fanout {
    /// Nobody's outbox yet.
    pub fn new(project: ProjectId, metrics: Metrics) -> Self {
        Self { renderer: Renderer::new(project), metrics, subscribers: SessionMap::default(), delivered: 0 }
    }

    /// Delivers to a member from now on; without an encoding, only when to close.
    pub fn subscribe(&mut self, session: SessionId, outbox: Outbox, encoding: Option<Encoding>) {
        self.metrics.session_began();
        let subscriber = Subscriber { outbox: Some(outbox), encoding, metrics: self.metrics.clone() };
        self.subscribers.insert(session, subscriber);
    }

    /// Forgets a member; its connection may live on and join again.
    pub(crate) fn unsubscribe(&mut self, session: SessionId) -> bool {
        match self.subscribers.swap_remove(&session) {
            Some(mut subscriber) => {
                subscriber.outbox = None;
                true
            }
            None => false,
        }
    }

    /// Asks one member's connection to close.
    pub(crate) fn close(&self, session: SessionId, goodbye: Goodbye) {
        if let Some(outbox) = self.subscribers.get(&session).and_then(|s| s.outbox.as_ref()) {
            outbox.close(goodbye);
        }
    }

    pub(crate) fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.subscribers.keys().copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.subscribers.len()
    }

    /// Messages put into outboxes so far.
    pub(crate) fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Puts every delivery into the outboxes of its audience. Returns the members whose outbox overflowed: they
    /// are forgotten already and have to depart from the room (B2).
    pub fn deliver(&mut self, room: &Room, deliveries: Vec<Delivery>) -> Vec<SessionId> {
        let mut overflowed = Vec::new();
        for Delivery { audience, event } in deliveries {
            let count = match event {
                Event::Cursors(flush) => self.deliver_cursors(room, &audience, &flush),
                event => self.deliver_event(room, &audience, &event, &mut overflowed),
            };
            self.metrics.delivered(count);
            self.delivered += count as u64;
        }
        for session in &overflowed {
            self.unsubscribe(*session);
            self.metrics.slow_consumer_evicted();
        }
        overflowed
    }

    fn deliver_event(
        &self,
        room: &Room,
        audience: &Audience,
        event: &Event,
        overflowed: &mut Vec<SessionId>,
    ) -> usize {
        let mut frames: [Option<Option<Frame>>; Encoding::ALL.len()] = Default::default();
        let mut count = 0;
        self.each_of(room, audience, |session, encoding, outbox| {
            let encoding = encoding.of_one_message();
            let frame = frames[encoding.index()].get_or_insert_with(|| self.renderer.event(event, encoding));
            if let Some(frame) = frame {
                count += 1;
                let pushed = match event {
                    Event::Activity(activity) => outbox.push_list(&activity.document_id, frame.clone()),
                    _ => outbox.push(frame.clone()),
                };
                if pushed == Err(Overflow) {
                    overflowed.push(session);
                }
            }
        });
        count
    }

    fn deliver_cursors(&self, room: &Room, audience: &Audience, flush: &CursorFlush) -> usize {
        let mut batches: [Option<Arc<Batch>>; Encoding::ALL.len()] = Default::default();
        let mut count = 0;
        self.each_of(room, audience, |session, encoding, outbox| {
            let batch =
                batches[encoding.index()].get_or_insert_with(|| Arc::new(Renderer::cursors(flush, encoding)));
            match outbox.push_cursors(&flush.document, session, Arc::clone(batch)) {
                Conflation::Queued => count += flush.moves.len(),
                Conflation::FellBehind => self.metrics.receiver_lagged(),
                Conflation::Skipped => {}
            }
        });
        count
    }

    fn each_of(&self, room: &Room, audience: &Audience, mut visit: impl FnMut(SessionId, Encoding, &Outbox)) {
        let mut visit_one = |session: SessionId| {
            if let Some(subscriber) = self.subscribers.get(&session)
                && let (Some(outbox), Some(encoding)) = (&subscriber.outbox, subscriber.encoding)
            {
                visit(session, encoding, outbox);
            }
        };
        match audience {
            Audience::Session(session) => visit_one(*session),
            Audience::Project => self.sessions().for_each(visit_one),
            Audience::ProjectExcept(except) => self.sessions().filter(|s| s != except).for_each(visit_one),
            Audience::Document(document) => room.sessions_in(document).for_each(visit_one),
        }
    }
}
