//! Round trips of each format, and files that were made to do harm.

use std::sync::OnceLock;

use proptest::prelude::*;

use super::*;
use crate::scenario::examples;

/// The smallest PNG picture: one grey pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\
    \x55\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";
const DRAWING: &str = "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" \
    width=\"1\"><title>A &gt; B</title></svg>\n";

/// The scenario that is read, about which nothing has to be said.
fn scenario_in(bytes: &[u8], name: &str) -> Result<Scenario, Vec<Problem>> {
    let read = read(bytes, name)?;
    assert_eq!(read.remarks, []);
    Ok(read.scenario)
}

fn scenario() -> Scenario {
    let mut scenario = examples()[0].scenario();
    scenario.name = "Größe & <Ordnung> 注文".to_owned();
    scenario
}

/// A file of each format with the same scenario, made once: packing takes time.
fn files() -> &'static [(&'static str, Vec<u8>); 4] {
    static FILES: OnceLock<[(&str, Vec<u8>); 4]> = OnceLock::new();
    FILES.get_or_init(make_files)
}

fn make_files() -> [(&'static str, Vec<u8>); 4] {
    let scenario = scenario();
    let link = format!(
        "See https://example.org/#{} ok",
        link::encode_short(&scenario).unwrap()
    );
    [
        ("a.json", scenario::write(&scenario).into_bytes()),
        ("a.png", png::with_scenario(PIXEL, &scenario).unwrap()),
        (
            "a.svg",
            svg::with_scenario(DRAWING, &scenario).unwrap().into_bytes(),
        ),
        ("a.txt", link.into_bytes()),
    ]
}

#[test]
fn what_is_put_into_a_file_comes_out_of_it() {
    for (name, bytes) in files() {
        assert_eq!(scenario_in(bytes, name), Ok(scenario()), "{name}");
    }
}

#[test]
fn a_file_is_known_by_what_is_in_it() {
    for (_, bytes) in files() {
        assert_eq!(scenario_in(bytes, "holiday.jpeg"), Ok(scenario()));
    }
    let marked = format!("\u{feff}\n {}", scenario::write(&scenario()));
    assert_eq!(scenario_in(marked.as_bytes(), "a"), Ok(scenario()));
    let shortcut = format!(
        "[InternetShortcut]\r\nURL=https://e.org/#{}\r\n",
        link::encode_short(&scenario()).unwrap()
    );
    assert_eq!(scenario_in(shortcut.as_bytes(), "a.url"), Ok(scenario()));
    assert_eq!(
        scenario_in(link::encode_short(&scenario()).unwrap().as_bytes(), "a"),
        Ok(scenario())
    );
}

#[test]
fn a_picture_has_one_scenario_the_latest() {
    let old = png::with_scenario(PIXEL, &examples()[0].scenario()).unwrap();
    let new = png::with_scenario(&old, &scenario()).unwrap();
    assert_eq!(scenario_in(&new, "a.png"), Ok(scenario()));
    assert_eq!(new.windows(4).filter(|kind| kind == b"iTXt").count(), 1);
}

#[test]
fn other_programs_may_write_the_same_in_other_ways() {
    let text = scenario().to_json().to_string();
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(text.as_bytes(), 6);
    let plain = [b"eventyard\0\0\0de\0Ereignis\0", text.as_bytes()].concat();
    let old = [b"eventyard\0\0", packed.as_slice()].concat();
    for (kind, data) in [(b"iTXt", plain), (b"zTXt", old)] {
        assert_eq!(scenario_in(&png_with(kind, &data), "a.png"), Ok(scenario()));
    }
    let svg = svg::with_scenario(DRAWING, &scenario()).unwrap();
    let broken = svg.replace("eventyard-scenario:", "<x:y>\neventyard-scenario:\n  ");
    assert_eq!(
        scenario_in(broken.replace("</meta", "</x:y></meta").as_bytes(), "a"),
        Ok(scenario())
    );
}

/// The pixel with a chunk of this kind before its end.
fn png_with(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let (before, end) = PIXEL.split_at(PIXEL.len() - 12);
    let mut bytes = before.to_vec();
    png::write_chunk(&mut bytes, kind, data);
    bytes.extend(end);
    bytes
}

#[test]
fn errors_say_what_is_wrong_where_and_what_to_do() {
    let says = |bytes: &[u8], words: &str| {
        let problem = read(bytes, "my file").unwrap_err().remove(0);
        assert_eq!(problem.place, "my file");
        assert!(problem.what.contains(words), "{problem}");
        assert!(!problem.hint.is_empty());
    };
    says(PIXEL, "no Eventyard scenario inside");
    says(DRAWING.as_bytes(), "no Eventyard scenario inside");
    says(&PIXEL[..40], "cut off");
    says(b"", "empty");
    says(b" \n", "empty");
    says(b"Dear all, see #3. Or e.g. this.", "no scenario");
    says(b"\xff\xd8\xff\xe0 JFIF", "neither text nor a PNG");
    says(b"<html><body></body></html>", "no scenario");
    let damaged = scenario().to_json().to_string();
    assert_eq!(
        read(&damaged.as_bytes()[..90], "a").unwrap_err()[0].place,
        "line 1, column 90"
    );
}

#[test]
fn what_grows_beyond_measure_is_refused() {
    let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&vec![b' '; TEXT_MAX + 1], 1);
    assert!(bomb.len() < TEXT_MAX / 100);
    let data = [b"eventyard\0\x01\0\0\0", bomb.as_slice()].concat();
    let problem = read(&png_with(b"iTXt", &data), "a").unwrap_err().remove(0);
    assert!(problem.what.contains("more than"), "{problem}");
    let huge = vec![b' '; FILE_MAX + 1];
    assert!(read(&huge, "a").unwrap_err()[0].what.contains("bytes"));
}

