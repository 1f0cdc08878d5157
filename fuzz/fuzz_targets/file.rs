//! Files of any format.

#![no_main]

use eventyard::interchange;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = interchange::read(bytes, "fuzz");
});
