//! No binary frame of a client does more than be refused, what is understood can be said again, and no frame of a server
//! does more to a client than be refused.
#![no_main]

use collabd_protocol::codec::{self, peer};
use libfuzzer_sys::fuzz_target;

/// The limit of a refusal's text, and the mark that more was cut off.
const LONGEST_REFUSAL: usize = 243;

fuzz_target!(|frame: &[u8]| {
    match codec::decode_compact(frame) {
        Ok(message) => assert_eq!(codec::decode_compact(&peer::encode_compact(&message)), Ok(message)),
        Err(error) => {
            assert!(error.code.is_malformed());
            assert!(!error.message.is_empty() && error.message.len() <= LONGEST_REFUSAL);
            assert!(!error.message.contains(char::is_control));
        }
    }
    let _ = peer::Introductions::default().decode(frame);
});
