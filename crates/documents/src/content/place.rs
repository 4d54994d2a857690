//! Where the elements of an update belong, and whether everything is here that they build on.
//!
//! An update names the neighbours and parents of its elements by id; they may be in the document or anywhere in the
//! update. The elements are placed in an order in which each comes after those that it names, as the library will.
//! That library would keep what it cannot place, without bounds and without telling: so nothing reaches it that is
//! not placed here.

use super::index::{Index, Kind, Mark};
use super::structs::{self, Body, Content, Id, Item, Parent, Struct};
use super::walk::{Section, Survey, each_delete};
use crate::limits::ContentLimits;
use crate::wire::WireError;
use crate::wire::reader::Reader;

/// Why an update cannot be placed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PlaceError {
    Refused(WireError),
    /// It builds on elements that are neither in the document nor in the update.
    Missing,
}

impl From<WireError> for PlaceError {
    fn from(error: WireError) -> Self {
        Self::Refused(error)
    }
}

/// How far a section has been read.
#[derive(Debug, Clone, Copy)]
struct Cursor {
    at: u32,
    left: u32,
    clock: u32,
    /// Does it wait for another section?
    waits: bool,
    /// Has it added to the index?
    is_marked: bool,
}

/// A section being read, and how far it has to be for the one that waits for it.
#[derive(Debug, Clone, Copy)]
struct Step {
    section: usize,
    until: u32,
}

/// What became of a struct.
enum Outcome {
    Placed,
    Needs(Id),
}

struct Placer<'a> {
    index: &'a mut Index,
    update: &'a [u8],
    sections: &'a [Section],
    limits: &'a ContentLimits,
    cursors: Vec<Cursor>,
    placed: Placed,
}

/// What was placed.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// Where the clients were that have new elements now.
    pub(super) marks: Vec<Mark>,
    /// The new structs of a large update, in an order in which each comes after those that it names.
    pub(super) pieces: Vec<Piece>,
    /// How many subdocuments are among it.
    pub(super) subdocuments: usize,
}

/// Structs that follow each other in an update.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) client: u64,
    pub(super) clock: u32,
    pub(super) structs: u32,
    /// Where they begin.
    pub(super) at: u32,
    /// Where they end.
    pub(super) end: u32,
}

/// Structs and deleted ranges from which on an update is large.
pub(super) const LARGE: usize = 1_024;

/// The most structs in one piece.
const PIECE: u32 = 128;

/// Adds the elements of `update` to `index`. After an error, `index` is as before.
pub(super) fn place(
    index: &mut Index,
    update: &[u8],
    survey: &Survey,
    limits: &ContentLimits,
) -> Result<Placed, PlaceError> {
    let cursor =
        |s: &Section| Cursor { at: s.at, left: s.structs, clock: s.clock, waits: false, is_marked: false };
    let cursors = survey.sections.iter().map(cursor).collect();
    let mut placer =
        Placer { index, update, sections: &survey.sections, limits, cursors, placed: Placed::default() };
    let is_large = survey.len() > LARGE;
    let outcome = placer.place_all(is_large).and_then(|()| placer.check_deletes(survey.deletes_at));
    let news = placer.placed;
    match outcome {
        Ok(()) => Ok(news),
        Err(error) => {
            rewind(index, &news);
            Err(error)
        }
    }
}

/// Takes back what [`place`] added.
pub(super) fn rewind(index: &mut Index, placed: &Placed) {
    for mark in &placed.marks {
        index.rewind(mark);
    }
}

impl Placed {
    fn add(&mut self, piece: Piece) {
        match self.pieces.last_mut() {
            Some(last) if last.end == piece.at && last.structs < PIECE && last.client == piece.client => {
                last.structs += 1;
                last.end = piece.end;
            }
            _ => self.pieces.push(piece),
        }
    }
}

