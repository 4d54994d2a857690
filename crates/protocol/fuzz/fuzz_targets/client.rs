//! No text of a client does more than be refused, and what is understood can be said again.
#![no_main]

use collabd_protocol::codec::{self, peer};
use libfuzzer_sys::fuzz_target;

/// The limit of a refusal's text, and the mark that more was cut off.
const LONGEST_REFUSAL: usize = 243;

fuzz_target!(|data: &[u8]| {
    let Ok(frame) = str::from_utf8(data) else { return };
    match codec::decode(frame) {
        Ok(message) => assert_eq!(codec::decode(&peer::encode(&message)), Ok(message)),
        Err(error) => {
            assert!(error.code.is_malformed());
            assert!(!error.message.is_empty() && error.message.len() <= LONGEST_REFUSAL);
            assert!(!error.message.contains(char::is_control));
        }
    }
});
