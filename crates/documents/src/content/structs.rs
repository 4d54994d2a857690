//! The structs of an update (v1), read one by one.

use crate::wire::WireError;
use crate::wire::reader::Reader;
use crate::wire::{json, value};

/// The highest clock: the library computes with signed 32-bit differences.
pub(super) const MAX_CLOCK: u32 = i32::MAX as u32;

/// Names one element of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) client: u64,
    pub(super) clock: u32,
}

/// A run of elements that one client inserted at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Struct {
    /// How many clocks it takes. Never 0.
    pub(super) length: u32,
    pub(super) body: Body,
}

impl Struct {
    /// Is it a document in the document?
    pub(super) fn is_subdocument(&self) -> bool {
        matches!(self.body, Body::Item(Item { content: Content::Subdocument, .. }))
    }
}

/// What a struct stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    /// Clocks that the sender does not have either.
    Skip,
    /// Collected garbage: elements that nobody needs the content nor the place of.
    Gone,
    Item(Item),
}

/// An inserted element, or several.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// Its left neighbour when it was inserted.
    pub(super) origin: Option<Id>,
    /// Its right neighbour when it was inserted.
    pub(super) right: Option<Id>,
    pub(super) parent: Parent,
    pub(super) content: Content,
}

/// In which shared type an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent {
    /// That of its neighbours.
    Copied,
    /// A root.
    Root,
    /// The type that this item holds.
    Id(Id),
}

/// What an item holds, as far as its nesting is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Plain,
    Deleted,
    Type,
    Subdocument,
}

/// The numbers of structs and contents in the low five bits of a struct's first byte.
mod number {
    pub(super) const GONE: u8 = 0;
    pub(super) const DELETED: u8 = 1;
    pub(super) const BINARY: u8 = 3;
    pub(super) const STRING: u8 = 4;
    pub(super) const EMBED: u8 = 5;
    pub(super) const FORMAT: u8 = 6;
    pub(super) const TYPE: u8 = 7;
    pub(super) const ANY: u8 = 8;
    pub(super) const SUBDOCUMENT: u8 = 9;
    pub(super) const SKIP: u8 = 10;
    pub(super) const MASK: u8 = 0x1f;
}

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_KEY: u8 = 0x20;

/// Reads one struct whose values are nested at most `depth` deep.
pub(super) fn read(reader: &mut Reader<'_>, depth: usize) -> Result<Struct, WireError> {
    let info = reader.byte("struct")?;
    match info {
        number::GONE => Ok(Struct { length: length(reader)?, body: Body::Gone }),
        number::SKIP => Ok(Struct { length: length(reader)?, body: Body::Skip }),
        _ => item(reader, info, depth),
    }
}

fn item(reader: &mut Reader<'_>, info: u8, depth: usize) -> Result<Struct, WireError> {
    let origin = if info & HAS_ORIGIN != 0 { Some(id(reader)?) } else { None };
    let right = if info & HAS_RIGHT_ORIGIN != 0 { Some(id(reader)?) } else { None };
    let parent = if origin.is_some() || right.is_some() {
        Parent::Copied
    } else {
        let parent = parent(reader)?;
        if info & HAS_KEY != 0 {
            reader.string("key")?;
        }
        parent
    };
    let (length, content) = content(reader, info & number::MASK, depth)?;
    Ok(Struct { length, body: Body::Item(Item { origin, right, parent, content }) })
}

fn id(reader: &mut Reader<'_>) -> Result<Id, WireError> {
    Ok(Id { client: reader.uint("client id")?, clock: reader.uint32("clock")? })
}

fn parent(reader: &mut Reader<'_>) -> Result<Parent, WireError> {
    const FIELD: &str = "parent kind";
    match reader.uint(FIELD)? {
        0 => Ok(Parent::Id(id(reader)?)),
        1 => reader.string("root name").map(|_| Parent::Root),
        number => Err(WireError::Unknown { field: FIELD, number }),
    }
}

fn length(reader: &mut Reader<'_>) -> Result<u32, WireError> {
    not_empty(reader.uint32("struct length")?)
}

/// A struct without elements is refused: the library drops it and then stumbles over a client without structs.
fn not_empty(length: u32) -> Result<u32, WireError> {
    if length == 0 {
        Err(WireError::Invalid { field: "struct", problem: "has no elements" })
    } else {
        Ok(length)
    }
}

fn content(reader: &mut Reader<'_>, number: u8, depth: usize) -> Result<(u32, Content), WireError> {
    Ok(match number {
        number::DELETED => (length(reader)?, Content::Deleted),
        number::BINARY => {
            reader.buffer("binary content")?;
            (1, Content::Plain)
        }
        number::STRING => (not_empty(utf16_length(reader.string("text")?)?)?, Content::Plain),
        number::EMBED => {
            json::check(reader.string("embed")?, depth, "embed")?;
            (1, Content::Plain)
        }
        number::FORMAT => {
            reader.string("format key")?;
            json::check(reader.string("format value")?, depth, "format value")?;
            (1, Content::Plain)
        }
        number::TYPE => {
            shared_type(reader)?;
            (1, Content::Type)
        }
        number::ANY => (values(reader, depth)?, Content::Plain),
        number::SUBDOCUMENT => {
            reader.string("subdocument id")?;
            value::skip(reader, depth)?;
            (1, Content::Subdocument)
        }
        // Among them 2, the JSON of Yjs before version 13, of which the library reads one string too many, and what
        // yrs knows and Yjs does not: moves.
        number => return Err(WireError::Unknown { field: "content kind", number: number.into() }),
    })
}

fn values(reader: &mut Reader<'_>, depth: usize) -> Result<u32, WireError> {
    const FIELD: &str = "values";
    let count = reader.count(1, FIELD)?;
    for _ in 0..count {
        value::skip(reader, depth)?;
    }
    not_empty(u32::try_from(count).map_err(|_| too_long())?)
}

fn shared_type(reader: &mut Reader<'_>) -> Result<(), WireError> {
    const FIELD: &str = "shared type";
    match reader.byte(FIELD)? {
        // array, map, text, XML fragment, XML text
        0 | 1 | 2 | 4 | 6 => Ok(()),
        // XML element
        3 => reader.string("element name").map(drop),
        // Among them 5, the XML hook, of which the library does not read the name.
        number => Err(WireError::Unknown { field: FIELD, number: number.into() }),
    }
}

/// Clocks are counted in UTF-16 units: one for every character's first byte, another for those of four bytes.
fn utf16_length(text: &str) -> Result<u32, WireError> {
    let units: usize =
        text.bytes().map(|byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0)).sum();
    u32::try_from(units).map_err(|_| too_long())
}

fn too_long() -> WireError {
    WireError::Range { field: "struct length", limit: MAX_CLOCK.into() }
}
