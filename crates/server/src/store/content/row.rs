//! Rows as they are read, and what a checksum makes of them.

use bytes::Bytes;
use collabd_documents::DocumentKey;
use collabd_documents::store::{Sequence, Snapshot};

use super::checksum::{Content, checksum};
use super::codec;

/// A record of a log.
#[derive(sqlx::FromRow)]
pub(super) struct LogRow {
    pub(super) sequence: i64,
    pub(super) payload: Vec<u8>,
    pub(super) checksum: i64,
}

/// A snapshot, or a version in its place.
#[derive(sqlx::FromRow)]
pub(super) struct StateRow {
    pub(super) through: i64,
    pub(super) state: Vec<u8>,
    pub(super) checksum: i64,
}

/// A row that is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damaged {
    /// Where it is.
    pub(super) place: i64,
    /// The checksum that it has, which tells it from a good row that takes its place meanwhile.
    pub(super) checksum: i64,
}

impl LogRow {
    /// Its updates, if it is whole.
    pub(super) fn updates(self, key: &DocumentKey) -> Result<Vec<Bytes>, Damaged> {
        let damaged = Damaged { place: self.sequence, checksum: self.checksum };
        if checksum(Content::Record, key, self.sequence, &self.payload) != self.checksum {
            return Err(damaged);
        }
        codec::decode(self.payload.into()).ok_or(damaged)
    }
}

impl StateRow {
    /// The snapshot, if it is whole.
    pub(super) fn snapshot(self, key: &DocumentKey) -> Result<Snapshot, Damaged> {
        let damaged = Damaged { place: self.through, checksum: self.checksum };
        if checksum(Content::State, key, self.through, &self.state) != self.checksum {
            return Err(damaged);
        }
        Ok(Snapshot { through: sequence(self.through), state: self.state.into() })
    }
}

/// A place as columns hold it. None reaches the greatest: a record that claims to be beyond stands in nobody's way.
pub(super) fn place(sequence: Sequence) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}

/// A place as a column holds it. None is negative: the schema refuses it.
pub(super) fn sequence(place: i64) -> Sequence {
    place.try_into().unwrap_or_default()
}
