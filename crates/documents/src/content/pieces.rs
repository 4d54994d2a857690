//! Large updates, given to the library in pieces.
//!
//! What the library does for an update can take it a time that grows with the square of its size, or with the size
//! of the document for each struct. It cannot be interrupted, so it gets a little at a time, and the clock is looked
//! at in between. The pieces come in an order in which nothing waits for a later one: of waiting chains, too, the
//! library searches all for each that joins.

use super::place::Placed;
use super::walk::{Survey, each_delete};
use crate::wire::{WireError, writer};

/// The most deleted ranges in one piece.
const RANGES: usize = 128;

/// The updates that together say what is new in `update`, and its whole delete set.
pub(super) fn cut(update: &[u8], survey: &Survey, placed: &Placed) -> Result<Vec<Vec<u8>>, WireError> {
    let mut pieces = Vec::with_capacity(placed.pieces.len() + survey.deletes / RANGES + 1);
    for piece in &placed.pieces {
        let structs = update.get(piece.at as usize..piece.end as usize).unwrap_or_default();
        let mut out = Vec::with_capacity(structs.len() + 24);
        out.push(1);
        writer::uint(&mut out, piece.structs.into());
        writer::uint(&mut out, piece.client);
        writer::uint(&mut out, piece.clock.into());
        out.extend_from_slice(structs);
        out.push(0);
        pieces.push(out);
    }
    let mut deletes = Deletes { pieces, client: 0, ranges: Vec::new() };
    each_delete(update.get(survey.deletes_at..).unwrap_or_default(), |client, clock, end| {
        deletes.add(client, clock, end);
        true
    })?;
    deletes.end();
    Ok(deletes.pieces)
}

struct Deletes {
    pieces: Vec<Vec<u8>>,
    client: u64,
    ranges: Vec<(u32, u32)>,
}

impl Deletes {
    fn add(&mut self, client: u64, clock: u32, end: u32) {
        if client != self.client || self.ranges.len() == RANGES {
            self.end();
        }
        self.client = client;
        self.ranges.push((clock, end));
    }

    fn end(&mut self) {
        if self.ranges.is_empty() {
            return;
        }
        let mut out = vec![0, 1];
        writer::uint(&mut out, self.client);
        writer::uint(&mut out, self.ranges.len() as u64);
        for (clock, end) in self.ranges.drain(..) {
            writer::uint(&mut out, clock.into());
            writer::uint(&mut out, (end - clock).into());
        }
        self.pieces.push(out);
    }
}
