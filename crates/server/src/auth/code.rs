//! Texts that let in whoever shows them: random, and kept by their hash only.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use rand::RngExt as _;

/// Random bytes of a text. Guessing one of 128 bits is hopeless; these are twice as many.
const RANDOM_BYTES: usize = 32;

/// The hash under which a text is kept. The texts themselves are not, and are not compared: how long a look for one takes
/// says nothing about those that are there.
pub(crate) type Fingerprint = [u8; digest::SHA256_OUTPUT_LEN];

/// A new text that begins with `prefix`.
pub(super) fn random(prefix: &str) -> String {
    let bytes: [u8; RANDOM_BYTES] = rand::rng().random();
    format!("{prefix}{}", hexadecimal(&bytes))
}

pub(super) fn fingerprint(text: &str) -> Fingerprint {
    let mut fingerprint = Fingerprint::default();
    fingerprint.copy_from_slice(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
    fingerprint
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
