//! Who is here: the shape in which both dialects show a user.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{DocumentId, UserId};
use crate::position::{CursorPosition, DocumentType};
use crate::text::{AvatarColor, Label, UserName};

/// How present a user is. Ordered: of a user's sessions the most present one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum Status {
    /// Not at the screen.
    Away,
    /// At the screen, doing nothing.
    Idle,
    /// At work.
    Active,
}

/// A text that names no status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of active, idle, away")]
pub struct StatusError;

// Derived enums would take `{"idle": null}` for `"idle"`, too; the protocol does not.
impl TryFrom<String> for Status {
    type Error = StatusError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.as_str() {
            "away" => Ok(Self::Away),
            "idle" => Ok(Self::Idle),
            "active" => Ok(Self::Active),
            _ => Err(StatusError),
        }
    }
}

/// One user of a project, over all of the user's sessions (P1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Presence {
    /// Who.
    pub user_id: UserId,
    /// The name to show.
    pub user_name: UserName,
    /// The colour to show.
    pub avatar_color: AvatarColor,
    /// Is this a program rather than a person?
    pub is_agent: bool,
    /// False only in the last message about a user.
    pub is_online: bool,
    /// The status of the user's most present session.
    pub status: Status,
    /// When the user's first session of this stay began.
    pub joined_at: Timestamp,
    /// When the user last did something.
    pub last_active: Timestamp,
    /// How many sessions the user has open.
    pub sessions: usize,
    /// The documents the user is in.
    pub documents: BTreeMap<DocumentId, DocumentPresence>,
}

/// A user in a document. With several sessions there, the one that moved last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct DocumentPresence {
    /// The document's kind.
    pub document_type: DocumentType,
    /// The cursor, once it has moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<CursorPosition>,
    /// What is selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected_node_id: Option<Label>,
    /// When the user entered the document or last moved in it.
    pub last_active_in_document: Timestamp,
}

/// Everybody in one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DocumentActivity {
    /// Which document.
    pub document_id: DocumentId,
    /// Its kind.
    pub document_type: DocumentType,
    /// The whole list; it replaces the one before.
    pub active_users: Vec<ActiveUser>,
}

/// One user in a document's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct ActiveUser {
    /// Who.
    pub user_id: UserId,
    /// The name to show.
    pub user_name: UserName,
    /// The colour to show.
    pub avatar_color: AvatarColor,
    /// The cursor, once it has moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<CursorPosition>,
    /// What is selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected_node_id: Option<Label>,
}
