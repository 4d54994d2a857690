//! A first look at a whole update (v1): is every byte what it should be?
//!
//! Nothing is reserved that the bytes only claim, nothing recurses deeper than the limit, and what is kept of an
//! update is one small entry for each client in it.

use std::cmp::Reverse;

use super::structs::{self, MAX_CLOCK};
use crate::limits::ContentLimits;
use crate::wire::WireError;
use crate::wire::reader::Reader;

/// The structs of one client in an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) client: u64,
    /// The first clock.
    pub(super) clock: u32,
    /// The clock after the last.
    pub(super) end: u32,
    /// How many structs it has.
    pub(super) structs: u32,
    /// Where the first of them begins.
    pub(super) at: u32,
}

/// What a well-formed update consists of.
#[derive(Debug)]
pub(super) struct Survey {
    /// The highest client first, each only once.
    pub(super) sections: Vec<Section>,
    /// Where the delete set begins.
    pub(super) deletes_at: usize,
    /// How many ranges it deletes.
    pub(super) deletes: usize,
    /// Is each client's part of the delete set in order, without overlaps?
    pub(super) deletes_in_order: bool,
}

impl Survey {
    /// How many structs and deleted ranges there are.
    pub(super) fn len(&self) -> usize {
        self.sections.iter().map(|section| section.structs as usize).sum::<usize>() + self.deletes
    }
}

/// Looks through an update.
pub(super) fn survey(update: &[u8], limits: &ContentLimits) -> Result<Survey, WireError> {
    let size = update.len();
    if u32::try_from(size).is_err() {
        return Err(WireError::TooBig { field: "update", size, limit: u32::MAX as usize });
    }
    let mut reader = Reader::new(update);
    let count = clients(&mut reader, 3, limits)?;
    let mut sections: Vec<Section> = Vec::with_capacity(count);
    for _ in 0..count {
        sections.push(section(&mut reader, limits)?);
    }
    if !sections.is_sorted_by(|a, b| a.client > b.client) {
        sections.sort_unstable_by_key(|section| Reverse(section.client));
        if sections.windows(2).any(|pair| pair[0].client == pair[1].client) {
            return Err(twice());
        }
    }
    let deletes_at = reader.position();
    let (deletes, deletes_in_order) = deletes(&mut reader, limits)?;
    reader.end("update")?;
    Ok(Survey { sections, deletes_at, deletes, deletes_in_order })
}

fn clients(reader: &mut Reader<'_>, each: usize, limits: &ContentLimits) -> Result<usize, WireError> {
    const FIELD: &str = "clients";
    let count = reader.count(each, FIELD)?;
    if count > limits.clients {
        let (count, limit) = (count as u64, limits.clients as u64);
        return Err(WireError::TooMany { field: FIELD, count, limit });
    }
    Ok(count)
}

fn section(reader: &mut Reader<'_>, limits: &ContentLimits) -> Result<Section, WireError> {
    // The client, the clock, and no struct is shorter than two bytes.
    let structs = reader.uint32("structs")?;
    let client = reader.uint("client id")?;
    let clock = reader.uint32("clock")?;
    let limit = (reader.remaining() / 2) as u64;
    if u64::from(structs) > limit {
        return Err(WireError::TooMany { field: "structs", count: structs.into(), limit });
    }
    if structs == 0 {
        return Err(WireError::Invalid { field: "client", problem: "has no structs" });
    }
    // The whole update's size fits, so this does.
    let at = u32::try_from(reader.position()).unwrap_or(u32::MAX);
    let mut end = clock;
    for _ in 0..structs {
        end = add(end, structs::read(reader, limits.depth)?.length)?;
    }
    Ok(Section { client, clock, end, structs, at })
}

/// A clock and what follows it.
pub(super) fn add(clock: u32, length: u32) -> Result<u32, WireError> {
    clock
        .checked_add(length)
        .filter(|end| *end <= MAX_CLOCK)
        .ok_or(WireError::Range { field: "clock", limit: MAX_CLOCK.into() })
}

/// Passes over the delete set. How many ranges has it, and is each client's part in order?
fn deletes(reader: &mut Reader<'_>, limits: &ContentLimits) -> Result<(usize, bool), WireError> {
    let mut seen = Once::default();
    let start = reader.clone();
    let (mut count, mut in_order) = (0, true);
    for _ in 0..clients(reader, 2, limits)? {
        seen.see(reader.uint("client id")?);
        let mut end = 0;
        for _ in 0..reader.count(2, "deleted ranges")? {
            let (clock, after) = range(reader)?;
            in_order &= clock >= end;
            end = after;
            count += 1;
        }
    }
    if seen.maybe_twice {
        seen_once(start)?;
    }
    Ok((count, in_order))
}

/// A deleted range: the first clock, and that after the last.
fn range(reader: &mut Reader<'_>) -> Result<(u32, u32), WireError> {
    let clock = reader.uint32("deleted clock")?;
    let length = reader.uint32("deleted length")?;
    if length == 0 {
        return Err(WireError::Invalid { field: "deleted range", problem: "is empty" });
    }
    Ok((clock, add(clock, length)?))
}

/// Every deleted range of a surveyed delete set, with its client.
pub(super) fn each_delete(
    bytes: &[u8],
    mut visit: impl FnMut(u64, u32, u32) -> bool,
) -> Result<bool, WireError> {
    let mut reader = Reader::new(bytes);
    for _ in 0..reader.uint("clients")? {
        let client = reader.uint("client id")?;
        for _ in 0..reader.uint("deleted ranges")? {
            let (clock, end) = range(&mut reader)?;
            if !visit(client, clock, end) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Watches whether clients come in one direction, as libraries write them: then none comes twice.
#[derive(Debug, Default)]
struct Once {
    last: Option<u64>,
    is_rising: Option<bool>,
    maybe_twice: bool,
}

impl Once {
    fn see(&mut self, client: u64) {
        if let Some(last) = self.last.replace(client) {
            let rises = client > last;
            self.maybe_twice |= client == last || *self.is_rising.get_or_insert(rises) != rises;
        }
    }
}

/// The library keeps only the last part that a delete set has for a client, others add them up.
fn seen_once(mut reader: Reader<'_>) -> Result<(), WireError> {
    let count = reader.count(2, "clients")?;
    let mut clients = Vec::with_capacity(count);
    for _ in 0..count {
        clients.push(reader.uint("client id")?);
        for _ in 0..reader.count(2, "deleted ranges")? {
            range(&mut reader)?;
        }
    }
    clients.sort_unstable();
    if clients.windows(2).any(|pair| pair[0] == pair[1]) { Err(twice()) } else { Ok(()) }
}

fn twice() -> WireError {
    WireError::Invalid { field: "client", problem: "comes twice" }
}
