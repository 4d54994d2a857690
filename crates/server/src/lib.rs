//! The collabd server: sockets, GraphQL, store, health and metrics around the collaboration core.
//!
//! [`App::start`] opens the store and starts the coordinator; [`App::serve`] takes listeners and a shutdown token
//! from outside, so that tests come in by the same door as `main`.

mod admin;
mod admission;
mod app;
mod auth;
mod awake;
mod canary;
pub mod config;
mod connection;
mod documents;
#[cfg(feature = "echo")]
mod echo;
#[cfg(feature = "fault-injection")]
mod faults;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod graphql;
mod health;
mod live;
mod memory;
mod metrics;
mod net;
mod page;
mod recorded;
mod router;
mod serve;
mod socket;
pub mod store;
pub mod telemetry;
mod watchdog;

pub use app::{App, StartError};
pub use auth::{MintError, SetupError, check, mint};
pub use net::{Listeners, TlsError, bind, check_tls, connection_limit, raise_descriptor_limit};
pub use serve::Lost;
pub use watchdog::EXIT_STATUS;
