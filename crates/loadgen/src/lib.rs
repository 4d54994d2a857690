//! The Rust client of collabd, and the load scenarios built on it.
//!
//! [`client`] speaks the protocol, [`http`] asks the pages beside it and [`process`] looks at the server from
//! outside; the server's integration tests use all three. [`fanout`], [`documents`], [`opening`] and [`unloading`] are
//! the scenarios of `collab-bench`. Those about documents play against other servers, too: [`editing`] is a client of
//! documents on any of their wires, [`server`] starts them. Nothing here links the server: what is measured is what a
//! stranger would see.

pub mod client;
pub mod documents;
pub mod editing;
pub mod fanout;
pub mod http;
pub mod markdown;
pub mod opening;
pub mod process;
pub mod server;
mod tally;
pub mod unloading;

pub use client::{Client, ClientError, Closed, Endpoint, Event, Snapshot};
