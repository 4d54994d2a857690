//! Invitations: made by an owner, accepted once by whoever is given the code.

use collabd_protocol::{LimitName, ProjectId, Role, UserId};
use futures_util::TryFutureExt as _;
use jiff::Timestamp;

use super::lookup::{self, Row};
use super::{COUNT, FIND, LOCK, MAX_MEMBERS, SET};
use crate::store::backend::{Begin as _, run, written};
use crate::store::bounds::full_project;
use crate::store::{Entity, Store, StoreError, time};

/// Invitations of one project that wait to be accepted.
const MAX_INVITATIONS: i64 = 100;

const EXPIRED: &str = "DELETE FROM invitations WHERE project_id = $1 AND expires_at <= $2";
const WAITING: &str = "SELECT count(*) FROM invitations WHERE project_id = $1";

/// The newest decision about somebody, so that an invitation made now is surely later.
const NEWEST_DECISION: &str = "SELECT COALESCE(max(changed_at), 0) FROM members WHERE project_id = $1";

const ADD: &str = "INSERT INTO invitations (fingerprint, project_id, role, made_by, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const PROJECT_OF: &str = "SELECT project_id FROM invitations WHERE fingerprint = $1";
const OPEN: &str = "SELECT role, created_at FROM invitations WHERE fingerprint = $1 AND expires_at > $2";
const USE_UP: &str = "DELETE FROM invitations WHERE fingerprint = $1";

/// An invitation to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// The code's SHA-256 in hexadecimal digits; the code itself is not kept.
    pub fingerprint: String,
    /// To which project.
    pub project: ProjectId,
    /// In which role.
    pub role: Role,
    /// Which owner makes it.
    pub made_by: UserId,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// An invitation that waits to be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The code's SHA-256 in hexadecimal digits.
    pub fingerprint: String,
    /// In which role.
    pub role: Role,
    /// Which owner made it.
    pub made_by: UserId,
    /// When, to the millisecond.
    pub created_at: Timestamp,
    /// Until when, to the millisecond.
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    fingerprint: String,
    role: String,
    made_by: String,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self, StoreError> {
        Ok(Self {
            role: lookup::role(&row.role)?,
            made_by: lookup::user("made_by", row.made_by)?,
            created_at: time::read("created_at", row.created_at)?,
            expires_at: time::read("expires_at", row.expires_at)?,
            fingerprint: row.fingerprint,
        })
    }
}

/// What became of an acceptance, each with what is needed to answer it.
enum Acceptance {
    /// The invitation was used up.
    Accepted(ProjectId),
    /// Who accepts may do as much already; the invitation waits on.
    Needless(ProjectId),
    /// It was never made, has expired, was used, was withdrawn, or an owner has decided about the user since.
    Void,
    Full,
    /// The database holds something else than was written.
    Damaged(StoreError),
}

impl Store {
    /// Adds an invitation; those of the project that have expired are forgotten.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the project, [`StoreError::Invalid`] when as many wait as may;
    /// [`StoreError::Unavailable`].
    pub async fn create_invitation(&self, new: &NewInvitation) -> Result<(), StoreError> {
        let (project, now) = (new.project.get(), time::now());
        let is_made = run!(self.backend.writer(), pool => async {
            let mut transaction = pool.begin_writing().await?;
            if sqlx::query(LOCK).bind(project).execute(&mut *transaction).await?.rows_affected() == 0 {
                return Ok(None);
            }
            sqlx::query(EXPIRED).bind(project).bind(now).execute(&mut *transaction).await?;
            let waiting: i64 = sqlx::query_scalar(WAITING).bind(project).fetch_one(&mut *transaction).await?;
            if waiting >= MAX_INVITATIONS {
                return Ok(Some(false));
            }
            let newest: i64 =
                sqlx::query_scalar(NEWEST_DECISION).bind(project).fetch_one(&mut *transaction).await?;
            let add = sqlx::query(ADD).bind(&new.fingerprint).bind(project).bind(new.role.name());
            let add = add.bind(new.made_by.as_str()).bind(now.max(newest + 1));
            add.bind(new.expires_at.as_millisecond()).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(Some(true))
        })?;
        match is_made {
            Some(true) => Ok(()),
            Some(false) => Err(full_project(LimitName::ProjectInvitations, MAX_INVITATIONS)),
            None => Err(StoreError::NotFound(Entity::Project(new.project))),
        }
    }

