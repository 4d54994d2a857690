//! Members of projects.

use async_graphql::{ID, SimpleObject};

use super::{DateTime, Role};
use crate::store;

/// Somebody who is in a project by an owner's decision or by an invitation. Others may be there by what their tokens
/// grant.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Member {
    /// Who.
    user_id: ID,
    /// What the member may do, whatever a token says.
    role: Role,
    /// When that was decided.
    changed_at: DateTime,
    /// Who decided it: an owner, or the member itself by accepting an invitation.
    changed_by: ID,
}

impl From<store::Member> for Member {
    fn from(member: store::Member) -> Self {
        Self {
            user_id: member.user_id.as_str().into(),
            role: member.role.into(),
            changed_at: member.changed_at.into(),
            changed_by: member.changed_by.as_str().into(),
        }
    }
}
