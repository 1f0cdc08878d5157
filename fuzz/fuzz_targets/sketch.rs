//! Sketches: what is read is printed and read again.

#![no_main]

use eventyard::interchange::sketch;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(scenario) = sketch::parse(text, None).scenario {
        let again = sketch::parse(&sketch::print(&scenario), None);
        assert_eq!(again.scenario, Some(scenario));
    }
});
