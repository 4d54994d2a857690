//! Servers that a scenario starts by itself: collabd, and those that it is compared with.

mod child;
mod peer;

pub use child::{Server, ServerError};
pub use peer::{Peer, Programs};