impl Placer<'_> {
    fn place_all(&mut self, is_large: bool) -> Result<(), PlaceError> {
        for section in 0..self.sections.len() {
            let Section { client, end, .. } = self.sections[section];
            if end > self.index.end(client) {
                self.place_section(section, is_large)?;
                self.check_clients()?;
            }
        }
        Ok(())
    }

    /// Has the document not too many clients, or too many that are alike?
    fn check_clients(&self) -> Result<(), WireError> {
        if self.index.len() > self.limits.clients {
            let (count, limit) = (self.index.len() as u64, self.limits.clients as u64);
            return Err(WireError::TooMany { field: "clients of the document", count, limit });
        }
        if self.index.is_crowded() {
            let problem = "too many are alike in their last 12 bits, they must be random";
            return Err(WireError::Invalid { field: "client ids", problem });
        }
        Ok(())
    }

    /// Places a whole section, and of others what it needs.
    fn place_section(&mut self, section: usize, is_large: bool) -> Result<(), PlaceError> {
        let mut stack = vec![Step { section, until: u32::MAX }];
        while let Some(&Step { section, until }) = stack.last() {
            let cursor = self.cursors[section];
            if cursor.left == 0 || cursor.clock >= until {
                stack.pop();
                if let Some(waiting) = stack.last() {
                    self.cursors[waiting.section].waits = false;
                }
                continue;
            }
            if let Outcome::Needs(id) = self.place_next(section, is_large)? {
                let other = self.provider(section, id)?;
                self.cursors[section].waits = true;
                stack.push(Step { section: other, until: id.clock + 1 });
            }
        }
        Ok(())
    }

    /// The section that has `id`, which `section` waits for.
    fn provider(&self, section: usize, id: Id) -> Result<usize, PlaceError> {
        let found = self.sections.binary_search_by(|other| id.client.cmp(&other.client));
        let other = found.map_err(|_| PlaceError::Missing)?;
        let Section { clock, end, .. } = self.sections[other];
        if end <= id.clock || clock > self.index.end(id.client) {
            return Err(PlaceError::Missing);
        }
        if other == section || self.cursors[other].waits {
            let problem = "depends on itself through what it names as its place";
            return Err(WireError::Invalid { field: "struct", problem }.into());
        }
        Ok(other)
    }

    /// Places the next struct of a section, unless it names an element that is not placed yet.
    fn place_next(&mut self, section: usize, is_large: bool) -> Result<Outcome, PlaceError> {
        let client = self.sections[section].client;
        let mut cursor = self.cursors[section];
        let mut reader = Reader::new(self.update.get(cursor.at as usize..).unwrap_or_default());
        let next = structs::read(&mut reader, self.limits.depth)?;
        let end = cursor.clock.saturating_add(next.length);
        let known = self.index.end(client);
        if end > known {
            // Structs of which a part is known have been cut before.
            if cursor.clock != known {
                return Err(PlaceError::Missing);
            }
            if let Body::Item(item) = &next.body
                && let Some(id) = self.unplaced(item)
            {
                return Ok(Outcome::Needs(id));
            }
            let (level, kind) = self.classify(&next)?;
            if !cursor.is_marked {
                cursor.is_marked = true;
                self.placed.marks.push(self.index.mark(client));
            }
            self.index.push(client, end, level, kind);
            self.placed.subdocuments += usize::from(next.is_subdocument());
        }
        let after = cursor.at.saturating_add(u32::try_from(reader.position()).unwrap_or(u32::MAX));
        if is_large && end > known {
            self.placed.add(Piece { client, clock: cursor.clock, structs: 1, at: cursor.at, end: after });
        }
        cursor.at = after;
        cursor.left -= 1;
        cursor.clock = end;
        cursor.waits = false;
        self.cursors[section] = cursor;
        Ok(Outcome::Placed)
    }

    /// The first element that `item` names and that is not placed.
    fn unplaced(&self, item: &Item) -> Option<Id> {
        let parent = if let Parent::Id(id) = item.parent { Some(id) } else { None };
        let named = [item.origin, item.right, parent];
        named.into_iter().flatten().find(|id| id.clock >= self.index.end(id.client))
    }

    /// Level and kind of a struct.
    fn classify(&self, next: &Struct) -> Result<(u16, Kind), PlaceError> {
        let item = match &next.body {
            Body::Skip => return Err(PlaceError::Missing),
            Body::Gone => return Ok((0, Kind::Gone)),
            Body::Item(item) => item,
        };
        let beside = [item.origin, item.right].into_iter().flatten().filter_map(|id| self.level(id));
        // An honest item's neighbours are all at one level. Of others the deepest counts, whichever the library takes.
        let Some(level) = beside.chain(self.level_inside(item.parent)?).max() else {
            return Ok((0, Kind::Gone));
        };
        if usize::from(level) > self.limits.depth {
            return Err(WireError::TooDeep { field: "shared types", limit: self.limits.depth }.into());
        }
        let kind = match item.content {
            Content::Type => Kind::Type,
            Content::Deleted => Kind::Deleted,
            Content::Plain | Content::Subdocument => Kind::Plain,
        };
        Ok((level, kind))
    }

    fn level(&self, id: Id) -> Option<u16> {
        self.index.get(id.client, id.clock).filter(|(_, kind)| *kind != Kind::Gone).map(|(level, _)| level)
    }

    /// The level of what is directly inside `parent`, unless that is no more.
    fn level_inside(&self, parent: Parent) -> Result<Option<u16>, WireError> {
        let id = match parent {
            Parent::Copied => return Ok(None),
            Parent::Root => return Ok(Some(1)),
            Parent::Id(id) => id,
        };
        match self.index.get(id.client, id.clock) {
            Some((level, Kind::Type)) => Ok(Some(level.saturating_add(1))),
            Some((_, Kind::Plain)) => {
                Err(WireError::Invalid { field: "parent", problem: "is no shared type" })
            }
            Some((_, Kind::Deleted | Kind::Gone)) | None => Ok(None),
        }
    }

    /// Everything that is deleted must be there.
    fn check_deletes(&self, at: usize) -> Result<(), PlaceError> {
        let bytes = self.update.get(at..).unwrap_or_default();
        if each_delete(bytes, |client, _, end| end <= self.index.end(client))? {
            Ok(())
        } else {
            Err(PlaceError::Missing)
        }
    }
}