#[test]
fn a_chunk_that_says_it_is_longer_than_the_file_is_refused() {
    for length in [u32::MAX, i32::MAX as u32, 40, 60] {
        let mut bytes = PIXEL.to_vec();
        bytes[8..12].copy_from_slice(&length.to_be_bytes());
        assert!(read(&bytes, "a").is_err());
    }
}

#[test]
fn names_of_files_are_plain() {
    let named = |name: &str| file_name(name, "svg");
    assert_eq!(
        named("Online shop: Black Friday!"),
        "online-shop-black-friday.svg"
    );
    assert_eq!(named("../../etc/passwd"), "etc-passwd.svg");
    assert_eq!(named("注文"), "注文.svg");
    assert_eq!(named(" ?? "), "scenario.svg");
    assert!(named(&"a b".repeat(500)).len() < 70);
}

proptest! {
    /// Changed or cut files are read as they were, or refused; nothing panics.
    #[test]
    fn files_with_damage_never_make_another_scenario(
        which in 0..files().len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5),
        keep in 0.0..1.3_f64,
    ) {
        let (name, mut bytes) = files()[which].clone();
        for (at, byte) in changes {
            let place = at.index(bytes.len());
            bytes[place] = byte;
        }
        let kept = (bytes.len() as f64 * keep) as usize;
        bytes.truncate(kept);
        if let (Ok(found), true) = (read(&bytes, name), name != "a.json") {
            prop_assert_eq!(found.scenario, scenario());
        }
    }

    /// Nothing that begins like a picture makes it panic.
    #[test]
    fn noise_is_refused(kind in 0..3_usize, noise in prop::collection::vec(any::<u8>(), 0..400)) {
        let start: &[u8] = [b"\x89PNG\r\n\x1a\n".as_slice(), b"<svg><metadata", b"{"][kind];
        prop_assert!(read(&[start, &noise].concat(), "noise").is_err());
    }

    /// Data of our own chunk are never trusted.
    #[test]
    fn a_chunk_of_noise_is_refused(noise in prop::collection::vec(any::<u8>(), 0..200)) {
        for kind in [b"iTXt", b"zTXt"] {
            let data = [b"eventyard\0".as_slice(), &noise].concat();
            prop_assert!(read(&png_with(kind, &data), "noise").is_err());
        }
    }
}
