//! Points in time.

use async_graphql::scalar;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A point in time, written as the wire protocol does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::graphql) struct DateTime(Timestamp);

scalar!(
    DateTime,
    "DateTime",
    "A point in time in UTC as RFC 3339 writes it, such as `2026-01-31T12:00:00.125Z`.",
    "https://www.rfc-editor.org/rfc/rfc3339"
);

impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp)
    }
}
