//! Projects and sessions as operators see them.

use std::net::IpAddr;

use collabd_protocol::{DocumentId, ProjectId, SessionId, UserId, UserName};
use jiff::Timestamp;
use serde::Serialize;

use crate::live::{Kind, LiveSession};
use crate::store::Project;

/// What a project is called.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NamedProject {
    project_id: ProjectId,
    name: String,
}

impl From<Project> for NamedProject {
    fn from(project: Project) -> Self {
        Self { project_id: project.id, name: project.name }
    }
}

/// A session with its connection.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownSession {
    session_id: SessionId,
    user_id: UserId,
    user_name: UserName,
    is_agent: bool,
    since: Timestamp,
    document_id: Option<DocumentId>,
    kind: &'static str,
    address: Option<IpAddr>,
}

impl ShownSession {
    pub(super) fn of(session: LiveSession) -> Option<Self> {
        let LiveSession { id, user_id, user_name, is_agent, since, document, kind, address } = session;
        let kind = match kind {
            Kind::CollaborationV1 => "collaboration_v1",
            Kind::CollaborationV2 => "collaboration_v2",
            Kind::Document => "document",
            // It watches and has no session.
            Kind::Subscription => return None,
        };
        Some(Self {
            session_id: id,
            user_id,
            user_name,
            is_agent,
            since,
            document_id: document,
            kind,
            address,
        })
    }
}
