//! Who may do what. In an open server everybody is who they say they are and may do everything; a secured one
//! believes only tokens and the tickets it gave out itself.
//!
//! ```text
//! token  --> Authority --> Verifier --> Keys (one of the settings, or Jwks: fetched and kept)
//!                             |-------> Claims --> Subject --in_project--> Identity
//! ticket --> Tickets ---------------------------------------------------> Identity
//! ```
//!
//! A [`Subject`] is who a token names, an [`Identity`] that person or program in one project. Nobody else makes either.

mod authority;
mod bearer;
mod claims;
mod error;
mod identity;
mod jwks;
mod keys;
mod mint;
mod role;
mod setup;
mod tickets;
mod verifier;

pub(crate) use authority::Authority;
pub(crate) use bearer::bearer;
pub(crate) use claims::LEEWAY;
pub(crate) use error::AuthError;
pub(crate) use identity::{Identity, Subject};
pub use mint::{MintError, mint};
pub(crate) use role::Role;
pub use setup::{SetupError, check};
pub(crate) use tickets::{Ticket, Tickets, TicketsFull};
pub(crate) use verifier::MAX_TOKEN;
