//! Changing what somebody may do, up to nothing.

use collabd_protocol::{LimitName, ProjectId, Role, UserId};

use super::{COUNT, FIND, LOCK, MAX_MEMBERS, MAX_ROWS, SET};
use crate::store::backend::{Begin as _, run};
use crate::store::bounds::full_project;
use crate::store::{Entity, Store, StoreError, time};

/// Are there other owners?
const OTHER_OWNERS: &str =
    "SELECT count(*) FROM members WHERE project_id = $1 AND user_id <> $2 AND role = 'owner'";

/// The newest invitation, so that what is decided now is surely later.
const NEWEST_INVITATION: &str = "SELECT COALESCE(max(created_at), 0) FROM invitations WHERE project_id = $1";

/// Who is no owner any more has invited nobody.
const WITHDRAW: &str = "DELETE FROM invitations WHERE project_id = $1 AND made_by = $2";

/// An owner's decision about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChange {
    /// In which project.
    pub project: ProjectId,
    /// About whom.
    pub user: UserId,
    /// The role from now on; `None` to remove.
    pub role: Option<Role>,
    /// Whose decision it is.
    pub by: UserId,
}

/// What became of it.
enum Outcome {
    Changed,
    NoProject,
    LastOwner,
    Full(LimitName, i64),
}

impl Store {
    /// Makes `change`. Invitations of somebody who is no owner after it are withdrawn.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the project, [`StoreError::LastOwner`] when no owner would be left among its members,
    /// [`StoreError::Invalid`] when it has as many members as it may have; [`StoreError::Unavailable`].
    pub async fn change_role(&self, change: &RoleChange) -> Result<(), StoreError> {
        let (project, user) = (change.project.get(), change.user.as_str());
        let role = change.role.map(Role::name);
        let is_owner = change.role == Some(Role::Owner);
        let outcome = run!(self.backend.writer(), pool => async {
            let mut transaction = pool.begin_writing().await?;
            if sqlx::query(LOCK).bind(project).execute(&mut *transaction).await?.rows_affected() == 0 {
                return Ok(Outcome::NoProject);
            }
            let find = sqlx::query_as(FIND).bind(project).bind(user);
            let found: Option<(Option<String>, i64)> = find.fetch_optional(&mut *transaction).await?;
            let before = found.as_ref().and_then(|(role, _)| role.as_deref());
            if before == Some(Role::Owner.name()) && !is_owner {
                let others = sqlx::query_scalar(OTHER_OWNERS).bind(project).bind(user);
                let others: i64 = others.fetch_one(&mut *transaction).await?;
                if others == 0 {
                    return Ok(Outcome::LastOwner);
                }
            }
            let (members, rows): (i64, i64) =
                sqlx::query_as(COUNT).bind(project).fetch_one(&mut *transaction).await?;
            if before.is_none() && role.is_some() && members >= MAX_MEMBERS {
                return Ok(Outcome::Full(LimitName::ProjectRoles, MAX_MEMBERS));
            }
            if found.is_none() && rows >= MAX_ROWS {
                return Ok(Outcome::Full(LimitName::ProjectRolesEver, MAX_ROWS));
            }
            let newest: i64 =
                sqlx::query_scalar(NEWEST_INVITATION).bind(project).fetch_one(&mut *transaction).await?;
            let set = sqlx::query(SET).bind(project).bind(user).bind(role).bind(time::now().max(newest));
            set.bind(change.by.as_str()).execute(&mut *transaction).await?;
            if !is_owner {
                sqlx::query(WITHDRAW).bind(project).bind(user).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(Outcome::Changed)
        })?;
        match outcome {
            Outcome::Changed => Ok(()),
            Outcome::NoProject => Err(StoreError::NotFound(Entity::Project(change.project))),
            Outcome::LastOwner => Err(StoreError::LastOwner(change.project)),
            Outcome::Full(name, limit) => Err(full_project(name, limit)),
        }
    }
}
