//! The primitives of lib0's encoding, written to a buffer.

/// Appends a varUint.
pub(crate) fn uint(out: &mut Vec<u8>, value: u64) {
    let mut bytes = [0; 10];
    let mut rest = value;
    let mut length = 0;
    for byte in &mut bytes {
        *byte = (rest & 0x7f) as u8 | 0x80;
        rest >>= 7;
        length += 1;
        if rest == 0 {
            *byte &= 0x7f;
            break;
        }
    }
    out.extend_from_slice(&bytes[..length]);
}

/// Appends a varUint8Array (or, of UTF-8, a varString).
pub(crate) fn buffer(out: &mut Vec<u8>, bytes: &[u8]) {
    uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}
