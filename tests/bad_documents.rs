//! Promise: a document that cannot be used gives precise errors and nothing else.

use eventyard::scenario::{self, TEXT_MAX};
use serde_json::{Value, json};

/// Reading gives exactly these problems: the place, and a part of what is said.
fn check(document: &str, expected: &[(&str, &str)]) {
    let problems = scenario::read(document).expect_err("the document is bad");
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((place, part), (problem, text)) in expected.iter().zip(problems.iter().zip(&found)) {
        assert_eq!(problem.place, *place, "{text}");
        assert!(problem.what.contains(part), "{text} does not say {part:?}");
        assert!(!problem.hint.is_empty() && text.len() < 1_500, "{text}");
    }
}

fn with(nodes: Value, links: Value) -> String {
    json!({ "version": 1, "nodes": nodes, "links": links }).to_string()
}

#[test]
fn not_json() {
    check("", &[("line 1, column 0", "not JSON")]);
    check(
        "{\n  \"version\": 1,\n  oops\n}",
        &[("line 3, column 3", "not JSON: key must be")],
    );
    check(
        r#"{"version": 1, "seed": NaN}"#,
        &[("line 1, column 24", "not JSON")],
    );
    let deep = "[".repeat(100_000);
    check(&deep, &[("line 1, column 128", "recursion limit")]);
}

