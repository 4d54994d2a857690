//! The primitives of lib0's encoding, read from a slice.

use super::WireError;

/// The largest integer that a JavaScript number holds exactly: lib0 reads no greater one.
pub(crate) const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A place in a slice. Nothing here allocates: a claimed length is compared with what is left before it is believed.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    pub(crate) fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(crate) fn byte(&mut self, field: &'static str) -> Result<u8, WireError> {
        let byte = *self.bytes.get(self.at).ok_or(WireError::Truncated { field })?;
        self.at += 1;
        Ok(byte)
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: usize, field: &'static str) -> Result<&'a [u8], WireError> {
        let end = self.at.checked_add(count).ok_or(WireError::Truncated { field })?;
        let bytes = self.bytes.get(self.at..end).ok_or(WireError::Truncated { field })?;
        self.at = end;
        Ok(bytes)
    }

    /// A varUint of at most 53 bits.
    pub(crate) fn uint(&mut self, field: &'static str) -> Result<u64, WireError> {
        self.uint_up_to(MAX_SAFE_INTEGER, field)
    }

    /// A varUint of at most 32 bits.
    pub(crate) fn uint32(&mut self, field: &'static str) -> Result<u32, WireError> {
        let limit = u64::from(u32::MAX);
        let value = self.uint_up_to(limit, field)?;
        u32::try_from(value).map_err(|_| WireError::Range { field, limit })
    }

    fn uint_up_to(&mut self, limit: u64, field: &'static str) -> Result<u64, WireError> {
        let mut value = 0u64;
        let mut shift = 0u32;
        loop {
            let byte = self.byte(field)?;
            let bits = u64::from(byte & 0x7f);
            // Eight groups of seven bits reach past 53, so the ninth is refused before it could be shifted out.
            if shift > 49 {
                return Err(WireError::Range { field, limit });
            }
            value |= bits << shift;
            if value > limit {
                return Err(WireError::Range { field, limit });
            }
            if byte < 0x80 {
                return Ok(value);
            }
            shift += 7;
        }
    }

    /// Passes over a varInt: sign in the first byte, at most 53 bits.
    pub(crate) fn skip_int(&mut self, field: &'static str) -> Result<(), WireError> {
        let mut byte = self.byte(field)?;
        let mut value = u64::from(byte & 0x3f);
        let mut shift = 6u32;
        while byte >= 0x80 {
            byte = self.byte(field)?;
            if shift > 48 {
                return Err(WireError::Range { field, limit: MAX_SAFE_INTEGER });
            }
            value |= u64::from(byte & 0x7f) << shift;
            shift += 7;
        }
        if value > MAX_SAFE_INTEGER {
            return Err(WireError::Range { field, limit: MAX_SAFE_INTEGER });
        }
        Ok(())
    }

    /// A varUint8Array.
    pub(crate) fn buffer(&mut self, field: &'static str) -> Result<&'a [u8], WireError> {
        let length = self.uint(field)?;
        let length = usize::try_from(length).map_err(|_| WireError::Truncated { field })?;
        self.take(length, field)
    }

    /// A varString.
    pub(crate) fn string(&mut self, field: &'static str) -> Result<&'a str, WireError> {
        std::str::from_utf8(self.buffer(field)?).map_err(|_| WireError::Utf8 { field })
    }

    /// A count of elements that need at least `each` bytes each.
    pub(crate) fn count(&mut self, each: usize, field: &'static str) -> Result<usize, WireError> {
        let count = self.uint(field)?;
        let limit = (self.remaining() / each) as u64;
        if count > limit {
            return Err(WireError::TooMany { field, count, limit });
        }
        usize::try_from(count).map_err(|_| WireError::TooMany { field, count, limit })
    }

    /// Nothing may follow.
    pub(crate) fn end(&self, field: &'static str) -> Result<(), WireError> {
        match self.remaining() {
            0 => Ok(()),
            bytes => Err(WireError::Trailing { field, bytes }),
        }
    }
}
