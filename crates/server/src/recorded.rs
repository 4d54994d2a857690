//! What the flight recorder has written down, in the one shape in which it is shown: as JSON to operators, by GraphQL to
//! owners.

use collabd_core::recorder::{Close, ProjectEvent, Record, ServerEvent, Target, Who};
use collabd_protocol::{DocumentId, ProjectId, SessionId, UserId, UserName};
use jiff::Timestamp;
use serde::Serialize;

/// Who closed a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Closer {
    /// The server.
    Server,
    /// The client.
    Client,
}

/// One event. What does not belong to its kind is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordedEvent {
    pub(crate) number: u64,
    pub(crate) at: Timestamp,
    /// How often it happened within a few seconds.
    pub(crate) times: u64,
    /// What happened.
    pub(crate) event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) project_id: Option<ProjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) session_id: Option<SessionId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<UserName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document_id: Option<DocumentId>,
    /// Why a session ended, or a request was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) close_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) closed_by: Option<Closer>,
    /// Who sent somebody away, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<UserId>,
}

impl RecordedEvent {
    fn of<E>(record: &Record<E>, event: &'static str) -> Self {
        Self {
            number: record.number,
            at: record.at,
            times: record.times,
            event,
            project_id: None,
            session_id: None,
            user_id: None,
            user_name: None,
            document_id: None,
            reason: None,
            close_code: None,
            closed_by: None,
            by: None,
        }
    }

    fn about(self, who: Who) -> Self {
        let Who { session, user, name } = who;
        Self { session_id: Some(session), user_id: Some(user), user_name: Some(name), ..self }
    }

    fn closed(self, close: Option<Close>) -> Self {
        let (closed_by, close_code) = match close {
            None => (None, None),
            Some(Close::Server(code)) => (Some(Closer::Server), Some(code.number())),
            Some(Close::Client(code)) => (Some(Closer::Client), code),
        };
        Self { close_code, closed_by, ..self }
    }

    fn aimed_at(self, target: Target) -> Self {
        match target {
            Target::User(user) => Self { user_id: Some(user), ..self },
            Target::Session(session) => Self { session_id: Some(session), ..self },
        }
    }
}

impl From<Record<ProjectEvent>> for RecordedEvent {
    fn from(record: Record<ProjectEvent>) -> Self {
        let shown = Self::of(&record, kind_in_project(&record.event));
        match record.event {
            ProjectEvent::Opened | ProjectEvent::Ended | ProjectEvent::Restarted => shown,
            ProjectEvent::Joined { who, document } => Self { document_id: document, ..shown }.about(who),
            ProjectEvent::Departed { who, reason, close } => {
                Self { reason: Some(reason.name()), ..shown }.about(who).closed(close)
            }
            ProjectEvent::Kicked { target, by } => Self { by, ..shown }.aimed_at(target),
            ProjectEvent::DocumentOpened(document)
            | ProjectEvent::DocumentClosed(document)
            | ProjectEvent::DocumentRestarted(document) => Self { document_id: Some(document), ..shown },
        }
    }
}

impl From<Record<ServerEvent>> for RecordedEvent {
    fn from(record: Record<ServerEvent>) -> Self {
        let shown = Self::of(&record, kind_in_server(&record.event));
        match record.event {
            ServerEvent::Started | ServerEvent::Stopping => shown,
            ServerEvent::Refused(reason) => Self { reason: Some(reason), ..shown },
            ServerEvent::Evicted { project, user } => {
                Self { project_id: Some(project), user_id: Some(user), ..shown }
            }
            ServerEvent::Panicked { project, document } => {
                Self { project_id: Some(project), document_id: document, ..shown }
            }
        }
    }
}

fn kind_in_project(event: &ProjectEvent) -> &'static str {
    match event {
        ProjectEvent::Opened => "opened",
        ProjectEvent::Ended => "ended",
        ProjectEvent::Restarted => "restarted",
        ProjectEvent::Joined { .. } => "joined",
        ProjectEvent::Departed { .. } => "departed",
        ProjectEvent::Kicked { .. } => "kicked",
        ProjectEvent::DocumentOpened(_) => "document_opened",
        ProjectEvent::DocumentClosed(_) => "document_closed",
        ProjectEvent::DocumentRestarted(_) => "document_restarted",
    }
}

fn kind_in_server(event: &ServerEvent) -> &'static str {
    match event {
        ServerEvent::Started => "started",
        ServerEvent::Stopping => "stopping",
        ServerEvent::Refused(_) => "refused",
        ServerEvent::Evicted { .. } => "evicted",
        ServerEvent::Panicked { .. } => "panicked",
    }
}
