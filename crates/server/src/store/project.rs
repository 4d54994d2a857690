//! Projects: made, renamed, listed and deleted.

use std::iter;

use collabd_protocol::{ProjectId, Role, UserId};
use futures_util::TryFutureExt as _;
use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::backend::{Begin as _, run, written};
use super::error::damaged;
use super::{Entity, Limit, Store, StoreError, name, time};

/// A project as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Given by the database, never twice.
    pub id: ProjectId,
    /// Trimmed, from 1 to [`MAX_NAME_BYTES`](super::MAX_NAME_BYTES) bytes.
    pub name: String,
    /// To the millisecond.
    pub created_at: Timestamp,
    /// When it was last renamed, to the millisecond.
    pub updated_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ProjectRow {
    id: i32,
    name: String,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<ProjectRow> for Project {
    type Error = StoreError;

    fn try_from(row: ProjectRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProjectId::new(row.id).map_err(|source| damaged("id", source))?,
            name: row.name,
            created_at: time::read("created_at", row.created_at)?,
            updated_at: time::read("updated_at", row.updated_at)?,
        })
    }
}

/// Numbers only, which have no syntax. The databases share no other way to hand over a list, and neither of them takes an
/// empty one: no project has the number 0.
fn sql_list(ids: &[ProjectId]) -> String {
    iter::once("0".to_owned()).chain(ids.iter().map(ProjectId::to_string)).collect::<Vec<_>>().join(", ")
}

const CREATE: &str = "INSERT INTO projects (name, created_at, updated_at) VALUES ($1, $2, $2)
    RETURNING id, name, created_at, updated_at";

impl Store {
    /// Projects in the order of their ids: those after `after`, or from the first one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn projects(&self, after: Option<ProjectId>, limit: Limit) -> Result<Vec<Project>, StoreError> {
        let rows: Vec<ProjectRow> = run!(self.backend.reader(), pool => {
            sqlx::query_as(
                "SELECT id, name, created_at, updated_at FROM projects WHERE id > $1 ORDER BY id LIMIT $2",
            )
            .bind(after.map_or(0, ProjectId::get))
            .bind(limit.rows())
            .fetch_all(pool)
        })?;
        rows.into_iter().map(Project::try_from).collect()
    }

    /// The projects in which `user` is somebody, in the order of their ids, those after `after` or from the first one:
    /// as a member, or as one of those whom a token grants `granted`, unless removed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn projects_of(
        &self,
        user: &UserId,
        granted: &[ProjectId],
        after: Option<ProjectId>,
        limit: Limit,
    ) -> Result<Vec<Project>, StoreError> {
        let granted = sql_list(granted);
        let text = format!(
            "SELECT id, name, created_at, updated_at FROM projects WHERE id > $2 AND id IN (
                 SELECT project_id FROM members WHERE user_id = $1 AND role IS NOT NULL
                 UNION SELECT id FROM projects WHERE id IN ({granted})
                 EXCEPT SELECT project_id FROM members WHERE user_id = $1 AND role IS NULL)
             ORDER BY id LIMIT $3"
        );
        let rows: Vec<ProjectRow> = run!(self.backend.reader(), pool => {
            // Hardly two lists are the same, so no statement is kept.
            sqlx::query_as(AssertSqlSafe(text))
                .persistent(false)
                .bind(user.as_str())
                .bind(after.map_or(0, ProjectId::get))
                .bind(limit.rows())
                .fetch_all(pool)
        })?;
        rows.into_iter().map(Project::try_from).collect()
    }

    /// Those of the projects `ids` that exist, in the order of their ids.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn projects_among(&self, ids: &[ProjectId]) -> Result<Vec<Project>, StoreError> {
        let ids = sql_list(ids);
        let text =
            format!("SELECT id, name, created_at, updated_at FROM projects WHERE id IN ({ids}) ORDER BY id");
        let rows: Vec<ProjectRow> = run!(self.backend.reader(), pool => {
            // Hardly two lists are the same, so no statement is kept.
            sqlx::query_as(AssertSqlSafe(text)).persistent(false).fetch_all(pool)
        })?;
        rows.into_iter().map(Project::try_from).collect()
    }

    /// The project `id`, if it exists.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn project(&self, id: ProjectId) -> Result<Option<Project>, StoreError> {
        let row: Option<ProjectRow> = run!(self.backend.reader(), pool => {
            sqlx::query_as("SELECT id, name, created_at, updated_at FROM projects WHERE id = $1")
                .bind(id.get())
                .fetch_optional(pool)
        })?;
        row.map(Project::try_from).transpose()
    }

    /// Adds an empty project; several may have the same name.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for the name; [`StoreError::Unavailable`].
    pub async fn create_project(&self, name: &str) -> Result<Project, StoreError> {
        let name = name::checked(name)?;
        let row: Option<ProjectRow> = run!(self.backend.writer(), pool => {
            sqlx::query_as(CREATE).bind(name).bind(time::now()).fetch_all(pool).map_ok(written)
        })?;
        row.ok_or(sqlx::Error::RowNotFound)?.try_into()
    }

    /// Adds an empty project that `owner` owns.
    ///
    /// # Errors
    /// As [`Store::create_project`].
    pub async fn create_owned_project(&self, name: &str, owner: &UserId) -> Result<Project, StoreError> {
        let name = name::checked(name)?;
        let row: ProjectRow = run!(self.backend.writer(), pool => async {
            let mut transaction = pool.begin_writing().await?;
            let create = sqlx::query_as(CREATE).bind(name).bind(time::now());
            let row: ProjectRow = create.fetch_one(&mut *transaction).await?;
            let own = sqlx::query(
                "INSERT INTO members (project_id, user_id, role, changed_at, changed_by) VALUES ($1, $2, $3, $4, $2)",
            );
            let own = own.bind(row.id).bind(owner.as_str()).bind(Role::Owner.name()).bind(row.created_at);
            own.execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(row)
        })?;
        row.try_into()
    }

    /// Gives the project `id` another name.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for the name, [`StoreError::NotFound`] for the project;
    /// [`StoreError::Unavailable`].
    pub async fn rename_project(&self, id: ProjectId, name: &str) -> Result<Project, StoreError> {
        let name = name::checked(name)?;
        let row: Option<ProjectRow> = run!(self.backend.writer(), pool => {
            sqlx::query_as(
                "UPDATE projects SET name = $2, updated_at = $3 WHERE id = $1
                 RETURNING id, name, created_at, updated_at",
            )
            .bind(id.get())
            .bind(name)
            .bind(time::now())
            .fetch_all(pool)
            .map_ok(written)
        })?;
        row.ok_or(StoreError::NotFound(Entity::Project(id)))?.try_into()
    }

    /// Deletes the project `id` with all its documents. Was it there?
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn delete_project(&self, id: ProjectId) -> Result<bool, StoreError> {
        let deleted: Option<i32> = run!(self.backend.writer(), pool => {
            sqlx::query_scalar("DELETE FROM projects WHERE id = $1 RETURNING id")
                .bind(id.get())
                .fetch_all(pool)
                .map_ok(written)
        })?;
        Ok(deleted.is_some())
    }
}
