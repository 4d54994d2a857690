//! The project that a new database starts with, so that a first visitor has somewhere to go.

use collabd_protocol::DocumentType;
use sqlx::{Executor as _, query};

use super::backend::run;
use super::{Store, StoreError, time};

/// Its number, which examples and the deployed browser client use.
const DEMO_ID: i32 = 1;
const DEMO_NAME: &str = "Demo";

/// Set when the demo was made, so that one that was deleted does not come back.
const MARKER: &str = "demo";

impl Store {
    /// Makes the demo project with one document of each type, the first time this database is opened.
    pub(super) async fn create_demo(&self) -> Result<(), StoreError> {
        let now = time::now();
        run!(self.backend.writer(), pool => async {
            let mut transaction = pool.begin().await?;
            let marked = query("INSERT INTO markers (name, set_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(MARKER)
                .bind(now)
                .execute(&mut *transaction)
                .await?;
            if marked.rows_affected() == 0 {
                return Ok(());
            }
            let project = query("INSERT INTO projects (id, name, created_at, updated_at) VALUES ($1, $2, $3, $3)");
            transaction.execute(project.bind(DEMO_ID).bind(DEMO_NAME).bind(now)).await?;
            for document_type in DocumentType::ALL {
                let document = query(
                    "INSERT INTO documents (id, project_id, name, document_type, created_at, updated_at)
                     VALUES ($1, $2, $3, $1, $4, $4)",
                );
                let document = document.bind(document_type.as_str()).bind(DEMO_ID);
                transaction.execute(document.bind(title(document_type)).bind(now)).await?;
            }
            transaction.commit().await
        })?;
        Ok(())
    }
}

/// The name of the demo document of this type.
fn title(document_type: DocumentType) -> &'static str {
    match document_type {
        DocumentType::Canvas => "Canvas",
        DocumentType::Spreadsheet => "Spreadsheet",
        DocumentType::ThreeD => "3D scene",
        DocumentType::Timeline => "Timeline",
        DocumentType::CodeEditor => "Code editor",
    }
}
