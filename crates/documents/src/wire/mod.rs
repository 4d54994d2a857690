//! The wire of documents: bytes to messages and back.
//!
//! The messages are those of y-protocols (sync, awareness, auth, query awareness) and three of our own. Whatever
//! comes from a client is checked here byte by byte before a library sees it: libraries reserve the memory that a
//! message claims to need and follow nested values by recursion, so a few bytes could cost gigabytes or the stack.
//!
//! [`message`] reads what clients send, [`encode`] writes what the server sends, [`address`] names the document on
//! sockets that carry several, and [`peer`] is the client's side of all that, for tests and load generation.

pub mod address;
pub mod awareness;
pub mod encode;
mod error;
pub(crate) mod json;
pub mod message;
pub mod peer;
pub(crate) mod reader;
pub mod state_vector;
pub(crate) mod value;
pub(crate) mod writer;

pub use address::{addressed, split_address};
pub use awareness::AwarenessEntry;
pub use encode::{awareness, closed, permission_denied, saved, sync_step1, sync_step2, update};
pub use error::WireError;
pub use message::{ClientMessage, decode};
pub use state_vector::StateVector;
