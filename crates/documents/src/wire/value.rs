//! Plain values inside updates (lib0's `Any`).

use super::WireError;
use super::reader::Reader;

const FIELD: &str = "value";

/// Passes over one value whose containers are nested at most `depth` deep.
pub(crate) fn skip(reader: &mut Reader<'_>, depth: usize) -> Result<(), WireError> {
    skip_within(reader, depth, depth)
}

fn skip_within(reader: &mut Reader<'_>, depth: usize, limit: usize) -> Result<(), WireError> {
    match reader.byte(FIELD)? {
        // undefined, null, false, true
        127 | 126 | 121 | 120 => Ok(()),
        125 => reader.skip_int(FIELD),
        124 => reader.take(4, FIELD).map(drop),
        122 | 123 => reader.take(8, FIELD).map(drop),
        119 => reader.string(FIELD).map(drop),
        118 => {
            let depth = depth.checked_sub(1).ok_or(WireError::TooDeep { field: FIELD, limit })?;
            for _ in 0..reader.count(2, "object")? {
                reader.string("object key")?;
                skip_within(reader, depth, limit)?;
            }
            Ok(())
        }
        117 => {
            let depth = depth.checked_sub(1).ok_or(WireError::TooDeep { field: FIELD, limit })?;
            for _ in 0..reader.count(1, "array")? {
                skip_within(reader, depth, limit)?;
            }
            Ok(())
        }
        116 => reader.buffer(FIELD).map(drop),
        number => Err(WireError::Unknown { field: "value type", number: number.into() }),
    }
}
