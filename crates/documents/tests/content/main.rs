//! One document's content, against what Yjs and the library make of the same updates.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may, too")]
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "small numbers")]

mod bounds;
mod editors;
mod fixtures;
mod messages;
mod random;
mod revert;
mod support;
