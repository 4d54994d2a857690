//! Clients of shared documents: what every scenario about documents is made of.
//!
//! A [`Target`] says where documents are and how the server there frames its messages. A `Socket` is one client's
//! connection to one document, a `Visit` the same with a Yjs document that has all that the server has. An
//! `Editor` types as people do, and a `State` is what two documents must have in common.

mod editor;
mod error;
mod framing;
mod patience;
mod socket;
mod state;
mod target;
mod visit;

pub(crate) use editor::Editor;
pub use error::EditingError;
pub(crate) use framing::Heard;
pub(crate) use patience::eventually;
pub(crate) use socket::{Receiver, Sender, Socket};
pub(crate) use state::State;
pub use target::{Dialect, Target};
pub(crate) use visit::{Visit, all_that_is_missing, hear, take_in};
