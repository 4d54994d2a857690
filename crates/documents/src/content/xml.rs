//! Showing XML types, as Yjs shows them: nothing is escaped, names are in lower case, attributes in order.

use std::fmt::Write;

use yrs::types::Attrs;
use yrs::types::text::YChange;
use yrs::{
    Any, GetString, Out, ReadTxn, Text, Xml as _, XmlElementRef, XmlFragment, XmlFragmentRef, XmlOut,
    XmlTextRef,
};

use super::ExportError;

/// A node.
pub(super) enum Xml {
    Fragment(XmlFragmentRef),
    Element(XmlElementRef),
    Text(XmlTextRef),
}

impl From<XmlOut> for Xml {
    fn from(out: XmlOut) -> Self {
        match out {
            XmlOut::Element(element) => Self::Element(element),
            XmlOut::Fragment(fragment) => Self::Fragment(fragment),
            XmlOut::Text(text) => Self::Text(text),
        }
    }
}

/// A node as a string.
pub(super) fn render<T: ReadTxn>(txn: &T, node: &Xml, depth: usize) -> Result<String, ExportError> {
    let mut out = String::new();
    Render { txn, limit: depth }.node(node, 0, &mut out)?;
    Ok(out)
}

struct Render<'a, T> {
    txn: &'a T,
    limit: usize,
}

impl<T: ReadTxn> Render<'_, T> {
    fn node(&self, node: &Xml, level: usize, out: &mut String) -> Result<(), ExportError> {
        if level > self.limit {
            return Err(ExportError::TooDeep { limit: self.limit });
        }
        match node {
            Xml::Fragment(fragment) => self.nodes(fragment, level, out),
            Xml::Element(element) => {
                let name = element.try_tag().map(|tag| tag.to_lowercase()).unwrap_or_default();
                let mut attributes: Vec<_> = element.attributes(self.txn).collect();
                attributes.sort_by_key(|(key, _)| *key);
                write(out, format_args!("<{name}"));
                for (key, value) in attributes {
                    write(out, format_args!(" {key}=\"{}\"", value.to_string(self.txn)));
                }
                out.push('>');
                self.nodes(element, level, out)?;
                write(out, format_args!("</{name}>"));
                Ok(())
            }
            Xml::Text(text) => {
                self.text(text, out);
                Ok(())
            }
        }
    }

    fn nodes(&self, parent: &impl XmlFragment, level: usize, out: &mut String) -> Result<(), ExportError> {
        parent.children(self.txn).try_for_each(|child| self.node(&child.into(), level + 1, out))
    }

    /// Text inside of a tag for each of its formats.
    fn text(&self, text: &XmlTextRef, out: &mut String) {
        for chunk in text.diff(self.txn, YChange::identity) {
            let Out::Any(Any::String(insert)) = chunk.insert else { continue };
            let formats = sorted(chunk.attributes.as_deref());
            for (name, value) in &formats {
                write(out, format_args!("<{name}"));
                if let Any::Map(members) = value {
                    let mut members: Vec<_> = members.iter().collect();
                    members.sort_by_key(|(key, _)| *key);
                    for (key, value) in members {
                        write(out, format_args!(" {key}=\"{value}\""));
                    }
                }
                out.push('>');
            }
            out.push_str(&insert);
            for (name, _) in formats.iter().rev() {
                write(out, format_args!("</{name}>"));
            }
        }
    }
}

fn sorted(attributes: Option<&Attrs>) -> Vec<(&str, &Any)> {
    let mut sorted: Vec<_> =
        attributes.into_iter().flatten().map(|(name, value)| (name.as_ref(), value)).collect();
    sorted.sort_by_key(|(key, _)| *key);
    sorted
}

/// Writing to a string never fails.
fn write(out: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(what);
}

/// Adds the text of a node without its tags, a line for each element that has any.
pub(super) fn lines<T: ReadTxn>(
    txn: &T,
    node: &Xml,
    depth: usize,
    lines: &mut Vec<String>,
) -> Result<(), ExportError> {
    let mut line = String::new();
    Lines { txn, limit: depth, done: lines }.node(node, 0, &mut line)?;
    if !line.is_empty() {
        lines.push(line);
    }
    Ok(())
}

struct Lines<'a, T> {
    txn: &'a T,
    limit: usize,
    done: &'a mut Vec<String>,
}

impl<T: ReadTxn> Lines<'_, T> {
    fn node(&mut self, node: &Xml, level: usize, line: &mut String) -> Result<(), ExportError> {
        if level > self.limit {
            return Err(ExportError::TooDeep { limit: self.limit });
        }
        match node {
            Xml::Fragment(fragment) => self.nodes(fragment, level, line),
            Xml::Element(element) => {
                self.end(line);
                self.nodes(element, level, line)?;
                self.end(line);
                Ok(())
            }
            Xml::Text(text) => {
                let plain: &yrs::TextRef = text.as_ref();
                line.push_str(&plain.get_string(self.txn));
                Ok(())
            }
        }
    }

    fn nodes(
        &mut self,
        parent: &impl XmlFragment,
        level: usize,
        line: &mut String,
    ) -> Result<(), ExportError> {
        parent.children(self.txn).try_for_each(|child| self.node(&child.into(), level + 1, line))
    }

    fn end(&mut self, line: &mut String) {
        if !line.is_empty() {
            self.done.push(std::mem::take(line));
        }
    }
}
