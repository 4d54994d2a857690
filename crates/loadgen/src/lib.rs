//! The Rust client of collabd, and the load scenarios built on it.
//!
//! [`client`] speaks the protocol, [`http`] asks the pages beside it and [`process`] looks at the server from
//! outside; the server's integration tests use all three. The other modules are the scenarios of `collab-bench` and what
//! they have in common.
//!
//! Those about cursors ([`fanout`], [`hot`], [`churn`], [`idle`], [`slow`], [`storm`], [`soak`],
//! [`mixed`]) know only [`wire`], which has
//! a file for each way of speaking to a server, and let an oracle ([`Verdict`]) compare what members were told with
//! what is the case. Those about documents ([`documents`], [`opening`], [`unloading`]) have [`editing`] for the same.
//! [`server`] starts the servers. [`chaos`] breaks one and looks whether it keeps its promises all the same. Nothing here links the server: what is measured is what a stranger would see.

pub mod chaos;
pub mod churn;
pub mod client;
pub mod documents;
pub mod editing;
mod facts;
mod failure;
pub mod fanout;
pub mod goals;
pub mod hot;
pub mod http;
pub mod idle;
pub mod markdown;
pub mod mixed;
pub mod opening;
mod oracle;
pub mod plot;
pub mod process;
mod progress;
pub mod server;
pub mod slow;
pub mod soak;
mod state;
pub mod storm;
mod tally;
mod timeline;
mod units;
pub mod unloading;
pub mod wire;

pub use client::{Client, ClientError, Closed, Endpoint, Event, Snapshot};
pub use failure::Failure;
pub use oracle::Verdict;
pub use state::State;
pub use tally::Latency;
pub use timeline::Point;
