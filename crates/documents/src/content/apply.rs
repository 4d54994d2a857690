//! Taking an update in.

use bytes::Bytes;
use tokio::time::{Duration, Instant};
use yrs::{IdSet, TransactionMut, Update};

use super::index::Mark;
use super::place::{self, PlaceError, Placed};
use super::walk::{self, Section, Survey};
use super::{ApplyError, Change, Content, Size, encode_state_vector, library, pieces};
use crate::wire::WireError;

/// How many subdocuments a document may have had since it was loaded. The library makes each a document of its own,
/// with a hundred times the memory that it has on the wire.
const SUBDOCUMENTS: usize = 1_000;

/// How long the library may take for one update. An honest one of the largest size takes a hundredth of that.
const PATIENCE: Duration = Duration::from_secs(5);

/// The estimated size is made exact at most once for this part of the limit: encoding takes a while. So a document
/// may be full this much before the limit.
const MEASURE_EVERY: usize = 16;

impl From<PlaceError> for ApplyError {
    fn from(error: PlaceError) -> Self {
        match error {
            PlaceError::Refused(error) => Self::Refused(error),
            PlaceError::Missing => Self::Missing,
        }
    }
}

/// Takes in what a client sent.
pub(super) fn apply(content: &mut Content, update: &[u8]) -> Result<Option<Change>, ApplyError> {
    // What one message may hold is the wire's business; no update holds more than a document may.
    let limit = content.limits.document_bytes;
    if update.len() > limit {
        return Err(WireError::TooBig { field: "update", size: update.len(), limit }.into());
    }
    let survey = walk::survey(update, &content.limits)?;
    check_room(content, &survey)?;
    take_in(content, update, &survey, Some(PATIENCE))
}

/// Takes in an update of any size, whether there is room for it or not. With `patience`, it comes from a client.
pub(super) fn take_in(
    content: &mut Content,
    update: &[u8],
    survey: &Survey,
    patience: Option<Duration>,
) -> Result<Option<Change>, ApplyError> {
    let index = &content.index;
    let is_cut = |section: &Section| (section.clock + 1..section.end).contains(&index.end(section.client));
    if !survey.sections.iter().any(is_cut) {
        return take_in_new(content, update, survey, patience);
    }
    // The library would believe what a struct whose beginning is known says of its place; others, who are told only
    // the rest, go by that beginning. Cut off first, the rest goes by it here, too.
    let clients = survey.sections.iter().map(|section| (section.client, index.end(section.client)));
    let known = encode_state_vector(survey.sections.len(), clients);
    let update = library::cut(update, &known)?;
    let survey = walk::survey(&update, &content.limits)?;
    take_in_new(content, &update, &survey, patience)
}

/// Takes in an update in which each struct is either known or new.
fn take_in_new(
    content: &mut Content,
    update: &[u8],
    survey: &Survey,
    patience: Option<Duration>,
) -> Result<Option<Change>, ApplyError> {
    let index = &mut content.index;
    let is_fresh = survey.sections.iter().all(|section| section.clock == index.end(section.client));
    let news = place::place(index, update, survey, &content.limits)?;
    let checked = check_subdocuments(index.subdocuments + news.subdocuments, patience);
    let decoded = checked.and_then(|()| decode(update, survey, &news));
    let decoded = decoded.inspect_err(|_| place::rewind(index, &news))?;
    // Compared with what was really deleted, should the update itself be the change.
    let claimed = match decoded.as_slice() {
        [whole] if is_fresh && survey.deletes_in_order => Some(whole.delete_set().clone()),
        _ => None,
    };
    let is_change = |txn: &TransactionMut<'_>| {
        let deletes_are_new = || claimed.as_ref().is_some_and(|set| is_within(set, txn.delete_set()));
        is_fresh && (survey.deletes == 0 || deletes_are_new())
    };
    let deadline = patience.map(|patience| Instant::now() + patience);
    let changed = library::transact(&content.doc, decoded, deadline, |txn| {
        if !has_all(txn, index, &news.marks) {
            return Err(library::Failed);
        }
        let change = match txn.has_changes() {
            false => return Ok(None),
            // The usual case costs nothing more: making an update looks at every client of the document.
            true if is_change(txn) => Bytes::copy_from_slice(update),
            true => Bytes::from(txn.encode_update_v1()),
        };
        Ok(Some((change, length(txn.delete_set()))))
    });
    let changed = changed.and_then(|changed| changed).map_err(|library::Failed| ApplyError::Broken)?;
    index.subdocuments += news.subdocuments;
    Ok(changed.map(|(update, gone)| {
        let Size { exact, added, deleted } = content.size.get();
        let added = added.saturating_add(update.len());
        content.size.set(Size { exact, added, deleted: deleted.saturating_add(gone) });
        Change { update, advanced: advanced(content, &news.marks) }
    }))
}

fn check_subdocuments(count: usize, patience: Option<Duration>) -> Result<(), WireError> {
    if patience.is_none() || count <= SUBDOCUMENTS {
        return Ok(());
    }
    let (count, limit) = (count as u64, SUBDOCUMENTS as u64);
    Err(WireError::TooMany { field: "subdocuments", count, limit })
}

/// The update as the library wants it: whole, or in pieces if it is large.
fn decode(update: &[u8], survey: &Survey, placed: &Placed) -> Result<Vec<Update>, WireError> {
    if survey.len() <= place::LARGE {
        return Ok(vec![library::decode(update)?]);
    }
    pieces::cut(update, survey, placed)?.iter().map(|piece| library::decode(piece)).collect()
}

/// Refuses new elements for which there is no room. What only deletes is always welcome.
fn check_room(content: &Content, survey: &Survey) -> Result<(), WireError> {
    let is_new = |section: &Section| section.end > content.index.end(section.client);
    if !survey.sections.iter().any(is_new) {
        return Ok(());
    }
    let limit = content.limits.document_bytes;
    if content.bytes().saturating_add(survey.deletes_at) > limit {
        let Size { added, deleted, .. } = content.size.get();
        if added.saturating_add(deleted) > limit / MEASURE_EVERY {
            drop(content.state());
        }
        let size = content.bytes().saturating_add(survey.deletes_at);
        if size > limit {
            return Err(WireError::DocumentFull { size, limit });
        }
    }
    Ok(())
}

/// Has the library taken in exactly what was placed?
fn has_all(txn: &TransactionMut<'_>, index: &super::Index, marks: &[Mark]) -> bool {
    let inserted = txn.insert_set();
    inserted.len() == marks.len()
        && marks.iter().all(|mark| {
            let ranges = inserted.get(&yrs::block::ClientID::new(mark.client));
            ranges.is_some_and(|ranges| {
                let mut ranges = ranges.ranges();
                let is_it =
                    ranges.next().is_some_and(|r| r.start == mark.end && r.end == index.end(mark.client));
                is_it && ranges.next().is_none()
            })
        })
}

fn is_within(part: &IdSet, whole: &IdSet) -> bool {
    part.iter().all(|(client, _)| match (part.get(client), whole.get(client)) {
        (Some(part), Some(whole)) => part.subset_of(whole),
        _ => false,
    })
}

/// How many elements are in it.
fn length(set: &IdSet) -> usize {
    let ranges = set.iter().flat_map(|(_, ranges)| ranges.iter());
    ranges.map(ExactSizeIterator::len).sum()
}

fn advanced(content: &Content, marks: &[Mark]) -> Bytes {
    encode_state_vector(marks.len(), marks.iter().map(|mark| (mark.client, content.index.end(mark.client))))
}
