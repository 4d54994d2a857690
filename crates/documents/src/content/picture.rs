//! All that a document shows, formats and attributes included, in a form that can be compared.

use serde_json::{Map as Object, Value, json};
use yrs::types::text::YChange;
use yrs::{
    Any, Array, ArrayRef, Doc, GetString, Map, MapRef, Out, ReadTxn, Text, Transact, Xml, XmlFragment, XmlOut,
};

use super::export::{names, plain};

/// What `doc` shows. Roots without content are left out: they come and go with whoever names them.
///
/// Recursion ends at the depth to which content is limited. May panic where the library does.
pub(super) fn of(doc: &Doc) -> Value {
    let txn = doc.transact();
    let mut roots = Object::new();
    for name in names(&txn) {
        let keys = txn.get_map(name.as_str()).map_or(Value::Null, |map| entries(&txn, &map));
        let text = txn.get_text(name.as_str()).filter(|text| !text.get_string(&txn).is_empty());
        let items = match (text, txn.get_array(name.as_str())) {
            (Some(text), _) => chunks(&txn, &text),
            (None, Some(array)) => list(&txn, &array),
            (None, None) => json!([]),
        };
        if keys != json!({}) || items != json!([]) {
            roots.insert(name, json!({ "keys": keys, "items": items }));
        }
    }
    Value::Object(roots)
}

fn show<T: ReadTxn>(txn: &T, out: &Out) -> Value {
    match out {
        Out::Any(any) => plain(any),
        Out::YText(text) => json!({ "text": chunks(txn, text) }),
        Out::YArray(array) => json!({ "array": list(txn, array) }),
        Out::YMap(map) => json!({ "map": entries(txn, map) }),
        Out::YXmlElement(element) => json!({
            "element": element.try_tag().map(AsRef::as_ref),
            "attributes": attributes(txn, element),
            "nodes": nodes(txn, element),
        }),
        Out::YXmlFragment(fragment) => json!({ "nodes": nodes(txn, fragment) }),
        Out::YXmlText(text) => {
            json!({ "attributes": attributes(txn, text), "text": chunks(txn, text) })
        }
        Out::YDoc(doc) => json!({ "document": doc.guid().to_string() }),
        Out::UndefinedRef(_) => Value::Null,
    }
}

fn list<T: ReadTxn>(txn: &T, array: &ArrayRef) -> Value {
    array.iter(txn).map(|out| show(txn, &out)).collect()
}

fn entries<T: ReadTxn>(txn: &T, map: &MapRef) -> Value {
    map.iter(txn).map(|(key, out)| (key.to_owned(), show(txn, &out))).collect()
}

fn attributes<T: ReadTxn>(txn: &T, xml: &impl Xml) -> Value {
    xml.attributes(txn).map(|(key, out)| (key.to_owned(), show(txn, &out))).collect()
}

fn nodes<T: ReadTxn>(txn: &T, parent: &impl XmlFragment) -> Value {
    let node = |node| match node {
        XmlOut::Element(element) => show(txn, &Out::YXmlElement(element)),
        XmlOut::Fragment(fragment) => show(txn, &Out::YXmlFragment(fragment)),
        XmlOut::Text(text) => show(txn, &Out::YXmlText(text)),
    };
    parent.children(txn).map(node).collect()
}

/// Runs of text with the same formats, and embeds. Where the library divides a run says nothing.
fn chunks<T: ReadTxn>(txn: &T, text: &impl Text) -> Value {
    let mut chunks: Vec<(Value, Value)> = Vec::new();
    for chunk in text.diff(txn, YChange::identity) {
        let formats: Object<_, _> = chunk
            .attributes
            .iter()
            .flat_map(|set| set.iter())
            .map(|(k, v)| (k.to_string(), plain(v)))
            .collect();
        let formats = Value::Object(formats);
        match (chunks.last_mut(), &chunk.insert) {
            (Some((Value::String(before), same)), Out::Any(Any::String(more))) if *same == formats => {
                before.push_str(more);
            }
            (_, insert) => chunks.push((show(txn, insert), formats)),
        }
    }
    chunks.into_iter().map(|(insert, formats)| json!([insert, formats])).collect()
}
