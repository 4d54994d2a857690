//! People who are there and do nothing: what one of them costs in memory.
//!
//! Everybody joins and has a document open. The server's memory is looked at before, with all of them, after each has
//! sent one large frame (and been answered), and when they have gone.

mod report;
mod sitter;
mod stage;

pub use report::{Report, rows};
pub use stage::{Plan, run};
