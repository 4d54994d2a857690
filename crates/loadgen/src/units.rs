//! Numbers for people.

/// Mebibytes of bytes.
#[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
pub(crate) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// A count as a number that can be divided.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(crate) fn lossless(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_mebibyte_has_1048576_bytes() {
        assert!((super::mebibytes(3 << 19) - 1.5).abs() < 1e-12);
    }
}
