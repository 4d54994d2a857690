//! Who may do what. In an open server everybody is who they say they are and may do everything; a secured one
//! believes only tokens and the tickets it gave out itself.
//!
//! ```text
//! token  --> Authority --> Verifier --> Keys (one of the settings, or Jwks: fetched and kept)
//!                             |-------> Claims --> Subject --in_project--> Proven --> Members --> Identity
//! ticket --> Tickets ----------------------------------------------------> Proven ----^
//! ```
//!
//! A [`Subject`] is who a token names, [`Proven`] that person or program in one project, and an [`Identity`] the same with
//! the role that [`Members`] found. Nobody else makes any of them.

mod authority;
mod bearer;
mod claims;
mod code;
mod error;
mod identity;
mod invitation;
mod jwks;
mod keys;
mod members;
mod mint;
mod setup;
mod tickets;
mod verifier;

pub(crate) use authority::Authority;
pub(crate) use bearer::bearer;
pub(crate) use claims::LEEWAY;
pub(crate) use error::AuthError;
pub(crate) use identity::{Grounds, Identity, Proven, Subject};
pub(crate) use invitation::InvitationCode;
pub(crate) use members::Members;
pub use mint::{MintError, mint};
pub use setup::{SetupError, check};
pub(crate) use tickets::{Ticket, Tickets, TicketsFull};
pub(crate) use verifier::MAX_TOKEN;
#[cfg(any(test, fuzzing))]
pub(crate) use verifier::fixed_verifier;
