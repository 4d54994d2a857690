//! Why the store did not do what it was asked.

use std::fmt;
use std::io;
use std::path::PathBuf;

use collabd_protocol::text::TextError;
use collabd_protocol::{DocumentId, LimitHit, ProjectId};
use sqlx::migrate::MigrateError;

use super::VersionId;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The thing to change, or the project to put it in, does not exist.
    #[error("there is no {0}")]
    NotFound(Entity),
    /// The id is taken.
    #[error("{0} exists already")]
    Conflict(Entity),
    /// A value was refused before it reached the database.
    #[error("{field} {problem}")]
    Invalid {
        /// Which value.
        field: &'static str,
        /// What is wrong with it, and the limit.
        problem: Problem,
    },
    /// Nobody would own the project.
    #[error("project {0} must keep an owner")]
    LastOwner(ProjectId),
    /// The database cannot be reached, is busy for too long, or cannot write. What was asked is not done, unless
    /// the connection broke while a change was being acknowledged. The same call may succeed later.
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The directory of the embedded database cannot be created.
    #[error("data_dir ({}) cannot be created: {source}", .path.display())]
    Directory {
        /// As configured.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A newer server has written this database; this one might damage it.
    #[error(
        "the database has schema version {found}, but this version of collabd knows only up to {supported}: \
         run the newer version, or restore a backup from before the upgrade"
    )]
    Incompatible {
        /// The newest migration in the database that this server does not have.
        found: i64,
        /// The newest migration this server has.
        supported: i64,
    },
    /// What the database holds is not what this server has written.
    #[error("the database is damaged: {0}")]
    Corrupt(#[source] sqlx::Error),
}

/// What a call was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entity {
    /// A project.
    Project(ProjectId),
    /// A document of a project.
    Document(ProjectId, DocumentId),
    /// A version of a document.
    Version(ProjectId, DocumentId, VersionId),
    /// An invitation; which one is not said to those who may not know.
    Invitation,
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Project(project) => write!(f, "project {project}"),
            Self::Document(project, document) => write!(f, "document {document:?} in project {project}"),
            Self::Version(project, document, version) => {
                write!(f, "version {version} of document {document:?} in project {project}")
            }
            Self::Invitation => write!(f, "such invitation"),
        }
    }
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A text is empty, too long or not printable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A number lies outside its range.
    #[error("({value}) must be from {least} to {greatest}")]
    OutOfRange {
        /// As given.
        value: u32,
        /// The least value taken.
        least: u32,
        /// The greatest value taken.
        greatest: u32,
    },
    /// The project has as many of something as it may have.
    #[error("has reached {} ({})", .0.name.name(), .0.max)]
    Full(LimitHit),
}

/// Anything the driver reports that the caller has not told apart already.
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_damage(&error) { Self::Corrupt(error) } else { Self::Unavailable(error) }
    }
}

fn is_damage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => match error.code().as_deref() {
            // SQLITE_CORRUPT and SQLITE_NOTADB (https://www.sqlite.org/rescode.html), then data_corrupted,
            // index_corrupted, undefined_table and undefined_column
            // (https://www.postgresql.org/docs/current/errcodes-appendix.html).
            Some("11" | "26" | "XX001" | "XX002" | "42P01" | "42703") => true,
            _ => false,
        },
        sqlx::Error::Decode(_)
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. }
        | sqlx::Error::TypeNotFound { .. } => true,
        sqlx::Error::Migrate(error) => is_damaged_schema(error),
        _ => false,
    }
}

/// A migration that was interrupted, or is not the one that was applied.
fn is_damaged_schema(error: &MigrateError) -> bool {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => is_damage(error),
        MigrateError::VersionMismatch(_) | MigrateError::VersionMissing(_) | MigrateError::Dirty(_) => true,
        _ => false,
    }
}

/// A value of `column` that this server cannot have written.
pub(super) fn damaged(
    column: &'static str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> StoreError {
    StoreError::Corrupt(sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(source) })
}

/// Did a statement break a unique key?
pub(super) fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Did a statement point to a row that does not exist?
pub(super) fn is_orphan(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation)
}
