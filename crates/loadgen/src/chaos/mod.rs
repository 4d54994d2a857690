//! Faults on purpose, against the real server: what `collab-chaos` plays.
//!
//! Each scenario starts a [`Daemon`] (the release binary as a child, with its data in a temporary directory), puts load
//! on it, breaks something and looks whether what the server promises was kept. A [`Report`] names each promise with the
//! number of times that it was broken. To all of them belongs what must be true whatever happens: the health page answers
//! quickly all the while (`vitals`), and afterwards the server has nothing more than before (`aftermath`).

mod aftermath;
mod api;
mod crowd;
mod daemon;
mod database;
pub mod freeze;
pub mod kill;
pub mod proxy;
mod report;
pub mod restart;
pub mod store;
pub mod terminate;
mod vitals;
mod writing;

pub use crowd::Crowd;
pub use daemon::{Daemon, DaemonError};
pub use database::DatabaseError;
pub use report::{Figure, Promise, Report};
pub use vitals::Health;
pub use writing::Crew;
