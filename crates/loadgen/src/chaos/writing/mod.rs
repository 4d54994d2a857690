//! People who write, and the ledger of what they were told is on the disk.
//!
//! A [`Crew`] makes documents through mutations of GraphQL, with ids of the clients' making, and types into others. A
//! [`Ledger`](ledger::Ledger) has what was acknowledged, and [`Findings`] is what of it was missing, doubled or wrong.

mod findings;
mod ledger;
mod life;
mod typist;
mod writer;

pub(crate) use findings::Findings;
pub use life::Crew;
pub(crate) use life::Life;

/// Nobody who writes is to meet a bound, and what is left is looked at soon.
pub(crate) const OPTIONS: [&str; 8] = [
    "--document-idle",
    "1s",
    "--max-documents-per-project",
    "1000000",
    "--document-messages-per-second",
    "1000000",
    "--document-message-burst",
    "1000000",
];
