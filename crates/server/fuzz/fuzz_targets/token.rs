//! No token is believed that does not say enough, however well it is signed.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    collabd_server::fuzzing::token(data);
});
