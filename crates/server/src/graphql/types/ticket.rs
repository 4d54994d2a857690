//! Tickets and what they admit to.

use async_graphql::{Enum, SimpleObject};

use super::DateTime;
use crate::auth;

/// What somebody may do in a project; each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "collabd_protocol::Role")]
pub(in crate::graphql) enum Role {
    /// Sees everything and is seen.
    Viewer,
    /// Writes content.
    Editor,
    /// Names and deletes the project, and says who is in it.
    Owner,
}

/// What its holder shows once instead of a token.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct Ticket {
    /// The ticket itself: whoever has it is let in.
    ticket: String,
    /// Until when it must be shown.
    expires_at: DateTime,
}

impl From<auth::Ticket> for Ticket {
    fn from(ticket: auth::Ticket) -> Self {
        Self { ticket: ticket.text, expires_at: ticket.expires_at.into() }
    }
}
