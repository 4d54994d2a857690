//! A proxy that harms connections, between very many visitors and the server.
//!
//! Each visitor's connection has a fate of its own: it is carried as it is, late, in slices or slowly, cut by a
//! reset or ended on one side at a random byte, or swallowed without a word. Witnesses who are connected directly must be
//! told the truth about everybody: who came, who went and why, that those who come back within the grace period never
//! left, and nothing about another project.

mod carrier;
mod fate;
mod stage;
mod visitor;

pub use stage::{Plan, run};
