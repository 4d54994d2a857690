//! The database does not do what it is asked: its disk is full, somebody else holds its lock, its file is damaged.
//!
//! What was not stored must not be acknowledged, presence and reading must go on, and writing must begin again by itself
//! once the fault is over. A server whose file is damaged says so and does not start, or serves what it can.

mod damage;
mod stage;
mod trial;

pub use stage::{Plan, run};
