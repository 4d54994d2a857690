//! What the store knows of somebody in a project.

use collabd_protocol::{ProjectId, Role, UserId};
use jiff::Timestamp;

use super::FIND;
use crate::store::backend::run;
use crate::store::error::damaged;
use crate::store::{Limit, Store, StoreError, time};

/// What owners have decided about somebody in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: what a token grants counts.
    Unlisted,
    /// Not to be let in, whatever a token grants.
    Removed,
    /// To be let in, in this role.
    Member(Role),
}

impl Standing {
    /// The role that follows, where a token grants `granted`.
    pub fn role(self, granted: Option<Role>) -> Option<Role> {
        match self {
            Self::Unlisted => granted,
            Self::Removed => None,
            Self::Member(role) => Some(role),
        }
    }
}

/// Somebody who is in a project by an owner's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// What for.
    pub role: Role,
    /// When that was decided, to the millisecond.
    pub changed_at: Timestamp,
    /// By whom; by the member itself where an invitation was accepted.
    pub changed_by: UserId,
}

/// A row that [`FIND`] returns.
pub(super) type Row = (Option<String>, i64);

#[derive(sqlx::FromRow)]
struct MemberRow {
    user_id: String,
    role: String,
    changed_at: i64,
    changed_by: String,
}

impl TryFrom<MemberRow> for Member {
    type Error = StoreError;

    fn try_from(row: MemberRow) -> Result<Self, StoreError> {
        Ok(Self {
            user_id: user("user_id", row.user_id)?,
            role: role(&row.role)?,
            changed_at: time::read("changed_at", row.changed_at)?,
            changed_by: user("changed_by", row.changed_by)?,
        })
    }
}

impl Store {
    /// What is known of `user` in `project`. A project that does not exist is answered like one that knows nothing of
    /// the user, after the same look at the same table (A9).
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn standing(&self, project: ProjectId, user: &UserId) -> Result<Standing, StoreError> {
        let found: Option<Row> = run!(self.backend.reader(), pool => {
            sqlx::query_as(FIND).bind(project.get()).bind(user.as_str()).fetch_optional(pool)
        })?;
        standing(found.as_ref())
    }

    /// Members of `project` in the order of their ids, by byte: those after `after`, or from the first one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn members(
        &self,
        project: ProjectId,
        after: Option<&UserId>,
        limit: Limit,
    ) -> Result<Vec<Member>, StoreError> {
        let rows: Vec<MemberRow> = run!(self.backend.reader(), pool => {
            sqlx::query_as(
                "SELECT user_id, role, changed_at, changed_by FROM members
                 WHERE project_id = $1 AND user_id > $2 AND role IS NOT NULL ORDER BY user_id LIMIT $3",
            )
            .bind(project.get())
            .bind(after.map_or("", UserId::as_str))
            .bind(limit.rows())
            .fetch_all(pool)
        })?;
        rows.into_iter().map(Member::try_from).collect()
    }
}

pub(super) fn standing(found: Option<&Row>) -> Result<Standing, StoreError> {
    Ok(match found {
        None => Standing::Unlisted,
        Some((None, _)) => Standing::Removed,
        Some((Some(name), _)) => Standing::Member(role(name)?),
    })
}

pub(super) fn role(name: &str) -> Result<Role, StoreError> {
    name.parse().map_err(|source| damaged("role", source))
}

pub(super) fn user(column: &'static str, id: String) -> Result<UserId, StoreError> {
    UserId::new(id).map_err(|source| damaged(column, source))
}
