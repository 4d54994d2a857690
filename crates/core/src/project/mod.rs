//! One project: an actor around a [`Room`](crate::room::Room), the handle to it, and the guards it hands out.

mod actor;
mod command;
mod drain;
mod handle;
mod observer;
mod report;
mod session;
#[cfg(test)]
mod tests;

pub(crate) use actor::{ProjectActor, Spec};
pub(crate) use command::End;
pub use handle::{JoinError, JoinRequest, ProjectError, ProjectHandle};
pub use observer::Observer;
pub use report::ProjectReport;
pub use session::Session;
