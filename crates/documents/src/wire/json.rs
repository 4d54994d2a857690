//! JSON that others will parse.

use serde_json::value::RawValue;

use super::WireError;

/// Checks that `text` is JSON and nested at most `depth` deep.
///
/// The depth is counted first, over the bytes: the parser, here and in every browser, recurses.
pub(crate) fn check(text: &str, depth: usize, field: &'static str) -> Result<(), WireError> {
    if nesting(text) > depth {
        return Err(WireError::TooDeep { field, limit: depth });
    }
    serde_json::from_str::<&RawValue>(text).map(drop).map_err(|_| WireError::Json { field })
}

/// How deep brackets are nested outside of strings.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => skip_string(&mut bytes),
            _ => {}
        }
    }
    deepest
}

fn skip_string(bytes: &mut std::str::Bytes<'_>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}
