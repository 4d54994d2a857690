//! What became of one client.

use crate::editing::State;

/// Which client: of which document, and which of its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Index of the document, from 0.
    pub(super) document: u32,
    /// Index among the document's clients, from 0.
    pub(super) client: u32,
}

/// What one client did and saw.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) place: Place,
    /// Measured updates that it sent.
    pub(super) sent: u64,
    /// Changes that it made, measured or not: its own clock.
    pub(super) clock: u32,
    /// Its document, if it took in everything.
    pub(super) state: Option<State>,
    pub(super) end: End,
}

/// How a client ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It stayed to the end.
    Closed,
    /// It never opened its document.
    NotOpened(String),
    /// It opened it and was lost.
    Lost(String),
}
