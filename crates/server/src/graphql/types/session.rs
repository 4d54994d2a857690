//! Sessions that are live now.

use async_graphql::{Enum, ID, SimpleObject};

use super::DateTime;
use crate::live::{Kind, LiveSession};

/// What a session came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum SessionKind {
    /// A collaboration socket of the older dialect.
    CollaborationV1,
    /// A collaboration socket.
    CollaborationV2,
    /// A socket of one document.
    Document,
}

/// One connection that has joined a project.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Session {
    /// As on the wire.
    id: ID,
    /// Whose it is.
    user_id: ID,
    /// The name that it joined under.
    user_name: String,
    /// Is it a program's rather than a person's?
    is_agent: bool,
    /// When it joined.
    since: DateTime,
    /// The document that it joined or switched to last.
    document_id: Option<ID>,
    /// What it came in by.
    kind: SessionKind,
    /// Where it comes from, as far as the server sees; null for those who do not own the project.
    address: Option<String>,
}

impl Session {
    /// What somebody sees of it.
    pub(in crate::graphql) fn new(session: &LiveSession, shows_address: bool) -> Option<Self> {
        let kind = match session.kind {
            Kind::CollaborationV1 => SessionKind::CollaborationV1,
            Kind::CollaborationV2 => SessionKind::CollaborationV2,
            Kind::Document => SessionKind::Document,
            // It watches and has no session.
            Kind::Subscription => return None,
        };
        Some(Self {
            id: session.id.to_string().into(),
            user_id: session.user_id.as_str().into(),
            user_name: session.user_name.to_string(),
            is_agent: session.is_agent,
            since: session.since.into(),
            document_id: session.document.as_ref().map(|document| document.as_str().into()),
            kind,
            address: session.address.filter(|_| shows_address).map(|address| address.to_string()),
        })
    }
}
