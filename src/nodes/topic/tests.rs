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
