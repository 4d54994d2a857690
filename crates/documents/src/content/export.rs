//! Showing a document's content to those who do not speak Yjs.

use serde_json::{Map as Object, Number, Value};
use yrs::{
    Any, Array, ArrayRef, Doc, GetString, Map, MapRef, Out, ReadTxn, TextRef, Transact, XmlFragmentRef,
};

use super::xml::{self, Xml};
use super::{ExportError, library};

/// What a root seems to be.
pub(super) enum Root {
    Text(TextRef),
    Xml(XmlFragmentRef),
    Array(ArrayRef),
    Map(MapRef),
    /// Nothing is in it.
    Empty,
}

/// Works out what a root is; see [`super::Content::to_json`] for the rule.
pub(super) fn root<T: ReadTxn>(txn: &T, name: &str) -> Root {
    let Some(array) = txn.get_array(name).filter(|array| array.len(txn) > 0) else {
        let map = txn.get_map(name).filter(|map| map.keys(txn).next().is_some());
        return map.map_or(Root::Empty, Root::Map);
    };
    if let Some(text) = txn.get_text(name).filter(|text| !text.get_string(txn).is_empty()) {
        return Root::Text(text);
    }
    let is_xml = array.iter(txn).any(|item| matches!(item, Out::YXmlElement(_) | Out::YXmlText(_)));
    let fragment = if is_xml { txn.get_xml_fragment(name) } else { None };
    fragment.map_or(Root::Array(array), Root::Xml)
}

/// The names of a document's roots, in order.
pub(super) fn names<T: ReadTxn>(txn: &T) -> Vec<String> {
    let mut names: Vec<String> = txn.root_refs().map(|(name, _)| name.to_owned()).collect();
    names.sort_unstable();
    names
}

/// The roots of a document in the order of their names.
fn roots<T: ReadTxn>(txn: &T) -> impl Iterator<Item = (String, Root)> {
    names(txn).into_iter().map(move |name| {
        let root = root(txn, &name);
        (name, root)
    })
}

/// See [`super::Content::to_json`].
pub(super) fn to_json(doc: &Doc, depth: usize) -> Result<Value, ExportError> {
    library::guarded(|| {
        let txn = doc.transact();
        let export = Export { txn: &txn, limit: depth };
        let members = roots(&txn).map(|(name, root)| {
            Ok((
                name,
                match root {
                    Root::Text(text) => Value::String(text.get_string(&txn)),
                    Root::Xml(fragment) => Value::String(xml::render(&txn, &Xml::Fragment(fragment), depth)?),
                    Root::Array(array) => export.array(&array, 1)?,
                    Root::Map(map) => export.map(&map, 1)?,
                    Root::Empty => Value::Null,
                },
            ))
        });
        members.collect::<Result<Object<_, _>, _>>().map(Value::Object)
    })
    .map_err(|library::Failed| ExportError::Broken)?
}

struct Export<'a, T> {
    txn: &'a T,
    limit: usize,
}

impl<T: ReadTxn> Export<'_, T> {
    fn out(&self, out: &Out, level: usize) -> Result<Value, ExportError> {
        if level > self.limit {
            return Err(ExportError::TooDeep { limit: self.limit });
        }
        let xml = |node| xml::render(self.txn, &node, self.limit - level).map(Value::String);
        match out {
            Out::Any(any) => Ok(plain(any)),
            Out::YText(text) => Ok(Value::String(text.get_string(self.txn))),
            Out::YArray(array) => self.array(array, level + 1),
            Out::YMap(map) => self.map(map, level + 1),
            Out::YXmlElement(element) => xml(Xml::Element(element.clone())),
            Out::YXmlFragment(fragment) => xml(Xml::Fragment(fragment.clone())),
            Out::YXmlText(text) => xml(Xml::Text(text.clone())),
            Out::YDoc(doc) => Ok(Value::String(doc.guid().to_string())),
            Out::UndefinedRef(_) => Ok(Value::Null),
        }
    }

    fn array(&self, array: &ArrayRef, level: usize) -> Result<Value, ExportError> {
        array.iter(self.txn).map(|out| self.out(&out, level)).collect::<Result<_, _>>().map(Value::Array)
    }

    fn map(&self, map: &MapRef, level: usize) -> Result<Value, ExportError> {
        let members = map.iter(self.txn).map(|(key, out)| Ok((key.to_owned(), self.out(&out, level)?)));
        members.collect::<Result<_, _>>().map(Value::Object)
    }
}

