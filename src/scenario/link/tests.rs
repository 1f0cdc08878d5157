//! Tests of what is said about links. What is promised of all of them stands in tests/links.rs.

use super::*;
use crate::scenario::examples;

/// A link that carries some JSON, with the right checksum.
fn made_of(json: &Value) -> String {
    let stream = wire::write(json).expect("it is short");
    let mut payload = crc32(&[&stream]).to_le_bytes().to_vec();
    payload.extend(stream);
    format!("{TAG}{}", URL_SAFE_NO_PAD.encode(payload))
}

fn why(link: &str) -> String {
    open(link).expect_err(link)[0].to_string()
}

#[test]
fn what_a_later_version_made_is_told_apart_from_what_is_broken() {
    let scenario = examples()[0].scenario().to_json();
    let sent = |more: Value| {
        let mut json = json!({ "scenario": scenario, "engine": SEMANTICS });
        for (name, value) in more.as_object().into_iter().flatten() {
            json[name] = value.clone();
        }
        made_of(&json)
    };
    assert!(open(&sent(json!({}))).is_ok_and(|sent| sent.remark().is_none()));
    let other = open(&sent(json!({ "engine": SEMANTICS + 1 }))).expect("it runs");
    assert!(
        other
            .remark()
            .is_some_and(|it| it.contains("results may differ"))
    );
    for later in [
        json!({ "branch": 1 }),
        json!({ "moment": 3 }),
        json!({ "camera": [1] }),
    ] {
        assert!(why(&sent(later)).contains("made by a newer version"));
    }
    assert!(why("s2.AAAA").contains("made by a newer version"));
    let unknown = json!({ "version": 1, "nodes": [{ "id": 1, "kind": "hologram" }] });
    let problems = open(&sent(json!({ "scenario": unknown }))).expect_err("no such kind");
    assert!(problems[0].hint.contains("newer version, reload"));
    assert!(problems[1].what.contains("hologram"));
    for foreign in ["", "#about", "t=30", "s0.AAAA", "https://example.org/x#y.z"] {
        assert!(why(foreign).contains("does not begin"), "{foreign}");
    }
    assert!(why(&"s1.A".repeat(FRAGMENT_MAX)).contains("at most 65536"));
}

#[test]
fn a_link_may_stand_in_an_address_and_behind_flags() {
    let scenario = examples()[0].scenario();
    let link = encode_short(&scenario).expect("it is short");
    for text in [
        format!("https://example.org/app/?a=b#{link}"),
        format!("#embed&t=3s&{link}"),
        format!("{link}),"),
    ] {
        assert_eq!(decode(&text).as_ref(), Ok(&scenario), "{text}");
    }
}
