//! Documents of a project: made, renamed, listed and deleted. Their content is in [`super::content`].

use collabd_protocol::{DocumentId, DocumentType, ProjectId};
use futures_util::TryFutureExt as _;
use jiff::Timestamp;

use super::backend::{run, written};
use super::error::{damaged, is_orphan, is_taken};
use super::{Entity, Limit, Store, StoreError, name, time};

/// A document as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Unique within its project.
    pub id: DocumentId,
    /// The project it belongs to, and goes with.
    pub project_id: ProjectId,
    /// Trimmed, from 1 to [`MAX_NAME_BYTES`](super::MAX_NAME_BYTES) bytes.
    pub name: String,
    /// What kind of positions it has.
    pub document_type: DocumentType,
    /// To the millisecond.
    pub created_at: Timestamp,
    /// When it was last renamed, to the millisecond.
    pub updated_at: Timestamp,
}

/// A document to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// A random UUID when absent.
    pub id: Option<DocumentId>,
    /// Trimmed and then checked: from 1 to [`MAX_NAME_BYTES`](super::MAX_NAME_BYTES) bytes, no control characters.
    pub name: String,
    /// What kind of positions it has; for good.
    pub document_type: DocumentType,
}

#[derive(sqlx::FromRow)]
struct DocumentRow {
    id: String,
    project_id: i32,
    name: String,
    document_type: String,
    created_at: i64,
    updated_at: i64,
}

impl TryFrom<DocumentRow> for Document {
    type Error = StoreError;

    fn try_from(row: DocumentRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: DocumentId::new(row.id).map_err(|source| damaged("id", source))?,
            project_id: ProjectId::new(row.project_id).map_err(|source| damaged("project_id", source))?,
            name: row.name,
            document_type: row.document_type.parse().map_err(|source| damaged("document_type", source))?,
            created_at: time::read("created_at", row.created_at)?,
            updated_at: time::read("updated_at", row.updated_at)?,
        })
    }
}

