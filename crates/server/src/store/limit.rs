//! How long a listing may be.

use super::{Problem, StoreError};

/// Most rows one listing returns. The rest is had by asking again after the last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u32);

impl Limit {
    /// The longest listing: about 1 MB with the longest names and ids.
    pub const MAX: Self = Self(1000);

    /// Checks `rows`.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] unless it is from 1 to [`Limit::MAX`].
    pub fn new(rows: u32) -> Result<Self, StoreError> {
        if (1..=Self::MAX.0).contains(&rows) {
            return Ok(Self(rows));
        }
        let problem = Problem::OutOfRange { value: rows, least: 1, greatest: Self::MAX.0 };
        Err(StoreError::Invalid { field: "limit", problem })
    }

    /// The number of rows.
    pub fn get(self) -> u32 {
        self.0
    }

    /// As SQL takes it.
    pub(super) fn rows(self) -> i64 {
        self.0.into()
    }
}

/// A page as people read it.
impl Default for Limit {
    fn default() -> Self {
        Self(100)
    }
}
