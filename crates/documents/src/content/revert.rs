//! Showing again what an earlier version showed.

use bytes::Bytes;
use serde_json::Value;
use yrs::types::text::YChange;
use yrs::types::xml::XmlIn;
use yrs::types::{AsPrelim, Delta};
use yrs::undo::{Options, UndoManager};
use yrs::{Array, ArrayRef, Doc, In, Map, Out, ReadTxn, Text, Transact, WriteTxn, XmlFragment, XmlOut};

use super::export::{Root, names, root};
use super::library::{self, Failed, guarded};
use super::replace::{Filling, clear, fill};
use super::{ApplyError, Content, RevertError, apply, picture, walk};
use crate::limits::ContentLimits;
use crate::wire::{StateVector, WireError};

/// A new update that makes a document with state `current` show what `version` showed; `None` if it does already.
///
/// Nothing is rewritten. Undoing, in a copy of the version, all that came after it keeps as much of the document in
/// place as can be, so that others' cursors and concurrent edits stay where they are. Where that does not show what
/// the version showed, the content of the roots is replaced.
///
/// # Errors
/// When one of the two cannot be read, or there is no room for what is restored.
pub fn revert(current: &[u8], version: &[u8], limits: ContentLimits) -> Result<Option<Bytes>, RevertError> {
    let now = open(current, limits).map_err(RevertError::Current)?;
    let then = open(version, limits).map_err(RevertError::Version)?;
    let wanted = show(&then)?;
    if show(&now)? == wanted {
        return Ok(None);
    }
    if let Ok(update) = guarded(|| undo(&now, &then)).and_then(|undone| undone)
        && let Some(change) = check(current, &update, &wanted, limits)?
    {
        return Ok(Some(change));
    }
    // Opened again: undoing has changed the copy.
    let then = open(version, limits).map_err(RevertError::Version)?;
    let update = guarded(|| replace(&now, &then)).map_err(broken)?;
    check(current, &update, &wanted, limits)?.map(Some).ok_or(RevertError::Broken)
}

fn broken(_: Failed) -> RevertError {
    RevertError::Broken
}

fn open(state: &[u8], limits: ContentLimits) -> Result<Content, ApplyError> {
    let mut content = Content::new(limits);
    let survey = walk::survey(state, &limits)?;
    apply::take_in(&mut content, state, &survey, None)?;
    Ok(content)
}

fn show(content: &Content) -> Result<Value, RevertError> {
    guarded(|| picture::of(&content.doc)).map_err(broken)
}

/// What `update` changes in a document with state `current`, if it then shows what is wanted.
fn check(
    current: &[u8],
    update: &[u8],
    wanted: &Value,
    limits: ContentLimits,
) -> Result<Option<Bytes>, RevertError> {
    let mut copy = open(current, limits).map_err(RevertError::Current)?;
    let Ok(survey) = walk::survey(update, &limits) else { return Ok(None) };
    let change = match apply::take_in(&mut copy, update, &survey, None) {
        Ok(Some(change)) if show(&copy)? == *wanted => change,
        _ => return Ok(None),
    };
    let (size, limit) = (copy.state().len(), limits.document_bytes);
    if size > limit {
        return Err(WireError::DocumentFull { size, limit }.into());
    }
    Ok(Some(change.update))
}

/// Undoes, in the copy of the version, all that is new in the current document.
fn undo(now: &Content, then: &Content) -> Result<Vec<u8>, Failed> {
    const ORIGIN: &str = "since the version";
    let limits = then.limits;
    let vector = |content: &Content| StateVector::new(content.state_vector(), &limits).map_err(|_| Failed);
    let since = library::decode(&now.diff(&vector(then)?)).map_err(|_| Failed)?;
    let mut manager = UndoManager::<()>::with_options(Options::default());
    for root in roots(&then.doc, &now.doc) {
        manager.expand_scope(&then.doc, &root);
    }
    manager.include_origin(ORIGIN);
    then.doc.transact_mut_with(ORIGIN).apply_update(since).map_err(|_| Failed)?;
    manager.undo_blocking();
    let now = vector(now)?.iter().map(|(client, clock)| (yrs::block::ClientID::new(client), clock)).collect();
    Ok(then.doc.transact().encode_diff_v1(&now))
}

/// All roots of both, in `doc`.
fn roots(doc: &Doc, other: &Doc) -> Vec<ArrayRef> {
    let mut all = names(&other.transact());
    let mut txn = doc.transact_mut();
    all.extend(names(&txn));
    all.into_iter().map(|name| txn.get_or_insert_array(name)).collect()
}

/// Replaces the content of all roots by that of the version.
fn replace(now: &Content, then: &Content) -> Vec<u8> {
    let mut txn = now.doc.transact_mut();
    let mut all = names(&txn);
    let version = then.doc.transact();
    all.extend(names(&version));
    all.sort_unstable();
    all.dedup();
    for name in all {
        clear(&mut txn, &name);
        for filling in fillings(&version, &name) {
            fill(&mut txn, &name, filling);
        }
    }
    txn.commit();
    txn.encode_update_v1()
}

/// All that is in a root: what is in sequence, and its entries.
fn fillings<T: ReadTxn>(txn: &T, name: &str) -> Vec<Filling> {
    let sequence = match root(txn, name) {
        Root::Text(text) => Some(Filling::Text(delta(txn, &text))),
        Root::Xml(fragment) => Some(Filling::Xml(nodes(txn, &fragment))),
        Root::Array(array) => Some(Filling::Array(array.iter(txn).map(|out| out.as_prelim(txn)).collect())),
        Root::Map(_) | Root::Empty => None,
    };
    let members = txn.get_map(name).map(|map| {
        Filling::Map(map.iter(txn).map(|(key, out)| (key.to_owned(), out.as_prelim(txn))).collect())
    });
    sequence.into_iter().chain(members).collect()
}

fn delta<T: ReadTxn>(txn: &T, text: &impl Text) -> Vec<Delta<In>> {
    let chunks = text.diff(txn, YChange::identity).into_iter();
    chunks.map(|chunk| Delta::Inserted(Out::as_prelim(&chunk.insert, txn), chunk.attributes)).collect()
}

fn nodes<T: ReadTxn>(txn: &T, fragment: &impl XmlFragment) -> Vec<XmlIn> {
    let node = |node| match node {
        XmlOut::Element(element) => XmlIn::Element(element.as_prelim(txn)),
        XmlOut::Fragment(fragment) => XmlIn::Fragment(fragment.as_prelim(txn)),
        XmlOut::Text(text) => XmlIn::Text(text.as_prelim(txn)),
    };
    fragment.children(txn).map(node).collect()
}
