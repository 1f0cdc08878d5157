//! Tests of windows: by the time at which events happened, not by that at which they come.

use serde_json::{Value, json};

use super::work;
use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

/// A service that gets what happened at 1, 12 and 26 s at once, and what happened at 8 s at 13 s.
/// What it emits goes to the queue.
fn windowed(emits: Value) -> (Bench, NodeIndex, NodeIndex) {
    let mut bench = Bench::new();
    let near = bench.events(&[("1s", "A"), ("12s", "A"), ("26s", "A")]);
    let far = bench.events(&[("8s", "A")]);
    let service = bench.node(Kind::Service, work("0s", json!({ "emits": emits })));
    let queue = bench.node(Kind::Queue, json!({}));
    bench.chain(&[near, service, queue]);
    let late = json!({ "latency": { "shape": "constant", "value": "5s" } });
    bench.slow_link(far, service, late);
    (bench, service, queue)
}

fn counts(bench: &Bench, queue: NodeIndex) -> Vec<Value> {
    let came = bench.messages(queue, What::Queued);
    came.iter().map(|it| bench.body(it)).collect()
}

#[test]
fn a_window_closes_when_an_event_shows_that_its_time_is_over() {
    let emits = json!([{ "event": "Counted", "window": "10s" }, { "event": "Late", "late": true }]);
    let (mut bench, service, queue) = windowed(emits);
    bench.until("60s");
    let expected = ["12s Counted", "13s Late", "26s Counted"];
    assert_eq!(bench.lines(queue, What::Queued), expected);
    let counts = counts(&bench, queue);
    assert_eq!(counts[0], json!({ "from": 0.0, "to": 10.0, "count": 1 }));
    assert_eq!(counts[2], json!({ "from": 10.0, "to": 20.0, "count": 1 }));
    assert_eq!(
        bench.count(service, What::Finished),
        4,
        "the last window stays open"
    );
}

#[test]
fn with_lateness_it_waits_for_what_comes_late() {
    let emits = json!([{ "event": "Counted", "window": "10s", "lateness": "5s" },
        { "event": "Late", "late": true }]);
    let (mut bench, _, queue) = windowed(emits);
    bench.until("60s");
    assert_eq!(
        bench.lines(queue, What::Queued),
        ["26s Counted", "26s Counted"]
    );
    let counts = counts(&bench, queue);
    assert_eq!(
        (&counts[0]["count"], &counts[1]["count"]),
        (&json!(2), &json!(1))
    );
}

#[test]
fn each_key_has_windows_of_its_own_and_all_close_together() {
    let mut bench = Bench::new();
    let at = |at, key| (at, "A", key, json!({}));
    let events = [
        at("1s", "ada"),
        at("2s", "bob"),
        at("3s", "ada"),
        at("10s", "ada"),
    ];
    let producer = bench.keyed(&events);
    let emits = json!({ "emits": [{ "event": "Counted", "window": "10s" }] });
    let service = bench.node(Kind::Service, work("0s", emits));
    let queue = bench.node(Kind::Queue, json!({}));
    bench.chain(&[producer, service, queue]);
    bench.until("60s");
    let came = bench.messages(queue, What::Queued);
    let key = |it: &crate::engine::Message| bench.world.names().key_text(it.key).to_owned();
    let found: Vec<(String, Value)> = (came.iter())
        .map(|it| (key(it), bench.body(it)["count"].clone()))
        .collect();
    assert_eq!(
        found,
        [("ada".to_owned(), json!(2)), ("bob".to_owned(), json!(1))]
    );
}

#[test]
fn open_windows_are_lost_in_a_crash() {
    let (mut bench, service, queue) = windowed(json!([{ "event": "Counted", "window": "10s" }]));
    bench.until("5s");
    bench.crash(service);
    bench.restart(service);
    bench.until("60s");
    let counts = counts(&bench, queue);
    assert_eq!(counts.len(), 1, "what happened at 1 s is forgotten");
    assert_eq!(counts[0]["from"], json!(10.0));
}
