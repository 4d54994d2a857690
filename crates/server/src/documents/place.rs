//! Which document is meant, and what kind of document it is.

use collabd_documents::DocumentKey;
use collabd_protocol::{CloseCode, DocumentType};
use tracing::warn;

use crate::app::App;
use crate::store::StoreError;

/// What a document becomes that is made by its first update, unless the client says otherwise: what most editors edit.
const DEFAULT_TYPE: DocumentType = DocumentType::CodeEditor;

/// Looks a document up: its kind if it is listed, else the one that it would become.
///
/// # Errors
/// [`CloseCode::Forbidden`] when there is no such project, [`CloseCode::ProjectDeleted`] when the document was deleted,
/// [`CloseCode::TryAgainLater`] when the store does not answer.
pub(super) async fn document_type(
    app: &App,
    key: &DocumentKey,
    wanted: Option<DocumentType>,
) -> Result<DocumentType, CloseCode> {
    let found = async {
        let listed = app.store().document(key.project, &key.document).await?;
        if let Some(document) = listed {
            return Ok(Ok(document.document_type));
        }
        if app.store().project(key.project).await?.is_none() {
            return Ok(Err(CloseCode::Forbidden));
        }
        if app.store().was_deleted(key.project, &key.document).await? {
            return Ok(Err(CloseCode::ProjectDeleted));
        }
        Ok::<_, StoreError>(Ok(wanted.unwrap_or(DEFAULT_TYPE)))
    };
    match found.await {
        Ok(document_type) => document_type,
        Err(error) => {
            warn!(document = %key, %error, "document not looked up");
            Err(CloseCode::TryAgainLater)
        }
    }
}
