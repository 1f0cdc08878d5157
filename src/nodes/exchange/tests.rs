//! Tests of the exchange.

use serde_json::{Value, json};

use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

/// An exchange that gets messages with these types, and a queue for each binding.
fn exchange(settings: Value, keys: &[&str], links: &[Value]) -> (Bench, NodeIndex, Vec<NodeIndex>) {
    let mut bench = Bench::new();
    let events: Vec<_> = keys.iter().map(|key| ("0s", *key)).collect();
    let producer = bench.events(&events);
    let exchange = bench.node(Kind::Exchange, settings);
    bench.link(producer, exchange);
    let mut queues = Vec::new();
    for link in links {
        let queue = bench.node(Kind::Queue, json!({}));
        bench.slow_link(exchange, queue, link.clone());
        queues.push(queue);
    }
    (bench, exchange, queues)
}

fn bound(key: &str) -> Value {
    json!({ "binding": key })
}

fn got(bench: &Bench, queues: &[NodeIndex]) -> Vec<u64> {
    let queued = queues.iter().map(|queue| bench.count(*queue, What::Queued));
    queued.collect()
}

#[test]
fn each_type_has_its_rule() {
    let keys = ["a", "a.b", "b"];
    let links = [bound("a"), bound("a.#"), bound("*")];
    for (name, expected) in [
        ("direct", [1, 0, 0]),
        ("default", [1, 0, 0]),
        ("fanout", [3, 3, 3]),
        ("topic", [1, 2, 2]),
        ("headers", [3, 3, 3]),
    ] {
        let (mut bench, _, queues) = exchange(json!({ "type": name }), &keys, &links);
        bench.until("1s");
        assert_eq!(got(&bench, &queues), expected, "{name}");
    }
}

#[test]
fn the_routing_key_is_the_type_or_the_key_or_a_header() {
    for (from, expected) in [
        ("type", [1, 0, 0]),
        ("key", [0, 1, 0]),
        ("header", [0, 0, 1]),
    ] {
        let mut bench = Bench::new();
        let planned = json!({ "at": "0s", "event": "A", "key": "b",
            "headers": { "routing-key": "to-{key}" } });
        let settings = json!({ "pace": "by_hand", "schedule": [planned] });
        let producer = bench.node(Kind::Producer, settings);
        let settings = json!({ "type": "direct", "routing_key": from });
        let exchange = bench.node(Kind::Exchange, settings);
        bench.link(producer, exchange);
        let queues = ["A", "b", "to-b"].map(|key| {
            let queue = bench.node(Kind::Queue, json!({}));
            bench.slow_link(exchange, queue, bound(key));
            queue
        });
        bench.until("1s");
        assert_eq!(got(&bench, &queues), expected, "{from}");
    }
}

#[test]
fn a_headers_exchange_goes_by_headers() {
    let mut bench = Bench::new();
    let event = |headers: Value| json!({ "at": "0s", "event": "A", "headers": headers });
    let schedule = [
        event(json!({ "a": "1", "b": 2 })),
        event(json!({ "a": "1" })),
        event(json!({})),
    ];
    let settings = json!({ "pace": "by_hand", "schedule": schedule });
    let producer = bench.node(Kind::Producer, settings);
    let exchange = bench.node(Kind::Exchange, json!({ "type": "headers" }));
    bench.link(producer, exchange);
    let queues = [
        json!({ "a": "1", "b": 2 }),
        json!({ "x-match": "any", "a": "1", "b": "2" }),
        json!({ "x-match": "any" }),
    ]
    .map(|arguments| {
        let queue = bench.node(Kind::Queue, json!({}));
        bench.slow_link(exchange, queue, json!({ "arguments": arguments }));
        queue
    });
    bench.until("1s");
    assert_eq!(got(&bench, &queues), [1, 2, 0]);
}

#[test]
fn two_bindings_to_a_queue_are_one_copy() {
    let (mut bench, exchange, queues) = exchange(json!({}), &["a.b"], &[bound("a.*")]);
    bench.slow_link(exchange, queues[0], bound("#"));
    bench.until("1s");
    assert_eq!(got(&bench, &queues), [1]);
    assert_eq!(bench.tally().created, 1);
}

