//! State vectors: which clocks of which clients somebody has.

use bytes::Bytes;

use super::WireError;
use super::reader::Reader;
use crate::limits::ContentLimits;

const FIELD: &str = "state vector";

/// An encoded state vector whose every number has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateVector(Bytes);

impl StateVector {
    /// Checks an encoded state vector.
    ///
    /// # Errors
    /// When it is malformed or names more clients than the limit.
    pub fn new(bytes: Bytes, limits: &ContentLimits) -> Result<Self, WireError> {
        let mut reader = Reader::new(&bytes);
        let count = reader.count(2, FIELD)?;
        if count > limits.clients {
            let (count, limit) = (count as u64, limits.clients as u64);
            return Err(WireError::TooMany { field: FIELD, count, limit });
        }
        for _ in 0..count {
            reader.uint("state vector client id")?;
            reader.uint32("state vector clock")?;
        }
        reader.end(FIELD)?;
        Ok(Self(bytes))
    }

    /// That of somebody who has nothing.
    pub fn empty() -> Self {
        Self(Bytes::from_static(&[0]))
    }

    /// As it is on the wire.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The clients and their clocks.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        let mut reader = Reader::new(&self.0);
        let count = reader.uint(FIELD).unwrap_or_default();
        (0..count).map_while(move |_| Some((reader.uint(FIELD).ok()?, reader.uint32(FIELD).ok()?)))
    }
}
