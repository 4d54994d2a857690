//! No bytes of a client do more than be refused.
#![no_main]

use bytes::Bytes;
use collabd_documents::limits::{AwarenessLimits, ContentLimits};
use collabd_documents::wire::{self, ClientMessage, peer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let bytes = Bytes::copy_from_slice(data);
    let limits = ContentLimits::default();
    if let Ok((document, message)) = wire::split_address(&bytes) {
        let again = wire::addressed(&document, &message);
        assert_eq!(wire::split_address(&again), Ok((document, message)));
    }
    match wire::decode(&bytes, &limits, &AwarenessLimits::default()) {
        Ok(ClientMessage::Awareness(entries)) => {
            let again = peer::decode(&wire::awareness(&entries));
            assert_eq!(again, Ok(peer::ServerMessage::Awareness(entries)));
        }
        Ok(ClientMessage::SyncStep1(vector)) => assert!(vector.iter().count() <= limits.clients),
        Ok(_) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    let _ = peer::decode(&bytes);
});
