//! An update of arbitrary bytes is taken in whole or not at all, and the library never fails on one that is.
#![no_main]

use bytes::Bytes;
use collabd_documents::content::{ApplyError, Content};
use collabd_documents::limits::ContentLimits;
use collabd_documents::store::{Snapshot, Stored};
use collabd_documents::wire::StateVector;
use libfuzzer_sys::fuzz_target;

/// Text, a map, a list with a list in it, and something deleted.
const BASE: &[&[u8]] = &[
    b"\x01\x01\x01\x00\x04\x01\x01t\x05hello\x01\x01\x01\x01\x02",
    b"\x01\x01\x02\x00\x28\x01\x01m\x01k\x01\x77\x01v\x00",
    b"\x01\x03\x03\x00\x07\x01\x01l\x00\x07\x00\x03\x00\x02\x04\x00\x03\x01\x02hi\x00",
];

/// Each chunk, of the length that its first two bytes say, is an update.
fn chunks(mut data: &[u8]) -> Vec<&[u8]> {
    let mut chunks = Vec::new();
    while let [high, low, rest @ ..] = data {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (chunk, after) = rest.split_at(length);
        chunks.push(chunk);
        data = after;
    }
    chunks
}

fuzz_target!(|data: &[u8]| {
    let limits = ContentLimits { depth: 8, ..ContentLimits::default() };
    let mut content = Content::new(limits);
    for update in BASE {
        content.apply(update).expect("the base is well formed");
    }
    let mut follower = Content::new(limits);
    follower.apply(&content.state()).expect("so is its state");
    for update in chunks(data) {
        let before = (content.state_vector().len(), content.bytes());
        match content.apply(update) {
            Ok(None) => {}
            Ok(Some(change)) => {
                let seen = follower.apply(&change.update);
                assert!(matches!(seen, Ok(Some(_))), "a change is an update: {seen:?}");
            }
            Err(ApplyError::Broken) => panic!("the library failed"),
            Err(_) => assert_eq!((content.state_vector().len(), content.bytes()), before),
        }
    }
    let state = content.state();
    assert_eq!(content.apply(&state), Ok(None), "nothing is new in what it says itself");
    assert_eq!(content.to_json(), follower.to_json());
    let vector = StateVector::new(content.state_vector(), &limits).expect("its own vector");
    assert_eq!(follower.apply(&content.diff(&vector)), Ok(None));
    let snapshot = Some(Snapshot { through: 1, state: Bytes::clone(&state) });
    let (loaded, _) = Content::load(&Stored { snapshot, ..Stored::default() }, limits).expect("its own state");
    assert_eq!(loaded.to_json(), content.to_json());
});
