//! The scenario of many documents that nobody is in any more: is their memory given back?
//!
//! Many documents are opened, each by one client that puts a text into it. All of them stay for a moment, then
//! everybody leaves, and the server has time to unload. Its memory is looked at before, with all documents, and after.

mod report;
mod stage;

pub use report::{Report, rows};
pub use stage::{Plan, UnloadingError, run};
