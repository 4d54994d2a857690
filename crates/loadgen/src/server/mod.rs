//! Servers that a scenario starts by itself: collabd, and those that it is compared with.

mod child;
mod nats;
mod nchan;
mod peer;
mod sockudo;

pub(crate) use child::listening;
pub use child::{Server, ServerError};
pub use peer::{Peer, Programs};
