//! What the server says to a client of the v2 dialect.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::{CloseCode, DepartureReason, ErrorCode};
use crate::ids::{DocumentId, ProjectId, SessionId, UserId};
use crate::limit::LimitHit;
use crate::position::{CursorPosition, DocumentType};
use crate::presence::{DocumentActivity, Presence};
use crate::role::Role;
use crate::text::Label;

/// One message to a v2 client, tagged by `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ServerMessage {
    /// Everybody in the project; replaces what the client knew (J3, P4).
    BulkPresence {
        /// All users, the receiver included.
        data: Vec<Presence>,
        /// The project.
        project_id: ProjectId,
        /// The receiver's own session.
        session_id: SessionId,
        /// The server's clock.
        server_time: Timestamp,
    },
    /// A user's first session began (P1).
    UserJoined {
        /// The user.
        user: Presence,
    },
    /// A user's status, name, session count or documents changed.
    UserUpdated {
        /// The user as it is now.
        user: Presence,
    },
    /// A user's last session ended (P1).
    UserLeft {
        /// Who.
        user_id: UserId,
        /// Why the last session ended.
        reason: DepartureReason,
    },
    /// A session's cursor moved in a document the receiver is in (C1 to C3).
    CursorUpdate {
        /// The move.
        data: CursorMoved,
    },
    /// The list of a document's users changed.
    DocumentActivity {
        /// The whole list.
        data: DocumentActivity,
    },
    /// The client's token expires soon: a fresh one goes into `authenticate` (A6).
    TokenExpiring {
        /// When.
        expires_at: Timestamp,
    },
    /// The client's role in the project is another one from now on (A7).
    RoleChanged {
        /// Its role now.
        role: Role,
    },
    /// The server is about to close the socket.
    Disconnect {
        /// The close code's name.
        reason: String,
        /// The close code's number.
        code: u16,
        /// Do not come back sooner than this many milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
        /// The limit that was reached, if it was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<LimitHit>,
    },
    /// A message was refused; the socket stays usable (X2).
    Error(WireError),
    /// Answer to `ping`.
    Pong,
}

impl ServerMessage {
    /// The notice that comes before a close frame with `code`.
    pub fn disconnect(code: CloseCode, retry_after_ms: Option<u64>, limit: Option<LimitHit>) -> Self {
        Self::Disconnect { reason: code.name().to_owned(), code: code.number(), retry_after_ms, limit }
    }
}

/// A cursor's new place, as receivers see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct CursorMoved {
    /// Whose cursor.
    pub user_id: UserId,
    /// Which of the user's sessions.
    pub session_id: SessionId,
    /// In which document.
    pub document_id: DocumentId,
    /// Its kind.
    pub document_type: DocumentType,
    /// Where.
    pub position: CursorPosition,
    /// What is selected there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selected_node_id: Option<Label>,
    /// The sender's clock as the sender gave it, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<i64>,
}

/// A refusal, as it goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct WireError {
    /// What kind of refusal.
    pub code: ErrorCode,
    /// What was wrong: the field, the value's problem, the limit.
    pub message: String,
    /// May the same message succeed later?
    pub temporary: bool,
    /// Not before this many milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The limit that was reached, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<LimitHit>,
}

impl WireError {
    /// A refusal with `code`, whose temporariness the code decides.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            temporary: code.is_temporary(),
            retry_after_ms: None,
            limit: None,
        }
    }

    /// The same refusal with a time to wait.
    #[must_use]
    pub fn retry_after(mut self, milliseconds: u64) -> Self {
        self.retry_after_ms = Some(milliseconds);
        self
    }

    /// The same refusal with the limit that was reached.
    #[must_use]
    pub fn at_limit(mut self, limit: LimitHit) -> Self {
        self.limit = Some(limit);
        self
    }
}
