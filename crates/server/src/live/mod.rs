//! Who is connected to which project now, such that a change of rights reaches connections that are open.
//!
//! ```text
//! owner's decision --> store (committed) --> LiveConnections --wake--> Rights of each connection concerned
//! Rights --look the role up again--> Members --> close the connection, or change what it may do
//! ```
//!
//! A connection is listed *before* its role is looked up. So a decision is either in the store when that happens, or finds
//! the connection in the list. [`Rights`] looks again at times without being woken, too: another process that shares the
//! database wakes nobody here.

mod connection;
mod kick;
mod registry;
mod rights;

pub(crate) use connection::Kind;
pub(crate) use kick::kick;
pub(crate) use registry::{Audience, LiveConnections, LiveSession};
pub(crate) use rights::{Refused, Rights};
