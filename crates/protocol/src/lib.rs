//! The wire of collabd, and nothing else: ids, messages, positions and their validation, codes and the codec.
//!
//! This crate does no I/O and keeps no state. `docs/protocol.md` is the normative text; rule ids in comments
//! (`J1`, `C2`, ...) are its rules. Read [`client`] and [`server`] for what is said, [`v1`] for the older
//! dialect, and [`codec`] for how it becomes bytes: no other module, in this crate or above it, knows that a
//! frame holds JSON.

pub mod client;
pub mod codec;
pub mod codes;
pub mod ids;
pub mod limit;
pub mod position;
pub mod presence;
pub mod role;
pub mod server;
pub mod text;
pub mod v1;

pub use client::ClientMessage;
pub use codec::{Batch, DecodeError, Encoding};
pub use codes::{CloseCode, DepartureReason, ErrorCode};
pub use ids::{DocumentId, ProjectId, SessionId, UserId};
pub use limit::{LimitHit, LimitName};
pub use position::{CursorPosition, DocumentType};
pub use presence::{Presence, Status};
pub use role::Role;
pub use server::{ServerMessage, WireError};
pub use text::{AvatarColor, Label, UserName};
