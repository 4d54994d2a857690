//! Points in time as the database keeps them: milliseconds since 1970-01-01 UTC.

use jiff::Timestamp;

use super::StoreError;
use super::error::damaged;

/// The present, for a column.
pub(super) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// What `column` holds.
pub(super) fn read(column: &'static str, millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|source| damaged(column, source))
}
