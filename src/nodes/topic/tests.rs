//! Tests of the topic.

use serde_json::{Value, json};

use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

/// A topic that gets an A and a B, and a queue for each list of types.
fn topic(settings: Value, types: &[Value]) -> (Bench, NodeIndex, Vec<NodeIndex>) {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A"), ("1s", "B")]);
    let topic = bench.node(Kind::Topic, settings);
    bench.link(producer, topic);
    let mut queues = Vec::new();
    for types in types {
        let queue = bench.node(Kind::Queue, json!({}));
        bench.slow_link(topic, queue, json!({ "types": types }));
        queues.push(queue);
    }
    (bench, topic, queues)
}

#[test]
fn every_subscription_gets_a_copy_of_its_own() {
    let (mut bench, topic, queues) = topic(json!({}), &[json!([]), json!([])]);
    bench.until("2s");
    for queue in &queues {
        assert_eq!(bench.lines(*queue, What::Queued), ["0s A", "1s B"]);
    }
    let of = |n: usize| bench.messages(queues[n], What::Queued)[0];
    assert_eq!(of(0).root, of(1).root, "the same event");
    assert_ne!(of(0).id, of(1).id, "different copies");
    assert_eq!(bench.count(topic, What::Done), 2);
    assert_eq!((bench.tally().created, bench.tally().waiting), (6, 4));
}

#[test]
fn a_subscription_takes_only_the_types_of_its_link() {
    let types = [json!(["B"]), json!(["A", "B"]), json!(["C"])];
    let (mut bench, _, queues) = topic(json!({}), &types);
    bench.until("2s");
    assert_eq!(bench.lines(queues[0], What::Queued), ["1s B"]);
    assert_eq!(bench.lines(queues[1], What::Queued), ["0s A", "1s B"]);
    assert_eq!(bench.count(queues[2], What::Queued), 0);
}

#[test]
fn what_no_subscription_takes_is_lost_or_done_as_is_wanted() {
    for (unrouted, dropped, done) in [("drop", 1, 1), ("ignore", 0, 2)] {
        let settings = json!({ "unrouted": unrouted });
        let (mut bench, topic, _) = topic(settings, &[json!(["B"])]);
        bench.until("2s");
        assert_eq!(bench.count(topic, What::Dropped), dropped, "{unrouted}");
        assert_eq!(bench.count(topic, What::Done), done, "{unrouted}");
    }
}

#[test]
fn a_topic_that_is_down_loses_what_comes() {
    let (mut bench, topic, queues) = topic(json!({}), &[json!([])]);
    bench.until("0.5s");
    bench.crash(topic);
    bench.until("2s");
    assert_eq!(bench.lines(queues[0], What::Queued), ["0s A"]);
    assert_eq!(bench.count(topic, What::Dropped), 1);
}

/// What the queues get, by the number of the event at its source.
fn filtered(events: &[Value], links: &[Value]) -> Vec<Vec<u32>> {
    let mut bench = Bench::new();
    let settings = json!({ "pace": "by_hand", "schedule": events });
    let producer = bench.node(Kind::Producer, settings);
    let topic = bench.node(Kind::Topic, json!({}));
    bench.link(producer, topic);
    let queues: Vec<NodeIndex> = links
        .iter()
        .map(|link| {
            let queue = bench.node(Kind::Queue, json!({}));
            bench.slow_link(topic, queue, link.clone());
            queue
        })
        .collect();
    bench.until("1s");
    let got = |queue: &NodeIndex| bench.messages(*queue, What::Queued);
    let numbers = queues.iter().map(got);
    numbers
        .map(|got| got.iter().map(|it| it.sequence).collect())
        .collect()
}

#[test]
fn a_filter_looks_at_headers_type_and_key_or_at_the_body() {
    let event = |name: &str, headers: Value, body: Value| {
        let mut event = json!({ "at": "0s", "event": name, "key": "ada" });
        event["headers"] = headers;
        event["body"] = body;
        event
    };
    let events = [
        event("A", json!({ "color": "red" }), json!({ "price": 5 })),
        event(
            "B",
            json!({ "color": ["blue", "red"] }),
            json!({ "price": 50 }),
        ),
        event("B", json!({}), json!({})),
    ];
    let attributes = |policy: Value| json!({ "filter": policy });
    let body = |policy: Value| json!({ "filter": policy, "filter_scope": "body" });
    let links = [
        json!({}),
        attributes(json!({ "color": ["red"] })),
        attributes(json!({ "color": [{ "anything-but": "red" }] })),
        attributes(json!({ "type": ["B"], "subject": [{ "prefix": "a" }] })),
        body(json!({ "price": [{ "numeric": [">", 10] }] })),
        body(json!({ "price": [{ "exists": false }] })),
        json!({ "types": ["A"], "filter": { "color": [{ "exists": true }] } }),
    ];
    let expected: [&[u32]; 7] = [&[1, 2, 3], &[1, 2], &[2], &[2, 3], &[2], &[3], &[1]];
    assert_eq!(filtered(&events, &links), expected);
}

#[test]
fn with_too_many_subscriptions_some_get_nothing() {
    for (surplus, served) in [
        ("newest", [true, true, false]),
        ("oldest", [false, true, true]),
    ] {
        let settings = json!({ "max_subscribers": 2, "surplus": surplus });
        let (mut bench, topic, queues) = topic(settings, &[json!([]), json!([]), json!(["A"])]);
        bench.until("0.5s");
        let got = queues
            .iter()
            .map(|queue| bench.count(*queue, What::Queued) > 0);
        assert_eq!(got.collect::<Vec<_>>(), served, "{surplus}");
        bench.configure(topic, json!({}));
        bench.until("2s");
        assert_eq!(
            bench.count(queues[0], What::Queued),
            1 + u64::from(served[0])
        );
    }
}

#[test]
fn who_subscribes_by_a_queue_misses_nothing_and_who_is_away_without_one_does() {
    let (mut bench, topic, queues) = topic(json!({}), &[json!([])]);
    let there = json!({ "service_time": { "shape": "constant", "value": "0s" } });
    let durable = bench.node(Kind::Service, there.clone());
    let other = bench.node(Kind::Service, there);
    bench.link(queues[0], durable);
    bench.link(topic, other);
    bench.until("0.5s");
    bench.crash(durable);
    bench.crash(other);
    bench.until("2s");
    bench.restart(durable);
    bench.restart(other);
    bench.until("3s");
    assert_eq!(bench.count(durable, What::Finished), 2);
    assert_eq!(bench.count(other, What::Finished), 1);
    let missed = bench.lines(other, What::Dropped);
    assert_eq!(missed, ["1s B: the node that had it crashed"]);
}
