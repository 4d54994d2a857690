//! What a room wants others to know, before anyone thinks of encodings.

use collabd_protocol::presence::{DocumentActivity, Presence};
use collabd_protocol::server::CursorMoved;
use collabd_protocol::{DepartureReason, DocumentId, SessionId, WireError};
use jiff::Timestamp;

/// One event and who must hear it.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Who.
    pub audience: Audience,
    /// What.
    pub event: Event,
}

impl Delivery {
    pub(super) fn to_session(session: SessionId, event: Event) -> Self {
        Self { audience: Audience::Session(session), event }
    }
}

/// Who must hear an event, as the room stands right after the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// One session.
    Session(SessionId),
    /// Every session of the project.
    Project,
    /// Every session of the project but one.
    ProjectExcept(SessionId),
    /// Every session in a document.
    Document(DocumentId),
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Everybody in the project, for a session that has just joined or asked again.
    Snapshot {
        /// The receiver.
        session: SessionId,
        /// All users.
        presence: Vec<Presence>,
        /// The server's clock.
        at: Timestamp,
    },
    /// A user's first session began.
    UserJoined(Presence),
    /// A user's visible shape changed.
    UserUpdated(Presence),
    /// A user's last session ended.
    UserLeft {
        /// The user as last seen, offline.
        presence: Presence,
        /// Why.
        reason: DepartureReason,
    },
    /// A document's list of users changed.
    Activity(DocumentActivity),
    /// Cursors moved in a document. May be replaced by a newer one on the way.
    Cursors(CursorFlush),
    /// A command of the receiver's was refused.
    Refused(WireError),
}

/// The newest cursor of every session that moved in one document since the last flush.
#[derive(Debug, Clone, PartialEq)]
pub struct CursorFlush {
    /// The document.
    pub document: DocumentId,
    /// Its number in the project, as long as somebody is in it.
    pub number: u64,
    /// The cursors.
    pub moves: Vec<Move>,
    /// The same for v1 receivers, when the audience has any: presence is all they draw cursors from.
    pub v1: Option<V1Flush>,
}

/// One cursor of a flush.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The cursor.
    pub cursor: CursorMoved,
    /// Was every receiver told of an earlier cursor of this session in this document?
    pub is_introduced: bool,
}

/// A flush as v1 receivers need it.
#[derive(Debug, Clone, PartialEq)]
pub struct V1Flush {
    /// Every user whose cursor moved, with the session that moved it.
    pub presence: Vec<(SessionId, Presence)>,
    /// Everybody in the document.
    pub activity: DocumentActivity,
}
