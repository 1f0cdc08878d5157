//! Links: what is opened is linked and opened again.

#![no_main]

use eventyard::scenario::link;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for link in [text.to_owned(), format!("s1.{text}")] {
        if let Ok(scenario) = link::decode(&link) {
            assert_eq!(link::decode(&link::encode(&scenario)), Ok(scenario));
        }
    }
});
