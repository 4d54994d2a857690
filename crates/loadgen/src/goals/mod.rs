//! What collabd has to reach, compared with what was measured.
//!
//! The reports of several scenarios and servers, one line of JSON each, become two texts: every goal with its figure
//! and whether it is met, and every measure in which another server is ahead.

mod goal;
mod list;
mod records;
mod wins;

pub use goal::{Goal, write_goals};
pub use list::goals;
pub use records::{Records, RecordsError};
pub use wins::{Win, wins, write_wins};
