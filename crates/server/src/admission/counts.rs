//! How much is in use, as operators and tests read it.

use serde::Serialize;

/// How many places are taken and budgets used. All are 0 within seconds after the last client has gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AdmissionCounts {
    /// WebSockets that have not joined yet.
    pub(crate) unjoined: usize,
    /// Addresses with WebSockets.
    pub(crate) addresses: usize,
    /// Users with WebSockets.
    pub(crate) users: usize,
    /// Addresses that opened WebSockets within the last second or so.
    pub(crate) openings: usize,
    /// Users whose budget is not whole.
    pub(crate) purses: usize,
}
