//! What is known of a document's elements without asking the library: which there are, and how deeply nested.
//!
//! Elements of one client that follow each other mostly are in the same place, so a run of clocks takes eight bytes
//! where the library has hundreds for each struct.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::crowds::Crowds;

/// What an element is to those that name it as their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It has a place and nothing inside.
    Plain,
    /// Others may be inside.
    Type,
    /// Nobody knows any more what it was, but where it was.
    Deleted,
    /// Nobody knows any more where it was.
    Gone,
}

/// Elements of one client that are alike, up to where the next run starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    start: u32,
    /// How many shared types they are in, the root included. Never less than in the library, so what the library
    /// does by recursion ends at the limit.
    level: u16,
    kind: Kind,
}

/// All elements of one client. Most clients of a large document have one run, which needs no allocation.
#[derive(Debug)]
pub(super) struct Runs {
    end: u32,
    first: Run,
    more: Vec<Run>,
}

impl Runs {
    fn at(&self, clock: u32) -> &Run {
        match self.more.partition_point(|run| run.start <= clock) {
            0 => &self.first,
            after => &self.more[after - 1],
        }
    }
}

/// The elements of a document.
#[derive(Debug, Default)]
pub(super) struct Index {
    clients: HashMap<u64, Runs>,
    crowds: Crowds,
    /// How many subdocuments were ever inserted since the document was loaded.
    pub(super) subdocuments: usize,
}

/// What a client had before an update, to go back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) client: u64,
    pub(super) end: u32,
    more: usize,
}

impl Index {
    /// The clock of `client`'s next element.
    pub(super) fn end(&self, client: u64) -> u32 {
        self.clients.get(&client).map_or(0, |runs| runs.end)
    }

    /// How many clients have elements.
    pub(super) fn len(&self) -> usize {
        self.clients.len()
    }

    /// Are so many client ids alike that the library's tables degenerate?
    pub(super) fn is_crowded(&self) -> bool {
        self.crowds.over > 0
    }

    /// Each client and the clock of its next element.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.clients.iter().map(|(client, runs)| (*client, runs.end))
    }

    /// Level and kind of an element that is there.
    pub(super) fn get(&self, client: u64, clock: u32) -> Option<(u16, Kind)> {
        let runs = self.clients.get(&client).filter(|runs| clock < runs.end)?;
        let run = runs.at(clock);
        Some((run.level, run.kind))
    }

    /// Where `client` is now.
    pub(super) fn mark(&self, client: u64) -> Mark {
        let (end, more) = self.clients.get(&client).map_or((0, 0), |runs| (runs.end, runs.more.len()));
        Mark { client, end, more }
    }

    /// Appends the elements of `client` up to `end`.
    pub(super) fn push(&mut self, client: u64, end: u32, level: u16, kind: Kind) {
        match self.clients.entry(client) {
            Entry::Vacant(entry) => {
                entry.insert(Runs { end, first: Run { start: 0, level, kind }, more: Vec::new() });
                self.crowds.enter(client, &self.clients);
            }
            Entry::Occupied(mut entry) => {
                let runs = entry.get_mut();
                let last = runs.more.last().unwrap_or(&runs.first);
                if (last.level, last.kind) != (level, kind) {
                    runs.more.push(Run { start: runs.end, level, kind });
                }
                runs.end = end;
            }
        }
    }

    /// Takes back everything since `mark`.
    pub(super) fn rewind(&mut self, mark: &Mark) {
        if mark.end == 0 {
            self.clients.remove(&mark.client);
            self.crowds.leave(mark.client);
        } else if let Some(runs) = self.clients.get_mut(&mark.client) {
            runs.end = mark.end;
            runs.more.truncate(mark.more);
        }
    }
}
