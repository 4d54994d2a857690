//! The payload of a record: its updates one after the other, each with its length in front.
//!
//! Lengths are written as Yjs writes them: seven bits in each byte, the lowest first, the eighth says that more follow.

use bytes::{Buf as _, Bytes};

/// Bits of a length in one byte.
const BITS: u32 = 7;
/// Says that another byte of the length follows.
const MORE: u8 = 1 << BITS;

/// The payload that holds `updates`.
pub(super) fn encode(updates: &[Bytes]) -> Vec<u8> {
    // A length takes two bytes up to 16 KiB, and most updates are far smaller.
    let mut payload = Vec::with_capacity(updates.iter().map(|update| update.len() + 2).sum());
    for update in updates {
        let mut rest = update.len();
        while rest >= usize::from(MORE) {
            payload.push(rest.to_le_bytes()[0] | MORE);
            rest >>= BITS;
        }
        payload.push(rest.to_le_bytes()[0]);
        payload.extend_from_slice(update);
    }
    payload
}

/// The updates that `payload` holds, sharing its memory; nothing when it is not a payload.
pub(super) fn decode(mut payload: Bytes) -> Option<Vec<Bytes>> {
    let mut updates = Vec::new();
    while payload.has_remaining() {
        let length = length(&mut payload)?;
        if length > payload.len() {
            return None;
        }
        updates.push(payload.split_to(length));
    }
    Some(updates)
}

fn length(payload: &mut Bytes) -> Option<usize> {
    let mut length = 0_usize;
    for shift in (0..usize::BITS).step_by(7) {
        let byte = payload.try_get_u8().ok()?;
        let bits = usize::from(byte & !MORE);
        length |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
        if byte & MORE == 0 {
            return Some(length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn updates_of_any_length_come_back() {
        let lengths = [0, 1, 127, 128, 129, 16_383, 16_384, 1 << 20];
        let updates: Vec<Bytes> = lengths.iter().map(|&length| vec![0xAB; length].into()).collect();
        assert_eq!(decode(encode(&updates).into()), Some(updates));
        assert_eq!(decode(encode(&[]).into()), Some(Vec::new()));
    }

    #[test]
    fn lengths_are_written_as_yjs_writes_them() {
        assert_eq!(encode(&[Bytes::from_static(b"ab")]), b"\x02ab");
        assert_eq!(encode(&[vec![0; 300].into()])[..2], [0xAC, 0x02]);
    }

    #[test]
    fn what_is_no_payload_is_nothing() {
        let endless = [0x80; 20];
        let beyond_any_length = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
        for bad in [&b"\x03ab"[..], b"\x01a\x05", b"\x80", &endless, &beyond_any_length] {
            assert_eq!(decode(Bytes::copy_from_slice(bad)), None, "{bad:?}");
        }
    }
}
