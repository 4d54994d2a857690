//! Which clocks advanced since something was last said about them.

use std::collections::BTreeMap;

use bytes::Bytes;

use crate::wire::reader::Reader;
use crate::wire::writer;

const FIELD: &str = "state vector";

/// A partial state vector that grows.
#[derive(Debug, Default)]
pub(super) struct Clocks(BTreeMap<u64, u32>);

impl Clocks {
    /// Takes in newer clocks, as the content encoded them.
    pub(super) fn advance(&mut self, newer: &[u8]) {
        let mut reader = Reader::new(newer);
        let count = reader.uint(FIELD).unwrap_or_default();
        for _ in 0..count {
            let (Ok(client), Ok(clock)) = (reader.uint(FIELD), reader.uint32(FIELD)) else { return };
            self.0.insert(client, clock);
        }
    }

    /// The form that goes over the wire.
    pub(super) fn encode(&self) -> Bytes {
        let mut out = Vec::with_capacity(2 + self.0.len() * 10);
        writer::uint(&mut out, self.0.len() as u64);
        for (client, clock) in &self.0 {
            writer::uint(&mut out, *client);
            writer::uint(&mut out, u64::from(*clock));
        }
        out.into()
    }
}