impl Store {
    /// Documents of `project` in the order of their ids, by byte: those after `after`, or from the first one.
    /// A project that does not exist has none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn documents(
        &self,
        project: ProjectId,
        after: Option<&DocumentId>,
        limit: Limit,
    ) -> Result<Vec<Document>, StoreError> {
        let rows: Vec<DocumentRow> = run!(self.backend.reader(), pool => {
            sqlx::query_as(
                "SELECT id, project_id, name, document_type, created_at, updated_at FROM documents
                 WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT $3",
            )
            .bind(project.get())
            .bind(after.map_or("", DocumentId::as_str))
            .bind(limit.rows())
            .fetch_all(pool)
        })?;
        rows.into_iter().map(Document::try_from).collect()
    }

    /// The document `id` of `project`, if it exists.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Corrupt`].
    pub async fn document(
        &self,
        project: ProjectId,
        id: &DocumentId,
    ) -> Result<Option<Document>, StoreError> {
        let row: Option<DocumentRow> = run!(self.backend.reader(), pool => {
            sqlx::query_as(
                "SELECT id, project_id, name, document_type, created_at, updated_at FROM documents
                 WHERE project_id = $1 AND id = $2",
            )
            .bind(project.get())
            .bind(id.as_str())
            .fetch_optional(pool)
        })?;
        row.map(Document::try_from).transpose()
    }

    /// Adds a document to `project`.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for the name or for a project that has as many documents as it may have,
    /// [`StoreError::NotFound`] for the project, [`StoreError::Conflict`] for an id that another document of it
    /// has; [`StoreError::Unavailable`].
    pub async fn create_document(
        &self,
        project: ProjectId,
        new: NewDocument,
    ) -> Result<Document, StoreError> {
        let name = name::checked(&new.name)?;
        let id = match new.id {
            Some(id) => id,
            None => random_id()?,
        };
        let inserted: Result<Option<DocumentRow>, sqlx::Error> = run!(self.backend.writer(), pool => {
            sqlx::query_as(
                "INSERT INTO documents (id, project_id, name, document_type, created_at, updated_at)
                 SELECT $1, $2, $3, $4, $5, $5
                 WHERE (SELECT count(*) FROM documents WHERE project_id = $2) < $6
                 RETURNING id, project_id, name, document_type, created_at, updated_at",
            )
            .bind(id.as_str())
            .bind(project.get())
            .bind(name)
            .bind(new.document_type.as_str())
            .bind(time::now())
            .bind(self.bounds.documents)
            .fetch_all(pool)
            .map_ok(written)
        });
        match inserted {
            Ok(Some(row)) => {
                self.forget_deletion(project, &id).await?;
                row.try_into()
            }
            Ok(None) => Err(self.bounds.full_project()),
            Err(error) if is_taken(&error) => Err(StoreError::Conflict(Entity::Document(project, id))),
            Err(error) if is_orphan(&error) => Err(StoreError::NotFound(Entity::Project(project))),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives the document `id` of `project` another name.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for the name, [`StoreError::NotFound`] for the document;
    /// [`StoreError::Unavailable`].
    pub async fn rename_document(
        &self,
        project: ProjectId,
        id: &DocumentId,
        name: &str,
    ) -> Result<Document, StoreError> {
        let name = name::checked(name)?;
        let row: Option<DocumentRow> = run!(self.backend.writer(), pool => {
            sqlx::query_as(
                "UPDATE documents SET name = $3, updated_at = $4 WHERE project_id = $1 AND id = $2
                 RETURNING id, project_id, name, document_type, created_at, updated_at",
            )
            .bind(project.get())
            .bind(id.as_str())
            .bind(name)
            .bind(time::now())
            .fetch_all(pool)
            .map_ok(written)
        })?;
        row.ok_or_else(|| StoreError::NotFound(Entity::Document(project, id.clone())))?.try_into()
    }

    /// Deletes the document `id` of `project` with all that it holds. Was it there? From then on its id is listed again
    /// by [`Store::create_document`] only, not by clients who still have the document and go on editing it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn delete_document(&self, project: ProjectId, id: &DocumentId) -> Result<bool, StoreError> {
        // Remembered first: a deletion that ends here leaves a listed document, of which nobody asks whether it was
        // deleted.
        run!(self.backend.writer(), pool => {
            sqlx::query(
                "INSERT INTO deleted_documents (project_id, id, deleted_at)
                 SELECT project_id, id, $3 FROM documents WHERE project_id = $1 AND id = $2
                 ON CONFLICT DO NOTHING",
            )
            .bind(project.get())
            .bind(id.as_str())
            .bind(time::now())
            .execute(pool)
            .map_ok(drop)
        })?;
        let deleted: Option<String> = run!(self.backend.writer(), pool => {
            sqlx::query_scalar("DELETE FROM documents WHERE project_id = $1 AND id = $2 RETURNING id")
                .bind(project.get())
                .bind(id.as_str())
                .fetch_all(pool)
                .map_ok(written)
        })?;
        Ok(deleted.is_some())
    }

    /// Was a document of this id deleted, and none made under it since?
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn was_deleted(&self, project: ProjectId, id: &DocumentId) -> Result<bool, StoreError> {
        let deleted: Option<String> = run!(self.backend.reader(), pool => {
            sqlx::query_scalar("SELECT id FROM deleted_documents WHERE project_id = $1 AND id = $2")
                .bind(project.get())
                .bind(id.as_str())
                .fetch_optional(pool)
        })?;
        Ok(deleted.is_some())
    }

    async fn forget_deletion(&self, project: ProjectId, id: &DocumentId) -> Result<(), StoreError> {
        run!(self.backend.writer(), pool => {
            sqlx::query("DELETE FROM deleted_documents WHERE project_id = $1 AND id = $2")
                .bind(project.get())
                .bind(id.as_str())
                .execute(pool)
                .map_ok(drop)
        })?;
        Ok(())
    }
}

/// A random UUID: version 4, RFC 9562.
fn random_id() -> Result<DocumentId, StoreError> {
    let random = rand::random::<u128>();
    let version = (random & !(0xf << 76)) | (0x4 << 76);
    let variant = (version & !(0x3 << 62)) | (0x2 << 62);
    let hex = format!("{variant:032x}");
    let groups = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    DocumentId::new(groups.join("-"))
        .map_err(|problem| StoreError::Invalid { field: "id", problem: problem.into() })
}
