//! Putting other content in the place of a root's.

use yrs::types::Delta;
use yrs::types::xml::XmlIn;
use yrs::{Any, Array, In, Map, Text, TransactionMut, WriteTxn, XmlFragment};

/// New content of a root.
pub(super) enum Filling {
    Text(Vec<Delta<In>>),
    Array(Vec<In>),
    Map(Vec<(String, In)>),
    Xml(Vec<XmlIn>),
}

/// Takes out of a root whatever is in it.
pub(super) fn clear(txn: &mut TransactionMut<'_>, name: &str) {
    let array = txn.get_or_insert_array(name);
    let length = array.len(txn);
    if length > 0 {
        array.remove_range(txn, 0, length);
    }
    txn.get_or_insert_map(name).clear(txn);
}

/// Puts content into an empty root.
pub(super) fn fill(txn: &mut TransactionMut<'_>, name: &str, filling: Filling) {
    match filling {
        Filling::Text(delta) => txn.get_or_insert_text(name).apply_delta(txn, delta),
        Filling::Array(items) => {
            let array = txn.get_or_insert_array(name);
            for run in runs(items) {
                match run {
                    Run::Plain(values) => array.insert_range(txn, array.len(txn), values),
                    Run::Shared(item) => drop(array.push_back(txn, item)),
                }
            }
        }
        Filling::Map(members) => {
            let map = txn.get_or_insert_map(name);
            for (key, value) in members {
                map.insert(txn, key, value);
            }
        }
        Filling::Xml(nodes) => {
            let fragment = txn.get_or_insert_xml_fragment(name);
            for node in nodes {
                fragment.push_back(txn, node);
            }
        }
    }
}

/// Plain values that follow each other make one struct.
enum Run {
    Plain(Vec<Any>),
    Shared(In),
}

fn runs(items: Vec<In>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for item in items {
        match (runs.last_mut(), item) {
            (Some(Run::Plain(values)), In::Any(value)) => values.push(value),
            (_, In::Any(value)) => runs.push(Run::Plain(vec![value])),
            (_, item) => runs.push(Run::Shared(item)),
        }
    }
    runs
}
