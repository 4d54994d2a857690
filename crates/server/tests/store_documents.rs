//! What the store promises of the content of documents, on the embedded database and on a real Postgres.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "support/database.rs"]
mod database;
#[path = "support/postgres.rs"]
mod postgres;

#[path = "store_documents/append.rs"]
mod append;
#[path = "store_documents/compact.rs"]
mod compact;
#[path = "store_documents/damage.rs"]
mod damage;
#[path = "store_documents/listing.rs"]
mod listing;
#[path = "store_documents/pieces.rs"]
mod pieces;
#[path = "store_documents/probe.rs"]
mod probe;
#[path = "store_documents/snapshots.rs"]
mod snapshots;
#[path = "store_documents/thinning.rs"]
mod thinning;
#[path = "store_documents/versions.rs"]
mod versions;
