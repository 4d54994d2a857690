//! Which message each dialect has for an event.

use collabd_protocol::codec::{self, Batch, BatchBuilder, Dialect, Encoding, Frame};
use collabd_protocol::v1::V1Message;
use collabd_protocol::{ProjectId, ServerMessage};

use crate::room::{CursorFlush, Event, Move};

/// Turns events of one project into frames.
#[derive(Debug)]
pub(super) struct Renderer {
    project: ProjectId,
}

impl Renderer {
    pub(super) fn new(project: ProjectId) -> Self {
        Self { project }
    }

    /// The event as one frame; `None` when the dialect has no message for it.
    pub(super) fn event(&self, event: &Event, encoding: Encoding) -> Option<Frame> {
        match encoding.dialect() {
            Dialect::V1 => v1(event).map(|message| codec::encode_v1(&message)),
            Dialect::V2 => self.v2(event).map(|message| codec::encode(&message, encoding)),
        }
    }

    fn v2(&self, event: &Event) -> Option<ServerMessage> {
        Some(match event {
            Event::Snapshot { session, presence, at } => ServerMessage::BulkPresence {
                data: presence.clone(),
                project_id: self.project,
                session_id: *session,
                server_time: *at,
            },
            Event::UserJoined(user) => ServerMessage::UserJoined { user: user.clone() },
            Event::UserUpdated(user) => ServerMessage::UserUpdated { user: user.clone() },
            Event::UserLeft { presence, reason } => {
                ServerMessage::UserLeft { user_id: presence.user_id.clone(), reason: *reason }
            }
            Event::Activity(activity) => ServerMessage::DocumentActivity { data: activity.clone() },
            Event::Refused(error) => ServerMessage::Error(error.clone()),
            Event::Cursors(_) => return None,
        })
    }

    /// The moves as one batch. A v1 receiver gets the movers' presence and the document's list instead, since it
    /// draws cursors from presence alone.
    pub(super) fn cursors(flush: &CursorFlush, encoding: Encoding) -> Batch {
        let mut batch = BatchBuilder::new(encoding);
        match encoding.dialect() {
            Dialect::V2 => {
                for Move { cursor, is_introduced } in &flush.moves {
                    batch.push_move(cursor, flush.number, *is_introduced);
                }
            }
            Dialect::V1 => {
                if let Some(v1) = &flush.v1 {
                    for (session, presence) in &v1.presence {
                        batch.push_v1(Some(*session), &V1Message::UserPresence { data: presence.clone() });
                    }
                    batch.push_v1(None, &V1Message::DocumentActivity { data: v1.activity.clone() });
                }
            }
        }
        batch.build()
    }
}

fn v1(event: &Event) -> Option<V1Message> {
    Some(match event {
        Event::Snapshot { presence, .. } => V1Message::BulkPresence { data: presence.clone() },
        Event::UserJoined(user) | Event::UserUpdated(user) | Event::UserLeft { presence: user, .. } => {
            V1Message::UserPresence { data: user.clone() }
        }
        Event::Activity(activity) => V1Message::DocumentActivity { data: activity.clone() },
        Event::Refused(error) => V1Message::Error { message: error.message.clone() },
        Event::Cursors(_) => return None,
    })
}
