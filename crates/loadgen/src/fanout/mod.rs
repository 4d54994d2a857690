//! The fan-out scenario: rooms full of members who all move, and all see each other move.
//!
//! Every member joins its project, opens the one document there and moves `rate` times a second. The projects'
//! documents are of all five kinds in turn. A move carries its send time, so whoever receives it knows how long it
//! took: one process plays all members and has one clock. When the moving is over each member sends one last,
//! recognisable position, and every other member of the room must see it (C2): intermediate moves may be lost under
//! load, the last one never. Now and then each receiver looks how old the newest position is that it has of each
//! sender: its freshness, which tells a server that is quick with what it sends from one that sends everything.
//!
//! [`Plan`] says what to play, [`run`] plays it, [`Report`] says what happened. Inside, one `Member` is one task;
//! the stage leads all of them through the phases.

mod comparison;
mod member;
mod mover;
mod observer;
mod phase;
mod plan;
mod report;
mod stage;
mod table;
mod totals;
mod watch;

pub use crate::tally::Latency;
pub use comparison::rows;
pub use plan::{Audience, FanoutError, Plan};
pub use report::{Report, ServerCost};
pub use stage::run;

#[cfg(test)]
pub(crate) use report::tests;
