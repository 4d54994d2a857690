//! Why a record was not taken.

use collabd_documents::store::AppendError;

use super::Answer;
use super::entry::Entry;

/// Reads a [`Refusal`]: of the project `$1`, its document `$2` and the place `$3`.
pub(super) const WHY: &str = "SELECT
    EXISTS (SELECT 1 FROM documents WHERE project_id = $1 AND id = $2) AS is_listed,
    EXISTS (SELECT 1 FROM projects WHERE id = $1) AS has_project,
    EXISTS (SELECT 1 FROM deleted_documents WHERE project_id = $1 AND id = $2) AS was_deleted,
    (SELECT payload FROM document_log WHERE project_id = $1 AND document_id = $2 AND sequence = $3) AS payload";

/// What the database holds where a record should have gone.
#[derive(sqlx::FromRow)]
pub(super) struct Refusal {
    is_listed: bool,
    has_project: bool,
    was_deleted: bool,
    payload: Option<Vec<u8>>,
}

impl Refusal {
    pub(super) fn answer(self, entry: &Entry<'_>) -> Answer {
        // A commit whose acknowledgement was lost, and that is tried again.
        if self.payload.is_some_and(|payload| payload == entry.payload) {
            return Ok(());
        }
        Err(match (self.is_listed, self.has_project && !self.was_deleted) {
            (true, _) => AppendError::Conflict,
            (false, true) if entry.is_first() => AppendError::TooMany,
            (false, _) => AppendError::Gone,
        })
    }
}