/// A plain value. Its depth was checked when it came in.
pub(super) fn plain(any: &Any) -> Value {
    match any {
        Any::Null | Any::Undefined => Value::Null,
        Any::Bool(is) => Value::Bool(*is),
        Any::Number(yrs::Number::Int(number)) => Value::from(*number),
        Any::Number(yrs::Number::Float(number)) => float(*number),
        Any::String(text) => Value::String(text.to_string()),
        Any::Buffer(bytes) => Value::from(bytes.to_vec()),
        Any::Array(items) => Value::Array(items.iter().map(plain).collect()),
        Any::Map(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), plain(value))).collect())
        }
    }
}

/// JavaScript does not tell 1 from 1.0, and JSON has neither infinity nor what is not a number.
fn float(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 53 bits")]
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// See [`super::Content::to_text`].
pub(super) fn to_text(doc: &Doc, depth: usize) -> Result<String, ExportError> {
    library::guarded(|| {
        let txn = doc.transact();
        let export = Export { txn: &txn, limit: depth };
        let mut parts = Vec::new();
        for (_, root) in roots(&txn) {
            let mut lines = Vec::new();
            match root {
                Root::Text(text) => lines.push(text.get_string(&txn)),
                Root::Xml(fragment) => xml::lines(&txn, &Xml::Fragment(fragment), depth, &mut lines)?,
                Root::Array(array) => export.lines(&Out::YArray(array), 0, &mut lines)?,
                Root::Map(map) => export.lines(&Out::YMap(map), 0, &mut lines)?,
                Root::Empty => {}
            }
            if !lines.is_empty() {
                parts.push(lines.join("\n"));
            }
        }
        Ok(parts.join("\n\n"))
    })
    .map_err(|library::Failed| ExportError::Broken)?
}

impl<T: ReadTxn> Export<'_, T> {
    /// Adds every string of `out`.
    fn lines(&self, out: &Out, level: usize, lines: &mut Vec<String>) -> Result<(), ExportError> {
        if level > self.limit {
            return Err(ExportError::TooDeep { limit: self.limit });
        }
        let left = self.limit - level;
        match out {
            Out::Any(any) => strings(any, lines),
            Out::YText(text) => lines.push(text.get_string(self.txn)),
            Out::YArray(array) => {
                array.iter(self.txn).try_for_each(|out| self.lines(&out, level + 1, lines))?;
            }
            Out::YMap(map) => {
                let mut members: Vec<_> = map.iter(self.txn).collect();
                members.sort_by_key(|(key, _)| *key);
                members.iter().try_for_each(|(_, out)| self.lines(out, level + 1, lines))?;
            }
            Out::YXmlElement(element) => xml::lines(self.txn, &Xml::Element(element.clone()), left, lines)?,
            Out::YXmlFragment(nodes) => xml::lines(self.txn, &Xml::Fragment(nodes.clone()), left, lines)?,
            Out::YXmlText(text) => xml::lines(self.txn, &Xml::Text(text.clone()), left, lines)?,
            Out::YDoc(_) | Out::UndefinedRef(_) => {}
        }
        Ok(())
    }
}

fn strings(any: &Any, lines: &mut Vec<String>) {
    match any {
        Any::String(text) => lines.push(text.to_string()),
        Any::Array(items) => items.iter().for_each(|item| strings(item, lines)),
        Any::Map(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            for (_, value) in members {
                strings(value, lines);
            }
        }
        _ => {}
    }
}
