//! Content made of JSON.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use yrs::types::Delta;
use yrs::{Any, In, Number, Transact};

use super::library::{Failed, guarded};
use super::replace::{Filling, clear, fill};
use super::{Content, ImportError, apply, walk};
use crate::limits::ContentLimits;
use crate::wire::WireError;

/// An update that makes the roots that `json` names show what it says: an object whose strings become text, whose
/// objects become maps and whose arrays become arrays; null empties a root. What is inside of those are plain values.
/// Roots that are not named stay as they are.
///
/// `current` is the state of the document that it is for, if that exists.
///
/// # Errors
/// When `json` is something else, is too deep or too big, or `current` cannot be read.
pub fn from_json(json: &Value, current: Option<&[u8]>, limits: ContentLimits) -> Result<Bytes, ImportError> {
    let Value::Object(members) = json else { return Err(ImportError::NotRoots) };
    let mut content = Content::new(limits);
    if let Some(state) = current {
        let survey = walk::survey(state, &limits).map_err(|error| ImportError::Current(error.into()))?;
        apply::take_in(&mut content, state, &survey, None).map_err(ImportError::Current)?;
    }
    let fillings = members.iter().map(|(name, value)| Ok((name.as_str(), filling(value, limits.depth)?)));
    let fillings: Vec<_> = fillings.collect::<Result<_, ImportError>>()?;
    let update = guarded(|| {
        let mut txn = content.doc.transact_mut();
        for (name, filling) in fillings {
            clear(&mut txn, name);
            if let Some(filling) = filling {
                fill(&mut txn, name, filling);
            }
        }
        txn.commit();
        txn.encode_update_v1()
    });
    let update = update.map_err(|Failed| ImportError::Broken)?;
    let (size, limit) = (content.state().len(), limits.document_bytes);
    if size > limit {
        return Err(WireError::DocumentFull { size, limit }.into());
    }
    Ok(update.into())
}

fn filling(value: &Value, depth: usize) -> Result<Option<Filling>, ImportError> {
    Ok(Some(match value {
        Value::Null => return Ok(None),
        Value::String(text) => Filling::Text(match text.as_str() {
            "" => Vec::new(),
            text => vec![Delta::Inserted(In::Any(Any::from(text)), None)],
        }),
        Value::Array(items) => Filling::Array(
            items
                .iter()
                .map(|item| Ok(In::Any(any(item, depth, depth)?)))
                .collect::<Result<_, WireError>>()?,
        ),
        Value::Object(members) => {
            let member =
                |(key, value): (&String, &Value)| Ok((key.clone(), In::Any(any(value, depth, depth)?)));
            Filling::Map(members.iter().map(member).collect::<Result<_, WireError>>()?)
        }
        Value::Bool(_) | Value::Number(_) => return Err(ImportError::NotRoots),
    }))
}

/// A plain value, for which `depth` levels are left of `limit`.
fn any(value: &Value, depth: usize, limit: usize) -> Result<Any, WireError> {
    let inside = || depth.checked_sub(1).ok_or(WireError::TooDeep { field: "content", limit });
    Ok(match value {
        Value::Null => Any::Null,
        Value::Bool(is) => Any::Bool(*is),
        Value::Number(number) => Any::Number(match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Number::Int(whole),
            (None, float) => Number::Float(float.unwrap_or(f64::NAN)),
        }),
        Value::String(text) => Any::String(Arc::from(text.as_str())),
        Value::Array(items) => {
            let depth = inside()?;
            Any::Array(items.iter().map(|item| any(item, depth, limit)).collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let depth = inside()?;
            let members = members.iter().map(|(key, value)| Ok((key.clone(), any(value, depth, limit)?)));
            Any::Map(Arc::new(members.collect::<Result<HashMap<_, _>, WireError>>()?))
        }
    })
}
