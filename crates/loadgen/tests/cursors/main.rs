//! The scenarios about cursors, against the real server and against one that is broken on purpose.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]

mod oracle;
mod peers;
mod proxy;
mod scenarios;
#[path = "../support/mod.rs"]
mod support;
