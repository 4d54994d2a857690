//! What a client says to the server. Both dialects share these messages.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{DocumentId, UserId};
use crate::position::{CursorPosition, DocumentType};
use crate::presence::Status;
use crate::text::{AvatarColor, Label, UserName};

/// One message from a client: `{"type": ..., "data": ...}`.
///
/// The one way in is [`codec::decode`](crate::codec::decode), which also checks what these types cannot.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Enter the project (J1).
    JoinSession(JoinSession),
    /// Enter one document and leave all others (C1).
    SwitchDocument(SwitchDocument),
    /// Move the cursor in a document (C1, C2).
    CursorUpdate(CursorUpdate),
    /// Say how present the user is.
    SetStatus(SetStatus),
    /// Leave the project; the socket stays open (P3).
    LeaveSession(LeaveSession),
    /// Refresh the token.
    Authenticate(Authenticate),
    /// Ask for a `pong`.
    Ping,
}

impl ClientMessage {
    /// The message's name on the wire.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::JoinSession(_) => "join_session",
            Self::SwitchDocument(_) => "switch_document",
            Self::CursorUpdate(_) => "cursor_update",
            Self::SetStatus(_) => "set_status",
            Self::LeaveSession(_) => "leave_session",
            Self::Authenticate(_) => "authenticate",
            Self::Ping => "ping",
        }
    }
}

/// Who joins, and into which document at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct JoinSession {
    /// Whose session this is.
    pub user_id: UserId,
    /// The name to show.
    pub user_name: UserName,
    /// The colour to show; one is chosen from the user id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_color: Option<AvatarColor>,
    /// Is this a program rather than a person?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_agent: Option<bool>,
    /// The document to enter at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<DocumentId>,
    /// Its kind; `canvas` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_type: Option<DocumentType>,
    /// Proof of identity where authentication is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
}

/// The document to be in from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SwitchDocument {
    /// Which document.
    pub document_id: DocumentId,
    /// Its kind.
    pub document_type: DocumentType,
}

/// A cursor's new place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct CursorUpdate {
    /// In which document; entering it if the session was not there.
    pub document_id: DocumentId,
    /// Its kind, which must fit the position; the position's kind when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_type: Option<DocumentType>,
    /// Where.
    pub position: CursorPosition,
    /// What is selected there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected_node_id: Option<Label>,
    /// The client's clock in milliseconds since 1970, echoed to receivers and never trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

/// How present the user is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct SetStatus {
    /// The session's new status.
    pub status: Status,
}

/// Leaves the whole project.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct LeaveSession {
    /// Accepted and ignored: a leave ends the session whatever document is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<DocumentId>,
}

/// A fresh token for the same subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Authenticate {
    /// The token.
    pub token: Token,
}

/// A bearer token. Its debug form hides it, so that no log line can carry one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
pub struct Token(pub String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}
