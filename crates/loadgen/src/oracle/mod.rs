//! The oracle: it knows what every member must see, and counts what differs.
//!
//! Each member that listens has a [`View`] of its project, made of what it was told. The scenario knows the [`Truth`]:
//! who is there, who left and why, and where everybody stopped. A [`Verdict`] is the difference between the two; all
//! of it is 0, or the server is wrong.

mod truth;
mod verdict;
mod view;

pub(crate) use truth::{Expected, Truth};
pub use verdict::Verdict;
pub(crate) use view::View;
