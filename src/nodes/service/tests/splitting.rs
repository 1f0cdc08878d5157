//! Tests of what a service emits: later, many from one, one from many.

use serde_json::json;

use super::{given, work};
use crate::engine::What;
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

#[test]
fn an_event_can_be_emitted_later() {
    let emits = json!({ "emits": [{ "event": "Reminder", "after": "5s" }] });
    let (mut bench, service) = given(2, work("1s", emits));
    let queue = bench.node(Kind::Queue, json!({}));
    bench.link(service, queue);
    bench.until("20s");
    assert_eq!(
        bench.lines(queue, What::Queued),
        ["6s Reminder", "7s Reminder"]
    );
}

#[test]
fn what_was_to_be_emitted_later_is_lost_in_a_crash() {
    let emits = json!({ "emits": [{ "event": "Reminder", "after": "5s" }] });
    let (mut bench, service) = given(1, work("1s", emits));
    let queue = bench.node(Kind::Queue, json!({}));
    bench.link(service, queue);
    bench.until("2s");
    bench.crash(service);
    bench.restart(service);
    bench.until("20s");
    assert_eq!(bench.count(queue, What::Queued), 0);
}

#[test]
fn one_message_splits_into_as_many_as_its_list_has() {
    let mut bench = Bench::new();
    let order = json!({ "lines": [{ "item": "tea" }, { "item": "cup" }, { "item": "pot" }] });
    let producer = bench.keyed(&[
        ("0s", "Order", "ada", order),
        ("0s", "Order", "", json!({})),
    ]);
    let emits = json!({ "emits": [{ "event": "Line", "each": "lines" }] });
    let service = bench.node(Kind::Service, work("1s", emits));
    let queue = bench.node(Kind::Queue, json!({}));
    bench.chain(&[producer, service, queue]);
    bench.until("9s");
    let lines = bench.messages(queue, What::Queued);
    let items: Vec<_> = lines
        .iter()
        .map(|line| bench.body(line)["item"].clone())
        .collect();
    assert_eq!(items, ["tea", "cup", "pot"]);
    assert_ne!(lines[0].root, lines[1].root, "events of their own");
    assert_eq!(lines[0].correlation, lines[2].correlation);
}

#[test]
fn so_many_of_it_are_emitted() {
    let emits = json!({ "emits": [{ "event": "B", "count": 3 }] });
    let (mut bench, service) = given(2, work("1s", emits));
    let queue = bench.node(Kind::Queue, json!({}));
    bench.link(service, queue);
    bench.until("9s");
    assert_eq!(bench.count(queue, What::Queued), 6);
}

#[test]
fn several_messages_of_a_key_are_gathered_into_one() {
    let mut bench = Bench::new();
    let events = ["x", "y", "x", "x", "y"].map(|key| ("0s", "Part", key, json!({})));
    let producer = bench.keyed(&events);
    let emits = json!({ "emits": [{ "event": "Whole", "gather": 2 }] });
    let service = bench.node(Kind::Service, work("1s", emits));
    let queue = bench.node(Kind::Queue, json!({}));
    bench.chain(&[producer, service, queue]);
    bench.until("9s");
    assert_eq!(bench.lines(queue, What::Queued), ["3s Whole", "5s Whole"]);
    let keys: Vec<&str> = (bench.messages(queue, What::Queued).iter())
        .map(|whole| bench.world.names().key_text(whole.key))
        .collect();
    assert_eq!(keys, ["x", "y"]);
}
