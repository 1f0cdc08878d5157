//! Promise: the published JSON Schema is the one that documents are read by.

use eventyard::nodes::Kind;
use eventyard::scenario;
use eventyard::scenario::gallery::gallery;
use serde_json::{Value, json};

const PUBLISHED: &str = include_str!("../docs/scenario.schema.json");

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&scenario::schema()).expect("the schema is one")
}

#[test]
fn the_published_schema_is_up_to_date() {
    let published: Value = serde_json::from_str(PUBLISHED).expect("it is JSON");
    assert!(
        published == scenario::schema(),
        "write it anew: cargo run -- schema > docs/scenario.schema.json"
    );
}

#[test]
fn documents_that_are_read_are_valid() {
    let validator = validator();
    for text in gallery().iter().map(|entry| entry.text()) {
        let json: Value = serde_json::from_str(text).expect("it is JSON");
        if let Err(error) = validator.validate(&json) {
            panic!("{error} at {}", error.instance_path());
        }
        let written = scenario::read(text)
            .unwrap_or_else(|e| panic!("{e:?}"))
            .to_json();
        assert!(validator.is_valid(&written), "{written}");
    }
}

#[test]
fn every_kind_of_entry_and_check_is_in_the_schema() {
    let link = json!({ "id": 9, "from": 1, "to": 2, "settings": { "loss": 0.1, "cut": true } });
    let node = json!({ "id": 8, "kind": "queue", "settings": { "max_length": null } });
    let document = json!({ "version": 1, "starts": "2026-03-02T09:00:00Z",
        "nodes": [{ "id": 1, "kind": "producer" }, { "id": 2, "kind": "queue" }],
        "notes": [{ "x": 1, "y": 2, "text": "a note" }],
        "script": [
            { "at": "1s", "do": "set_node", "node": 1, "field": "rate", "value": 3 },
            { "at": "1s", "do": "crash", "node": 1 },
            { "at": "1s", "after": 3, "do": "restart", "node": 1 },
            { "at": "2s", "do": "send", "node": 2, "event": "E", "key": "k", "body": { "a": 1 } },
            { "at": "2s", "do": "add_node", "node": node },
            { "at": "2s", "do": "add_link", "link": link },
            { "at": "3s", "do": "set_link", "link": 9, "field": "cut", "value": false },
            { "at": "4s", "do": "remove_link", "link": 9 },
            { "at": "5s", "do": "remove_node", "node": 8 },
        ],
        "frames": [{ "id": 30, "members": [1, 2], "front": 2, "paper": { "kept": ["x"] } }],
        "views": [{ "id": 31, "nodes": [1], "paper": { "word": "v" } }],
        "walks": [{ "id": 32, "name": "W", "steps": [{ "from": 1, "to": 1, "text": "thinks" },
            { "from": 2, "to": 8 }], "paper": { "sort": "story" } }],
        "paper": { "description": "d", "technology": "t", "tags": ["a"], "more": { "b": "c" } },
        "captions": [
            { "at": "1s", "points": 1, "text": "a moment" },
            { "happens": "queued", "where": 2, "count": 3, "points": "message", "text": "this" },
            { "happens": "lost", "text": "anywhere" },
            { "depth": 4, "where": 2, "text": "four wait" },
            { "broken": 4, "points": 2, "text": "more than five wait" },
        ],
        "checks": [
            { "check": "nothing_lost" },
            { "check": "happens_once", "node": 2 },
            { "check": "order_by_key", "node": 2 },
            { "check": "depth_below", "node": 2, "value": 5 },
            { "check": "age_below", "node": 2, "value": "5s" },
            { "check": "latency_below", "node": 2, "percentile": 99, "value": "5s" },
            { "check": "counter", "counter": "created", "is": "at_least", "value": 0 },
        ],
    });
    let read = scenario::from_json(&document).unwrap_or_else(|error| panic!("{error:?}"));
    assert!(validator().is_valid(&document));
    assert_eq!(scenario::from_json(&read.to_json()), Ok(read));
}

#[test]
fn documents_that_are_refused_are_not_valid() {
    let validator = validator();
    let node = |node: Value| json!({ "version": 1, "nodes": [node] });
    for bad in [
        json!([]),
        json!({}),
        json!({ "version": 2 }),
        json!({ "version": 1, "nods": [] }),
        json!({ "version": 1, "duration": "long" }),
        node(json!({ "id": 0, "kind": "queue" })),
        node(json!({ "id": 1, "kind": "teapot" })),
        node(json!({ "id": 1, "kind": "producer", "settings": { "rate": -1 } })),
        node(json!({ "id": 1, "kind": "service", "settings": { "workers": 0 } })),
        node(json!({ "id": 1, "kind": "service", "settings": { "failure_rate": 2 } })),
        json!({ "version": 1, "links": [{ "id": 1 }] }),
        json!({ "version": 1, "script": [{ "at": "1s", "do": "explode" }] }),
        json!({ "version": 1, "checks": [{ "check": "unknown" }] }),
        json!({ "version": 1, "captions": [{ "text": "never" }] }),
        json!({ "version": 1, "captions": [{ "at": "1s" }] }),
        json!({ "version": 1, "captions": [{ "at": "1s", "where": 1, "text": "" }] }),
        json!({ "version": 1, "captions": [{ "broken": 0, "text": "" }] }),
        json!({ "version": 1, "paper": { "more": { "a": 1 } } }),
        json!({ "version": 1, "walks": [{ "id": 1, "steps": [{ "from": 1 }] }] }),
    ] {
        assert!(!validator.is_valid(&bad), "{bad}");
        assert!(scenario::from_json(&bad).is_err(), "{bad}");
    }
}

#[test]
fn the_document_for_people_names_everything() {
    let text = include_str!("../docs/scenario.md");
    let kinds = Kind::ALL.iter().map(|kind| kind.name());
    let counters = eventyard::engine::What::ALL.iter().map(|what| what.name());
    for name in kinds.chain(counters) {
        assert!(
            text.contains(&format!("`{name}`")),
            "{name} is missing in docs/scenario.md"
        );
    }
    let example = text.split("```").nth(1).expect("there is an example");
    let example = example.trim_start_matches("json");
    scenario::read(example).unwrap_or_else(|problems| panic!("{problems:?}"));
}
