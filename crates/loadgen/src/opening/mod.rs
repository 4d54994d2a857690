//! The scenario of a long document: how long does it take to open one that was typed key by key?
//!
//! Several writers fill one document with single keystrokes, in turns. When it has all of
//! them, everybody leaves, and a server that rewrites logs has time to do it. Then the server is started anew, so that
//! nothing is in its memory, and a client opens the document: from the connection to the last change applied.

mod fill;
mod report;
mod stage;

pub use report::{Report, rows};
pub(crate) use stage::number;
pub use stage::{OpeningError, Plan, run};
