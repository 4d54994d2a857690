//! The Rust client of collabd, and the load scenarios built on it.
//!
//! [`client`] speaks the protocol, [`http`] asks the pages beside it and [`process`] looks at the server from
//! outside; the server's integration tests use all three. [`fanout`] is the scenario behind
//! `collab-bench fanout`. Nothing here links the server: what is measured is what a stranger would see.

pub mod client;
pub mod fanout;
pub mod http;
pub mod process;

pub use client::{Client, ClientError, Closed, Endpoint, Event, Snapshot};