    /// The invitations of `project` that can still be accepted, the oldest first; never more than a hundred.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn invitations(&self, project: ProjectId) -> Result<Vec<Invitation>, StoreError> {
        let rows: Vec<InvitationRow> = run!(self.backend.reader(), pool => {
            sqlx::query_as(
                "SELECT fingerprint, role, made_by, created_at, expires_at FROM invitations
                 WHERE project_id = $1 AND expires_at > $2 ORDER BY created_at, fingerprint",
            )
            .bind(project.get())
            .bind(time::now())
            .fetch_all(pool)
        })?;
        rows.into_iter().map(Invitation::try_from).collect()
    }

    /// Makes `user` a member of the project that the invitation is for, and uses it up. Where the user may do as much
    /// already, by the store or by what a token grants, nothing changes. An invitation undoes no decision about the user
    /// that is newer than itself.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for an invitation that cannot be accepted, whatever the reason,
    /// [`StoreError::Invalid`] when the project has as many members as it may have; [`StoreError::Unavailable`].
    pub async fn accept_invitation(
        &self,
        fingerprint: &str,
        user: &UserId,
        granted: impl Fn(ProjectId) -> Option<Role> + Sync,
    ) -> Result<ProjectId, StoreError> {
        let granted = &granted;
        let acceptance = run!(self.backend.writer(), pool => async {
            let mut transaction = pool.begin_writing().await?;
            let project: Option<i32> =
                sqlx::query_scalar(PROJECT_OF).bind(fingerprint).fetch_optional(&mut *transaction).await?;
            let Some(project) = project.and_then(|id| ProjectId::new(id).ok()) else {
                return Ok(Acceptance::Void);
            };
            // Locked before the invitation is looked at, in the order of everybody else.
            sqlx::query(LOCK).bind(project.get()).execute(&mut *transaction).await?;
            let now = time::now();
            let open = sqlx::query_as(OPEN).bind(fingerprint).bind(now);
            let open: Option<(String, i64)> = open.fetch_optional(&mut *transaction).await?;
            let find = sqlx::query_as(FIND).bind(project.get()).bind(user.as_str());
            let found: Option<Row> = find.fetch_optional(&mut *transaction).await?;
            let role = match admitted(open.as_ref(), found.as_ref(), granted(project)) {
                Ok(Some(role)) => role,
                Ok(None) => return Ok(Acceptance::Needless(project)),
                Err(refused) => return Ok(refused),
            };
            let (members, _): (i64, i64) =
                sqlx::query_as(COUNT).bind(project.get()).fetch_one(&mut *transaction).await?;
            if members >= MAX_MEMBERS && !matches!(found, Some((Some(_), _))) {
                return Ok(Acceptance::Full);
            }
            sqlx::query(USE_UP).bind(fingerprint).execute(&mut *transaction).await?;
            let set = sqlx::query(SET).bind(project.get()).bind(user.as_str()).bind(role.name());
            set.bind(now).bind(user.as_str()).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(Acceptance::Accepted(project))
        })?;
        match acceptance {
            Acceptance::Accepted(project) | Acceptance::Needless(project) => Ok(project),
            Acceptance::Void => Err(StoreError::NotFound(Entity::Invitation)),
            Acceptance::Full => Err(full_project(LimitName::ProjectRoles, MAX_MEMBERS)),
            Acceptance::Damaged(error) => Err(error),
        }
    }

    /// Withdraws an invitation of `project`. Was it there?
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn revoke_invitation(&self, project: ProjectId, fingerprint: &str) -> Result<bool, StoreError> {
        let withdrawn: Option<String> = run!(self.backend.writer(), pool => {
            sqlx::query_scalar("DELETE FROM invitations WHERE project_id = $1 AND fingerprint = $2 RETURNING fingerprint")
                .bind(project.get())
                .bind(fingerprint)
                .fetch_all(pool)
                .map_ok(written)
        })?;
        Ok(withdrawn.is_some())
    }
}

/// The role that an open invitation brings to whom the store and a token say this; `None` when it brings nothing.
fn admitted(
    open: Option<&(String, i64)>,
    found: Option<&Row>,
    granted: Option<Role>,
) -> Result<Option<Role>, Acceptance> {
    let (role, created_at) = open.ok_or(Acceptance::Void)?;
    let role = lookup::role(role).map_err(Acceptance::Damaged)?;
    let standing = lookup::standing(found).map_err(Acceptance::Damaged)?;
    if standing.role(granted) >= Some(role) {
        return Ok(None);
    }
    match found {
        Some((_, decided_at)) if decided_at >= created_at => Err(Acceptance::Void),
        _ => Ok(Some(role)),
    }
}
