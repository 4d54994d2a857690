//! Several editors of one document, driven by random numbers.

use bytes::Bytes;
use proptest::prelude::*;
use yrs::types::Attrs;
use yrs::updates::decoder::Decode;
use yrs::{
    Any, Array, ArrayPrelim, ClientID, Doc, GetString, Map, MapPrelim, OffsetKind, Options, Out, ReadTxn,
    Text, TextPrelim, Transact, TransactionMut, Update, WriteTxn, Xml, XmlElementPrelim, XmlFragment, XmlOut,
    XmlTextPrelim,
};

/// One thing that somebody does.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Which editor.
    who: usize,
    what: u8,
    at: u32,
    /// Who it hears from afterwards, if anyone.
    hears: Option<usize>,
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..4usize, 0..16u8, 0..1000u32, proptest::option::weighted(0.4, 0..4usize));
    let step = step.prop_map(|(who, what, at, hears)| Step { who, what, at, hears });
    proptest::collection::vec(step, 1..60)
}

/// Does all that and returns the updates, each made after those before it that its editor had heard of.
pub(crate) fn run(steps: &[Step]) -> Vec<Bytes> {
    let clients = [7, 1 << 40, 3_000_000_000, (1 << 53) - 1];
    let docs: Vec<Doc> = clients.map(doc).into();
    let mut updates = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let mut txn = docs[step.who].transact_mut();
        act(&mut txn, step.what, step.at, number);
        txn.commit();
        if txn.has_changes() {
            updates.push(txn.encode_update_v1().into());
        }
        drop(txn);
        if let Some(other) = step.hears.filter(|other| *other != step.who) {
            let vector = docs[step.who].transact().state_vector();
            let news = docs[other].transact().encode_diff_v1(&vector);
            docs[step.who].transact_mut().apply_update(Update::decode_v1(&news).unwrap()).unwrap();
        }
    }
    updates
}

pub(crate) fn doc(client: u64) -> Doc {
    let mut options = Options::with_client_id(ClientID::new(client));
    options.offset_kind = OffsetKind::Utf16;
    options.cleanup_formatting = false;
    Doc::with_options(options)
}

fn act(txn: &mut TransactionMut<'_>, what: u8, at: u32, number: usize) {
    match what {
        0..=6 => edit_text(txn, what, at, number),
        7..=9 => edit_map(txn, what, at, number),
        10..=12 => edit_array(txn, what, at, number),
        _ => edit_xml(txn, what, at, number),
    }
}

fn edit_text(txn: &mut TransactionMut<'_>, what: u8, at: u32, number: usize) {
    let text = txn.get_or_insert_text("text");
    let length = text.len(txn);
    let at = at % (length + 1);
    match what {
        0..=2 => text.insert(txn, at, ["a", "word ", "ünïcödé", "🦊🚀"][number % 4]),
        3 => text.push(txn, "typed"),
        4 => text.remove_range(txn, at, (length - at).min(3)),
        5 => {
            let value = if number.is_multiple_of(2) { Any::Bool(true) } else { Any::Null };
            text.format(txn, at, (length - at).min(4), Attrs::from([("bold".into(), value)]));
        }
        _ => drop(text.insert_embed(txn, at, Any::from(number as i64))),
    }
}

fn edit_map(txn: &mut TransactionMut<'_>, what: u8, at: u32, number: usize) {
    let map = txn.get_or_insert_map("map");
    let key = ["one", "two", "three"][at as usize % 3];
    match (what, map.get(txn, key)) {
        (7, _) => drop(map.insert(txn, key, number as i64)),
        (8, Some(Out::YMap(inner))) => drop(inner.insert(txn, "inner", number as i64)),
        (8, _) => drop(map.insert(txn, key, MapPrelim::from([("inner", Any::from(0))]))),
        (_, _) => drop(map.remove(txn, key)),
    }
}

fn edit_array(txn: &mut TransactionMut<'_>, what: u8, at: u32, number: usize) {
    let array = txn.get_or_insert_array("list");
    let length = array.len(txn);
    let index = at % (length + 1);
    match (what, array.get(txn, index)) {
        (10, Some(Out::YText(text))) => text.push(txn, "more"),
        (10, Some(Out::YArray(inner))) => drop(inner.push_back(txn, TextPrelim::new("inside"))),
        (10 | 11, _) => match number % 3 {
            0 => array.insert_range(txn, index, [1, 2, 3]),
            1 => drop(array.insert(txn, index, TextPrelim::new("text"))),
            _ => drop(array.insert(txn, index, ArrayPrelim::from([Any::from("in array")]))),
        },
        (_, Some(_)) => array.remove_range(txn, index, (length - index).min(2)),
        (_, None) => {}
    }
}

fn edit_xml(txn: &mut TransactionMut<'_>, what: u8, at: u32, number: usize) {
    let fragment = txn.get_or_insert_xml_fragment("xml");
    let length = fragment.len(txn);
    let index = at % (length + 1);
    match (what, fragment.get(txn, index)) {
        (13, _) => {
            let element = fragment.insert(txn, index, XmlElementPrelim::empty("paragraph"));
            element.insert_attribute(txn, "number", number.to_string());
            element.push_back(txn, XmlTextPrelim::new("content"));
        }
        (14, Some(XmlOut::Element(element))) => match element.get(txn, 0) {
            Some(XmlOut::Text(text)) if !text.get_string(txn).is_empty() => {
                text.format(txn, 0, 1, Attrs::from([("strong".into(), Any::Bool(true))]));
                text.push(txn, "!");
            }
            _ => drop(element.push_back(txn, XmlElementPrelim::empty("nested"))),
        },
        (15, Some(_)) => fragment.remove_range(txn, index, 1),
        _ => {}
    }
}
