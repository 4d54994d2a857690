//! Invitations to projects.

use async_graphql::{ID, SimpleObject};

use super::{DateTime, Role};
use crate::store;

/// An invitation that was just made. Its code is shown this once.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct NewInvitation {
    /// Names it among the project's invitations; it lets nobody in.
    pub(in crate::graphql) id: ID,
    /// What `acceptInvitation` takes, once: whoever has it becomes a member.
    pub(in crate::graphql) code: String,
    /// Until when.
    pub(in crate::graphql) expires_at: DateTime,
}

/// An invitation that waits to be accepted.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Invitation {
    /// Names it among the project's invitations.
    id: ID,
    /// What whoever accepts it may do.
    role: Role,
    /// Which owner made it.
    made_by: ID,
    /// When it was made.
    created_at: DateTime,
    /// Until when it can be accepted.
    expires_at: DateTime,
}

impl From<store::Invitation> for Invitation {
    fn from(invitation: store::Invitation) -> Self {
        Self {
            id: invitation.fingerprint.into(),
            role: invitation.role.into(),
            made_by: invitation.made_by.as_str().into(),
            created_at: invitation.created_at.into(),
            expires_at: invitation.expires_at.into(),
        }
    }
}
