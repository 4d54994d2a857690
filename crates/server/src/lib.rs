//! The collabd server: configuration, store and telemetry.

pub mod config;
pub mod store;
pub mod telemetry;
