//! Who is in a project, in the shape of the wire protocol.

use async_graphql::{Enum, ID, Json, SimpleObject};
use collabd_protocol::{CursorPosition, DocumentId, presence};

use super::{DateTime, DocumentType};

/// How present a user is. Of a user's sessions the most present one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "presence::Status")]
pub(in crate::graphql) enum Status {
    /// Not at the screen.
    Away,
    /// At the screen, doing nothing.
    Idle,
    /// At work.
    Active,
}

/// One user of a project, over all of the user's sessions.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Presence {
    /// Who.
    user_id: String,
    /// The name to show.
    user_name: String,
    /// The colour to show, as `#RGB` or `#RRGGBB`.
    avatar_color: String,
    /// Is this a program rather than a person?
    is_agent: bool,
    /// Is the user here?
    is_online: bool,
    /// The status of the user's most present session.
    status: Status,
    /// When the user's first session of this stay began.
    joined_at: DateTime,
    /// When the user last did something.
    last_active: DateTime,
    /// How many sessions the user has open.
    sessions: usize,
    /// The documents the user is in.
    documents: Vec<DocumentPresence>,
}

/// A user in a document. With several sessions there, the one that moved last.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct DocumentPresence {
    /// Which document.
    document_id: ID,
    /// Its kind.
    document_type: DocumentType,
    /// The cursor in the form of the wire protocol; null until it has moved.
    position: Option<Json<CursorPosition>>,
    /// What is selected.
    selected_node_id: Option<String>,
    /// When the user entered the document or last moved in it.
    last_active_in_document: DateTime,
}

/// A list of users as the core keeps it.
pub(in crate::graphql) fn everybody(users: &[presence::Presence]) -> Vec<Presence> {
    users.iter().map(Presence::from).collect()
}

impl From<&presence::Presence> for Presence {
    fn from(user: &presence::Presence) -> Self {
        Self {
            user_id: user.user_id.to_string(),
            user_name: user.user_name.to_string(),
            avatar_color: user.avatar_color.as_str().to_owned(),
            is_agent: user.is_agent,
            is_online: user.is_online,
            status: user.status.into(),
            joined_at: user.joined_at.into(),
            last_active: user.last_active.into(),
            sessions: user.sessions,
            documents: user.documents.iter().map(DocumentPresence::from).collect(),
        }
    }
}

impl From<(&DocumentId, &presence::DocumentPresence)> for DocumentPresence {
    fn from((id, document): (&DocumentId, &presence::DocumentPresence)) -> Self {
        Self {
            document_id: id.as_str().into(),
            document_type: document.document_type.into(),
            position: document.position.clone().map(Json),
            selected_node_id: document.selected_node_id.as_ref().map(ToString::to_string),
            last_active_in_document: document.last_active_in_document.into(),
        }
    }
}