#[test]
fn not_a_scenario() {
    check("[]", &[("document", "expected an object")]);
    check("{}", &[("version", "missing")]);
    check(
        r#"{"version": 2}"#,
        &[("version", "has version 2, this program reads 1")],
    );
    check(r#"{"version": "one"}"#, &[("version", "expected 1")]);
    check(
        r#"{"version": 1, "nods": []}"#,
        &[("scenario.nods", "no such field")],
    );
    check(
        r#"{"version": 1, "nodes": {}}"#,
        &[("scenario.nodes", "expected a list")],
    );
    check(
        r#"{"version": 1, "seed": -1}"#,
        &[("scenario.seed", "found -1")],
    );
    check(
        r#"{"version": 1, "duration": "60"}"#,
        &[("scenario.duration", "units")],
    );
    check(
        r#"{"version": 1, "starts": "soon"}"#,
        &[("scenario.starts", "expected a date")],
    );
}

#[test]
fn walks_and_papers_that_make_no_sense() {
    let nodes = json!([{ "id": 1, "kind": "producer" }]);
    let document = |name: &str, value: Value| {
        let mut json = json!({ "version": 1, "nodes": nodes });
        json[name] = value;
        json.to_string()
    };
    let steps = json!([{ "id": 2, "name": "W", "steps": [{ "from": 1, "to": 7 }] }]);
    check(
        &document("walks", steps),
        &[("walk \"W\"", "names node 7, which does not exist")],
    );
    let front = json!([{ "id": 2, "name": "F", "members": [1], "front": 3 }]);
    check(
        &document("frames", front),
        &[("frame \"F\"", "front is none of its members")],
    );
    check(
        &document("paper", json!({ "more": { "a": 1 }, "colour": "red" })),
        &[
            ("scenario.paper.more", "expected texts"),
            ("scenario.paper.colour", "no such field"),
        ],
    );
}

#[test]
fn links_that_lead_nowhere() {
    let nodes = json!([{ "id": 1, "kind": "producer" }, { "id": 2, "kind": "queue" }]);
    let link = |from: u32, to: u32| json!([{ "id": 9, "from": from, "to": to }]);
    let place = "links[0] (link 9)";
    check(
        &with(nodes.clone(), link(1, 7)),
        &[(place, "to names node 7, which does not exist")],
    );
    check(
        &with(nodes.clone(), link(8, 2)),
        &[(place, "from names node 8")],
    );
    check(
        &with(nodes.clone(), link(2, 2)),
        &[(place, "from a node to itself")],
    );
    check(
        &with(nodes, link(2, 1)),
        &[(place, "from a queue to a producer")],
    );
}

#[test]
fn the_same_id_twice() {
    let nodes = json!([
        { "id": 1, "kind": "queue", "name": "A" }, { "id": 1, "kind": "queue", "name": "B" }
    ]);
    check(
        &with(nodes, json!([])),
        &[("nodes \"B\"", "the id 1 is used twice")],
    );
}

#[test]
fn settings_that_make_no_sense() {
    let node = |kind: &str, settings: Value| {
        with(
            json!([{ "id": 1, "kind": kind, "settings": settings }]),
            json!([]),
        )
    };
    let at = |field: &str| format!("nodes[0].settings.{field}");
    for (kind, field, value, part) in [
        (
            "producer",
            "rate",
            json!(-1),
            "from 0 to 1e9 a second, found -1",
        ),
        ("producer", "rate", json!(1e300), "from 0 to 1e9"),
        ("producer", "rate", json!("fast"), "from 0 to 1e9"),
        (
            "producer",
            "pace",
            json!("quick"),
            "one of constant, poisson, bursty, by_hand",
        ),
        (
            "producer",
            "keys",
            json!(1_000_000),
            "from 0 to 10000, found 1000000",
        ),
        ("queue", "max_length", json!(-3), "whole number from 0"),
        (
            "queue",
            "time_to_live",
            json!(5),
            "duration such as \"250ms\", found 5",
        ),
        ("queue", "ack_timeout", json!("0s"), "above 0"),
        ("service", "workers", json!(0), "from 1 to 1000, found 0"),
        ("service", "workers", json!(1.5), "whole number"),
        (
            "service",
            "failure_rate",
            json!(1.1),
            "from 0 to 1, found 1.1",
        ),
        (
            "service",
            "service_time",
            json!({ "shape": "round" }),
            "unknown variant",
        ),
        (
            "service",
            "service_time",
            json!({ "shape": "uniform", "min": "2s", "max": "1s" }),
            "min to be at most max",
        ),
    ] {
        check(
            &node(kind, json!({ (field): value })),
            &[(&at(field), part)],
        );
    }
    check(
        &node("queue", json!({ "x": 1 })),
        &[("nodes[0].settings", "no setting \"x\"")],
    );
    check(
        &node("teapot", json!({})),
        &[("nodes[0].kind", "no kind \"teapot\"")],
    );
}

#[test]
fn all_problems_are_told_at_once() {
    let nodes = json!([
        { "id": 1, "kind": "producer", "settings": { "rate": -1, "keys": -1 } },
        { "id": "two", "kind": "queue" },
        { "kind": "queue", "color": 3 },
    ]);
    check(
        &with(nodes, json!([{ "id": 4 }])),
        &[
            ("nodes[0].settings.rate", "found -1"),
            ("nodes[0].settings.keys", "found -1"),
            ("nodes[1].id", "whole number"),
            ("nodes[2].id", "missing"),
            ("nodes[2].color", "no such field"),
            ("links[0].from", "missing"),
            ("links[0].to", "missing"),
        ],
    );
}

#[test]
fn hostile_sizes() {
    let million: Vec<Value> = (1..=1_000_000)
        .map(|id| json!({ "id": id, "kind": "x" }))
        .collect();
    check(
        &with(json!(million), json!([])),
        &[("scenario.nodes", "at most 1000, found 1000000")],
    );
    let name = "n".repeat(1_000_000);
    let nodes = json!([{ "id": 1, "kind": "queue", "name": name }]);
    check(
        &with(nodes, json!([])),
        &[("nodes[0].name", "at most 200 characters, found 1000000")],
    );
    let kind = "k".repeat(1_000_000);
    let nodes = json!([{ "id": 1, "kind": kind }]);
    check(
        &with(nodes, json!([])),
        &[("nodes[0].kind", "at most 200 characters")],
    );
    check(&" ".repeat(TEXT_MAX + 1), &[("document", "bytes")]);
}

#[test]
fn scripts_that_do_not_fit() {
    let script = |entry: Value| {
        json!({ "version": 1, "nodes": [{ "id": 1, "kind": "queue" }], "script": [entry] })
            .to_string()
    };
    for (entry, place, part) in [
        (
            json!({ "at": "1s", "do": "explode" }),
            "script[0].do",
            "there is no \"explode\"",
        ),
        (
            json!({ "do": "crash", "node": 1 }),
            "script[0].at",
            "missing",
        ),
        (
            json!({ "at": "1s", "do": "crash", "node": 7 }),
            "script[0] at 1s",
            "not there",
        ),
        (
            json!({ "at": "1s", "do": "set_node", "node": 1, "field": "rate", "value": 1 }),
            "script[0] at 1s",
            "no setting \"rate\"",
        ),
        (
            json!({ "at": "1s", "do": "add_node", "node": { "id": 1, "kind": "queue" } }),
            "script[0] at 1s",
            "its id is taken",
        ),
    ] {
        check(&script(entry), &[(place, part)]);
    }
}

mod anything {
    use proptest::prelude::*;

    proptest! {
        /// Whatever the bytes are, reading ends with a scenario or with problems.
        #[test]
        fn no_text_and_no_link_makes_it_panic(text in ".{0,200}", link in "j1\\.[A-Za-z0-9_-]*") {
            let _ = super::scenario::read(&text);
            let _ = super::scenario::link::decode(&link);
            let _ = super::scenario::link::decode(&text);
        }

        /// A good document with one character changed is read or refused, and never panics.
        #[test]
        fn no_changed_document_makes_it_panic(at in 0usize..3_000, byte in 32u8..127) {
            let mut text = eventyard::scenario::examples()[0].text.as_bytes().to_vec();
            let at = at % text.len();
            text[at] = byte;
            let _ = super::scenario::read(&String::from_utf8_lossy(&text));
        }
    }
}

#[test]
fn a_filter_or_binding_that_the_real_system_refuses_is_refused() {
    let with = |settings: Value| {
        let nodes = json!([{ "id": 1, "kind": "topic" }, { "id": 2, "kind": "queue" }]);
        let links = json!([{ "id": 3, "from": 1, "to": 2, "settings": settings }]);
        json!({ "version": 1, "nodes": nodes, "links": links }).to_string()
    };
    let at = |settings: Value, field: &str, part: &str| {
        check(&with(settings), &[(field, part)]);
    };
    let filter = "links[0].settings.filter";
    at(
        json!({ "filter": { "a": "x" } }),
        filter,
        "must be an object or an array",
    );
    at(
        json!({ "filter": { "a": { "b": [1] } } }),
        filter,
        "does not support nested",
    );
    at(
        json!({ "binding": "x".repeat(256) }),
        "links[0].settings.binding",
        "255 bytes",
    );
    let arguments = json!({ "arguments": { "x-match": "some" } });
    at(
        arguments,
        "links[0].settings.arguments",
        "expected x-match to be all",
    );
}
