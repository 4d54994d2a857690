//! Numbers in the fewest bytes that keep every bit.

use rmp::encode;

use super::written;

/// Writes a number as an integer, a 32-bit float or a 64-bit float, whichever is the shortest that is the same.
pub(super) fn write_number(out: &mut Vec<u8>, number: f64) {
    #[expect(clippy::cast_possible_truncation, reason = "what does not survive is written otherwise")]
    let (whole, single) = (number as i32, number as f32);
    // By bits: minus zero is no integer.
    if f64::from(whole).to_bits() == number.to_bits() {
        written(encode::write_sint(out, whole.into()));
    } else if f64::from(single).to_bits() == number.to_bits() {
        written(encode::write_f32(out, single));
    } else {
        written(encode::write_f64(out, number));
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::Reader;
    use super::*;
    use proptest::prelude::*;

    fn bytes(number: f64) -> Vec<u8> {
        let mut out = Vec::new();
        write_number(&mut out, number);
        out
    }

    #[test]
    fn a_number_takes_as_few_bytes_as_it_can() {
        let lengths = [(0.0, 1), (-1.0, 1), (200.0, 2), (-0.0, 5), (0.5, 5), (1e9, 5), (3e9, 5), (0.1, 9)];
        for (number, length) in lengths {
            assert_eq!(bytes(number).len(), length, "{number}");
        }
    }

    proptest! {
        /// C2: what receivers are sent is what the sender sent.
        #[test]
        fn a_number_keeps_every_bit(number in any::<f64>(), single in any::<f32>(), whole in any::<i32>()) {
            for number in [number, f64::from(single), f64::from(whole)] {
                prop_assume!(!number.is_nan());
                let bytes = bytes(number);
                let read = Reader::new(&bytes).token().unwrap().number();
                prop_assert_eq!(read.map(f64::to_bits), Some(number.to_bits()));
            }
        }
    }
}
