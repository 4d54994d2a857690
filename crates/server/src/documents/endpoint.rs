//! `GET /ws/documents/{project_id}/{document_id}`: the socket that y-websocket opens.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use collabd_documents::DocumentKey;
use collabd_protocol::{DocumentId, DocumentType, ProjectId};
use serde::Deserialize;

use super::connection::Connection;
use super::entrant::{Introduction, credential};
use super::largest_frame;
use crate::app::App;
use crate::live::{Kind, Rights};
use crate::socket::{Terms, Upgrade, UpgradeError, count_refusal, offers};

/// Whoever offers it understands `saved` and `close`, too.
const SUBPROTOCOL: &str = "collab.documents";

/// The query, beside what introduces the client.
#[derive(Debug, Deserialize)]
pub(crate) struct DocumentQuery {
    /// What the document becomes if its first update makes it.
    document_type: Option<DocumentType>,
    #[serde(flatten)]
    introduction: Introduction,
}

type Which = Result<Path<(String, String)>, PathRejection>;
type Said = Result<Query<DocumentQuery>, QueryRejection>;

/// Upgrades the request and serves the socket.
pub(crate) async fn open(
    State(app): State<App>,
    which: Which,
    said: Said,
    request: Request,
) -> Result<Response, UpgradeError> {
    let key = key(which).inspect_err(|error| count_refusal(&app, *error))?;
    let said = said.map_err(|_| UpgradeError::DocumentQuery);
    let Query(said) = said.inspect_err(|error| count_refusal(&app, *error))?;
    // y-websocket offers none; whoever offers only others is served as if it had offered none.
    let hears_saved = offers(request.headers()).any(|offer| offer == SUBPROTOCOL);
    let credential = credential(&app, said.introduction, request.headers());
    let upgrade = Upgrade::of(&app, request, hears_saved.then_some(SUBPROTOCOL), None)?;
    let terms = Terms::of_document(&app, largest_frame(&app));
    let served = app.clone();
    Ok(upgrade.serve(&app, terms, move |socket, permit| {
        let document_type = said.document_type;
        let rights = Rights::new(&served, key.project, Kind::Document);
        Connection { app: served, key, document_type, hears_saved, rights, permit }.serve(socket, credential)
    }))
}

fn key(which: Which) -> Result<DocumentKey, UpgradeError> {
    let Path((project, document)) = which.map_err(|_| UpgradeError::DocumentPath)?;
    let project: ProjectId = project.parse()?;
    let document = DocumentId::new(document).map_err(|_| UpgradeError::DocumentPath)?;
    Ok(DocumentKey { project, document })
}

/// Does the query say only what it may?
#[cfg(any(test, fuzzing))]
pub(crate) fn is_query_taken(address: &axum::http::Uri) -> bool {
    Query::<DocumentQuery>::try_from_uri(address).is_ok()
}
