//! What the flight recorder has written down.

use async_graphql::{Enum, ID, SimpleObject};
use collabd_core::recorder::{ProjectEvent, Record};

use super::DateTime;
use crate::recorded::{Closer, RecordedEvent};

/// Who closed a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Closer")]
pub(in crate::graphql) enum ClosedBy {
    /// The server.
    Server,
    /// The client.
    Client,
}

/// One event in a project. What does not belong to its kind is null.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Event {
    /// Later events have higher numbers.
    number: u64,
    /// When it happened.
    at: DateTime,
    /// What happened: `opened`, `ended`, `restarted`, `joined`, `departed`, `kicked`, `document_opened`,
    /// `document_closed` or `document_restarted`.
    #[graphql(name = "event")]
    what: String,
    /// Whose session it is about.
    session_id: Option<ID>,
    /// Whom it is about.
    user_id: Option<ID>,
    /// The name that others were shown.
    user_name: Option<String>,
    /// The document it is about, or that a session joined into.
    document_id: Option<ID>,
    /// Why a session ended, as the others were told.
    reason: Option<String>,
    /// The code with which its connection was closed.
    close_code: Option<u16>,
    /// By whom; null when it was lost without a word, or lives on.
    closed_by: Option<ClosedBy>,
    /// Who sent somebody away; null for an operator, and where nobody is known by name.
    by: Option<ID>,
}

impl From<Record<ProjectEvent>> for Event {
    fn from(record: Record<ProjectEvent>) -> Self {
        let event = RecordedEvent::from(record);
        Self {
            number: event.number,
            at: event.at.into(),
            what: event.event.to_owned(),
            session_id: event.session_id.map(|session| session.to_string().into()),
            user_id: event.user_id.map(|user| user.as_str().into()),
            user_name: event.user_name.map(|name| name.to_string()),
            document_id: event.document_id.map(|document| document.as_str().into()),
            reason: event.reason.map(str::to_owned),
            close_code: event.close_code,
            closed_by: event.closed_by.map(ClosedBy::from),
            by: event.by.map(|user| user.as_str().into()),
        }
    }
}
