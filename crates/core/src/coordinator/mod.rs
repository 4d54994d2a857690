//! The coordinator: which projects run, and how to reach them. Cursors never pass through it.

mod actor;
mod handle;
#[cfg(test)]
mod tests;

pub use actor::CollaborationCoordinator;
pub use handle::{CoordinatorHandle, OpenError};
