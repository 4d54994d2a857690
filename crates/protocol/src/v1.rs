//! The v1 dialect: the four messages (and `pong`) that the older browser client understands.
//!
//! That client treats any other `type`, or an array, as an error, so nothing else may be sent to it.

use serde::{Deserialize, Serialize};

use crate::presence::{DocumentActivity, Presence};

/// One message to a v1 client, tagged by `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum V1Message {
    /// Everybody in the project; replaces the client's list.
    BulkPresence {
        /// All users, the receiver included.
        data: Vec<Presence>,
    },
    /// One user as it is now; `isOnline: false` removes it.
    UserPresence {
        /// The user.
        data: Presence,
    },
    /// Everybody in a document; replaces the client's list.
    DocumentActivity {
        /// The whole list.
        data: DocumentActivity,
    },
    /// A message was refused.
    Error {
        /// What was wrong.
        message: String,
    },
    /// Answer to `ping`.
    Pong,
}
