//! No head of a request is answered otherwise than it must be.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    collabd_server::fuzzing::upgrade(data);
});
