//! One session in the room.

use collabd_protocol::codec::Dialect;
use collabd_protocol::{DepartureReason, DocumentId, Status, UserId};
use tokio::time::Instant;

/// What the room keeps of a session.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) user_id: UserId,
    pub(super) dialect: Dialect,
    pub(super) status: Status,
    /// In order of entry, the oldest first.
    pub(super) documents: Vec<DocumentId>,
    /// Set once the connection is lost: the session is only kept for its user to return.
    pub(super) lease: Option<Lease>,
}

/// The grace period of a lost session (P3).
#[derive(Debug, Clone, Copy)]
pub(super) struct Lease {
    pub(super) until: Instant,
    /// Why the connection was lost, told when the lease ends.
    pub(super) reason: DepartureReason,
}

impl Member {
    pub(super) fn new(user_id: UserId, dialect: Dialect) -> Self {
        Self { user_id, dialect, status: Status::Active, documents: Vec::new(), lease: None }
    }
}
