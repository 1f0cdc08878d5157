//! Scenario documents: what is read is written and read again.

#![no_main]

use eventyard::scenario;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(scenario) = scenario::read(text) {
        assert_eq!(scenario::read(&scenario::write(&scenario)), Ok(scenario));
    }
});
