//! Faults on purpose, so that tests of the real binary can see what follows from one. Only the feature
//! `fault-injection` lets anybody ask for one; without it every site below is an empty function.
//!
//! A site is a place in the code by its name, such as `reader` or `project:7`.

#[cfg(feature = "fault-injection")]
mod armed;

#[cfg(feature = "fault-injection")]
pub use armed::{Fault, arm, delay, strike, strike_one};

/// Breaks down here if a test asked for it.
#[cfg(not(feature = "fault-injection"))]
#[inline]
pub fn strike(_site: &str) {}

/// As [`strike`], at the one of many sites of a kind that is named `kind:which`.
#[cfg(not(feature = "fault-injection"))]
#[inline]
pub fn strike_one(_kind: &str, _which: &dyn std::fmt::Display) {}

/// Waits here, holding nobody up but the caller, if a test asked for it.
#[cfg(not(feature = "fault-injection"))]
#[inline]
#[expect(clippy::unused_async, reason = "it waits where faults can be asked for")]
pub async fn delay(_site: &str) {}
