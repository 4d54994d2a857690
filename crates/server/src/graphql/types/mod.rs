//! The types of the schema, and how they come from those of the store and the core.

mod date_time;
mod document;
mod document_type;
mod event;
mod health;
mod invitation;
mod member;
mod presence;
mod project;
mod session;
mod ticket;
mod version;

pub(super) use date_time::DateTime;
pub(super) use document::Document;
pub(super) use document_type::DocumentType;
pub(super) use event::Event;
pub(super) use health::Health;
pub(super) use invitation::{Invitation, NewInvitation};
pub(super) use member::Member;
pub(super) use presence::{Presence, everybody};
pub(super) use project::Project;
pub(super) use session::Session;
pub(super) use ticket::{Role, Ticket};
pub(super) use version::Version;