/// Two ways to one queue, and a circle: one copy, and it comes to an end.
#[test]
fn exchanges_behind_exchanges_give_each_queue_one_copy() {
    let (mut bench, first, queues) = exchange(json!({}), &["a.b"], &[bound("none")]);
    let fanout = json!({ "type": "fanout" });
    let [left, right] = [(); 2].map(|()| bench.node(Kind::Exchange, fanout.clone()));
    bench.slow_link(first, left, bound("a.#"));
    bench.slow_link(first, right, bound("*.b"));
    bench.link(left, queues[0]);
    bench.link(right, queues[0]);
    bench.link(left, right);
    bench.link(right, first);
    let other = bench.node(Kind::Queue, json!({}));
    bench.slow_link(
        right,
        other,
        json!({ "latency": { "shape": "constant", "value": "1s" } }),
    );
    bench.until("2s");
    assert_eq!(got(&bench, &[queues[0], other]), [1, 1]);
    assert_eq!(bench.count(first, What::Dropped), 0);
}

#[test]
fn what_has_no_queue_is_dropped_and_returned_if_that_is_wanted() {
    for (unroutable, answers) in [("drop", false), ("return", true)] {
        let settings = json!({ "unroutable": unroutable });
        let (mut bench, exchange, _) = exchange(settings, &["a"], &[bound("b")]);
        bench.until("1s");
        let why = "0s a: no binding takes it to a queue";
        assert_eq!(bench.lines(exchange, What::Dropped), [why]);
        let producer = bench.world.node(NodeIndex(0));
        let picture = producer.picture(bench.world.now(), bench.world.names());
        let shown = format!("{picture:?}");
        assert_eq!(shown.contains("returned"), answers, "{unroutable}: {shown}");
    }
}

/// A binding that leads to an exchange without a queue counts as taken.
#[test]
fn the_alternate_exchange_gets_what_no_binding_takes() {
    let (mut bench, exchange, queues) = exchange(json!({}), &["a", "b", "c"], &[bound("a")]);
    let fanout = json!({ "type": "fanout" });
    let [alternate, dead_end] = [(); 2].map(|()| bench.node(Kind::Exchange, fanout.clone()));
    bench.slow_link(exchange, alternate, json!({ "alternate": true }));
    bench.slow_link(exchange, dead_end, bound("c"));
    let rest = bench.node(Kind::Queue, json!({}));
    bench.link(alternate, rest);
    bench.until("1s");
    assert_eq!(bench.lines(rest, What::Queued), ["0s b"]);
    assert_eq!(got(&bench, &queues), [1]);
    assert_eq!(bench.count(exchange, What::Dropped), 1);
}

#[test]
fn a_changed_binding_counts_from_then_on() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "a"), ("2s", "a")]);
    let exchange = bench.node(Kind::Exchange, json!({ "type": "direct" }));
    bench.link(producer, exchange);
    let queue = bench.node(Kind::Queue, json!({}));
    let link = bench.slow_link(exchange, queue, bound("b"));
    bench.until("1s");
    let settings = serde_json::from_value(bound("a")).unwrap();
    bench.world.set_link(link, settings);
    bench.world.relink(link);
    bench.until("3s");
    assert_eq!(bench.lines(queue, What::Queued), ["2s a"]);
}

#[test]
fn dead_letters_are_routed() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "a")]);
    let queue = bench.node(Kind::Queue, json!({ "time_to_live": "1s" }));
    let exchange = bench.node(Kind::Exchange, json!({}));
    let dead = bench.node(Kind::Queue, json!({}));
    bench.chain(&[producer, queue, exchange]);
    bench.slow_link(exchange, dead, bound("#"));
    bench.until("2s");
    assert_eq!(bench.lines(dead, What::Queued), ["1s a"]);
}

/// Of a group one gets each message, by chance; the others get one each.
#[test]
fn groups_of_nats_share_a_copy() {
    let link = |subject: &str, group: &str| json!({ "binding": subject, "group": group });
    let links = [
        link("jobs.*", "w"),
        link("jobs.>", "w"),
        link("jobs.eu", ""),
        link("jobs.us", "w"),
        link(">", "other"),
    ];
    let keys = ["jobs.eu"; 200];
    let (mut bench, _, queues) = exchange(json!({ "type": "subjects" }), &keys, &links);
    bench.until("1s");
    let got = got(&bench, &queues);
    assert_eq!((got[0] + got[1], &got[2..]), (200, &[200, 0, 200][..]));
    assert!(got[0] > 60 && got[1] > 60, "{got:?}");
}

#[test]
fn a_service_may_subscribe_without_a_queue() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "a.b"), ("0s", "a")]);
    let exchange = bench.node(Kind::Exchange, json!({ "type": "subjects" }));
    bench.link(producer, exchange);
    let service = bench.node(Kind::Service, json!({}));
    bench.slow_link(exchange, service, bound("a.>"));
    bench.slow_link(exchange, service, bound("a.*"));
    bench.until("9s");
    assert_eq!(bench.count(service, What::Done), 2);
}
