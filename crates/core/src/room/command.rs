//! What can happen to a room.

use collabd_protocol::client::CursorUpdate;
use collabd_protocol::codec::Dialect;
use collabd_protocol::{
    AvatarColor, DepartureReason, DocumentId, DocumentType, SessionId, Status, UserId, UserName,
};

/// Who a user is, as shown to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Whose session.
    pub user_id: UserId,
    /// The name to show.
    pub user_name: UserName,
    /// The colour to show.
    pub avatar_color: AvatarColor,
    /// Is this a program rather than a person?
    pub is_agent: bool,
}

/// A session that begins.
#[derive(Debug, Clone)]
pub struct Join {
    /// Its id, never used before.
    pub session: SessionId,
    /// Its user.
    pub profile: Profile,
    /// The messages it understands.
    pub dialect: Dialect,
    /// The document to enter at once, with its kind if the client named one.
    pub document: Option<(DocumentId, Option<DocumentType>)>,
}

/// One thing that happens to a room, in one turn.
#[derive(Debug, Clone)]
pub enum Command {
    /// A session begins.
    Join(Join),
    /// A session wants the snapshot again.
    Resync {
        /// Which.
        session: SessionId,
    },
    /// A session enters one document and leaves all others.
    Switch {
        /// Which.
        session: SessionId,
        /// The document.
        document: DocumentId,
        /// Its kind.
        document_type: DocumentType,
    },
    /// A session's cursor moves.
    Move {
        /// Which.
        session: SessionId,
        /// Where to; validated by the codec.
        update: CursorUpdate,
    },
    /// A session's status changes.
    SetStatus {
        /// Which.
        session: SessionId,
        /// The new status.
        status: Status,
    },
    /// A session that dropped cursor moves wants the document's current cursors.
    CatchUp {
        /// Which.
        session: SessionId,
        /// The document.
        document: DocumentId,
    },
    /// A session ends.
    Depart {
        /// Which.
        session: SessionId,
        /// Why; decides whether it is kept for the grace period.
        reason: DepartureReason,
    },
    /// A deadline of [`Room::next_deadline`](super::Room::next_deadline) has come.
    Tick,
}

impl Command {
    /// What it is called in logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Join(_) => "join",
            Self::Resync { .. } => "resync",
            Self::Switch { .. } => "switch",
            Self::Move { .. } => "move",
            Self::SetStatus { .. } => "set_status",
            Self::CatchUp { .. } => "catch_up",
            Self::Depart { .. } => "departure",
            Self::Tick => "tick",
        }
    }
}
