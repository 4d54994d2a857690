//! The scenario of shared documents: in each, several people type at the same time.
//!
//! Every client has a Yjs document of its own, presses keys at its rate and sends what each did. Some clients take
//! in everything that they hear; the others only look at who sent which change, so that the generator is not what
//! is measured. A change is recognised by its client and clock, and a table that all clients share says when it was
//! sent, so whoever receives it knows how long it took. When the typing is over and nothing arrives any more, the
//! documents of those who took everything in must equal that of a client who opens it afresh, and that must have
//! everything that anybody typed.
//!
//! [`Plan`] says what to play, [`run`] plays it against a [`Target`](crate::editing::Target), [`Report`] says what
//! happened and [`comparison`] puts the reports of several servers side by side.

mod client;
pub mod comparison;
mod heading;
mod ledger;
mod listener;
mod outcome;
mod phase;
mod plan;
mod report;
mod stage;
mod table;
mod typist;
mod verdict;

pub use plan::{DocumentsError, Plan};
pub use report::{Report, ServerCost};
pub use stage::run;
