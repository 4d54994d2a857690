//! Shared documents over the real binary.

mod access;
mod multiplexed;
mod presence;
mod sharing;
mod storing;
mod versions;
