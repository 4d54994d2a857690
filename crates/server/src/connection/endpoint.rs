//! The two collaboration endpoints: which project is meant, and in which encoding.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use collabd_protocol::{Encoding, ProjectId};
use serde::Deserialize;

use super::Connection;
use crate::app::App;
use crate::socket::{Upgrade, UpgradeError, count_refusal, frames, offers};

/// The query of both collaboration endpoints. A token may be beside it; in open mode nobody reads it.
#[derive(Debug, Deserialize)]
pub(crate) struct ProjectQuery {
    project_id: Option<String>,
}

type Project = Result<Query<ProjectQuery>, QueryRejection>;

/// `GET /ws/collaboration?project_id=N`: the v1 dialect.
pub(crate) async fn v1(
    State(app): State<App>,
    project: Project,
    request: Request,
) -> Result<Response, UpgradeError> {
    open(&app, project, request, Encoding::V1)
}

/// `GET /ws/collaboration/v2?project_id=N`: the v2 dialect, in the encoding that the subprotocol names.
pub(crate) async fn v2(
    State(app): State<App>,
    project: Project,
    request: Request,
) -> Result<Response, UpgradeError> {
    let encoding = negotiate(request.headers()).inspect_err(|error| count_refusal(&app, *error))?;
    open(&app, project, request, encoding)
}

/// Every other method on these paths.
pub(crate) async fn wrong_method(State(app): State<App>) -> UpgradeError {
    count_refusal(&app, UpgradeError::Method);
    UpgradeError::Method
}

/// The first offered encoding that the server speaks; plain JSON when none is offered.
fn negotiate(headers: &HeaderMap) -> Result<Encoding, UpgradeError> {
    let mut offers = offers(headers).peekable();
    if offers.peek().is_none() {
        return Ok(Encoding::Json);
    }
    offers
        .find_map(Encoding::from_subprotocol)
        .ok_or(UpgradeError::Subprotocol("collab.v2 and collab.v2.batch"))
}

fn open(app: &App, project: Project, request: Request, encoding: Encoding) -> Result<Response, UpgradeError> {
    let project = project_of(project).inspect_err(|error| count_refusal(app, *error))?;
    let upgrade = Upgrade::of(app, request, encoding.subprotocol())?;
    let config = frames::config(app.config().limits.max_message_bytes);
    let (app, tasks) = (app.clone(), app.tasks().clone());
    Ok(upgrade.serve(&tasks, config, move |socket, permit| {
        Connection { app, project, encoding, permit }.serve(socket)
    }))
}

fn project_of(query: Project) -> Result<ProjectId, UpgradeError> {
    let Query(ProjectQuery { project_id }) = query.map_err(|_| UpgradeError::Query)?;
    Ok(project_id.ok_or(UpgradeError::NoProject)?.parse()?)
}
