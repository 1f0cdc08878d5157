//! Texts of Sruja: what is read is written and read again.

#![no_main]

use eventyard::interchange::sruja;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(read) = sruja::read(text, "fuzz.sruja") {
        let again = sruja::read(&sruja::write(&read.scenario), "again.sruja");
        assert_eq!(again.map(|read| read.scenario), Ok(read.scenario));
    }
});
