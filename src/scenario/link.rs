//! A scenario in the address bar: a plain form, until the lasting one.
//!
//! The fragment is `j1.` and then base64url of a zlib stream of the document's JSON. The stream's
//! checksum finds every changed character; lengths are limited before and after decompression.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::{Scenario, document};
use crate::topology::Problem;

const TAG: &str = "j1.";
/// Longest fragment that is read, in characters.
const FRAGMENT_MAX: usize = 256 << 10;
/// Longest document inside of one, in bytes.
const DOCUMENT_MAX: usize = 2 << 20;

/// The fragment of a link to a scenario, without `#`.
pub fn encode(scenario: &Scenario) -> String {
    encoded(&scenario.to_json().to_string())
}

fn encoded(json: &str) -> String {
    let packed = compress_to_vec_zlib(json.as_bytes(), 9);
    format!("{TAG}{}", URL_SAFE_NO_PAD.encode(packed))
}

/// The fragment of a link to a scenario, unless it is too long to be read again.
pub fn encode_short(scenario: &Scenario) -> Option<String> {
    let json = scenario.to_json().to_string();
    let fragment = (json.len() <= DOCUMENT_MAX).then(|| encoded(&json))?;
    (fragment.len() <= FRAGMENT_MAX).then_some(fragment)
}

/// Whether a fragment looks like a scenario, broken or not.
pub fn is_scenario(fragment: &str) -> bool {
    let fragment = fragment.trim_start_matches('#');
    fragment.split_once('.').is_some_and(|(tag, _)| {
        (1..=4).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// The scenario that a fragment carries.
///
/// # Errors
/// What is wrong with the link, or with the document inside of it.
pub fn decode(fragment: &str) -> Result<Scenario, Vec<Problem>> {
    let fragment = fragment.trim_start_matches('#');
    let Some(payload) = fragment.strip_prefix(TAG) else {
        return Err(broken(
            "it begins with a tag that this version does not know",
            NEWER,
        ));
    };
    if payload.len() > FRAGMENT_MAX {
        let what = format!("it has {} characters", payload.len());
        return Err(broken(
            &what,
            &format!("links have at most {FRAGMENT_MAX}; send a file"),
        ));
    }
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(payload) else {
        return Err(broken("characters are missing or wrong", COPY));
    };
    let Ok(json) = decompress_to_vec_zlib_with_limit(&bytes, DOCUMENT_MAX) else {
        return Err(broken(
            "a part of it is missing, changed or too large",
            COPY,
        ));
    };
    let Ok(text) = String::from_utf8(json) else {
        return Err(broken("what it carries is no text", COPY));
    };
    document::read(&text)
}

const COPY: &str = "copy the whole link again, or ask whoever sent it for the file";
const NEWER: &str = "it may be of a newer version: reload the page, or ask for the file";

fn broken(what: &str, hint: &str) -> Vec<Problem> {
    vec![Problem::new("this link cannot be read", what, hint)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::examples;

    #[test]
    fn a_link_gives_back_the_same_scenario() {
        for example in examples() {
            let scenario = example.scenario();
            assert_eq!(decode(&format!("#{}", encode(&scenario))), Ok(scenario));
        }
    }

    #[test]
    fn a_link_that_could_not_be_read_again_is_not_made() {
        let mut scenario = examples()[0].scenario();
        assert_eq!(encode_short(&scenario), Some(encode(&scenario)));
        // Texts that hardly shrink.
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'0' + (state >> 24) as u8 % 64)
        };
        scenario.drawing.notes = (0..100)
            .map(|n| crate::topology::Note {
                id: crate::units::NoteId(1_000 + n),
                x: 0,
                y: 0,
                text: (0..4_000).map(|_| noise()).collect(),
            })
            .collect();
        assert_eq!(encode_short(&scenario), None);
        assert!(decode(&encode(&scenario)).is_err());
    }

    #[test]
    fn a_changed_or_cut_link_is_never_opened() {
        let link = encode(&examples()[0].scenario());
        for n in (TAG.len()..link.len()).step_by(7) {
            let other = if link.as_bytes()[n] == b'A' { 'B' } else { 'A' };
            let changed = format!("{}{other}{}", &link[..n], &link[n + 1..]);
            assert!(decode(&changed).is_err(), "character {n} changed");
            assert!(decode(&link[..n]).is_err(), "cut at {n}");
        }
    }

    #[test]
    fn a_link_that_grows_beyond_measure_is_refused() {
        let bomb = compress_to_vec_zlib(&vec![b' '; DOCUMENT_MAX + 1], 9);
        let link = format!("{TAG}{}", URL_SAFE_NO_PAD.encode(bomb));
        assert!(link.len() < 4_000);
        assert!(decode(&link).unwrap_err()[0].what.contains("too large"));
    }
}
