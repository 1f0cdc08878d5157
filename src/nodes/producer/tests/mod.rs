//! Tests of the producer.

mod pace;
mod publishing;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::engine::{Message, NodeIndex, What};
use crate::nodes::bench::Bench;
use crate::nodes::{Kind, Part};

/// A producer with a queue behind it that keeps everything.
fn producer(settings: Value) -> (Bench, NodeIndex, NodeIndex) {
    let mut bench = Bench::new();
    let producer = bench.node(Kind::Producer, settings);
    let queue = bench.node(Kind::Queue, json!({}));
    bench.link(producer, queue);
    (bench, producer, queue)
}

/// How often each text comes up among the messages.
fn shares(
    bench: &Bench,
    queue: NodeIndex,
    of: impl Fn(&Bench, &Message) -> String,
) -> BTreeMap<String, usize> {
    let mut shares = BTreeMap::new();
    for message in bench.messages(queue, What::Queued) {
        *shares.entry(of(bench, &message)).or_default() += 1;
    }
    shares
}

#[test]
fn a_constant_pace_is_constant() {
    let (mut bench, _, queue) = producer(json!({ "pace": "constant", "rate": 2.0 }));
    bench.until("1.5s");
    let expected = [
        "500ms SomethingHappened",
        "1s SomethingHappened",
        "1.5s SomethingHappened",
    ];
    assert_eq!(bench.lines(queue, What::Queued), expected);
}

#[test]
fn a_poisson_pace_has_its_rate_and_varies() {
    let (mut bench, producer, _) = producer(json!({ "rate": 10.0 }));
    bench.until("1000s");
    let count = bench.count(producer, What::Created) as f64;
    assert!((count / 10_000.0 - 1.0).abs() < 0.03, "{count}");
    let born = bench.messages(producer, What::Created);
    let times: Vec<f64> = born.iter().map(|m| m.born.as_secs()).collect();
    let gaps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let squares: f64 = gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum();
    let deviation = libm::sqrt(squares / gaps.len() as f64);
    assert!((deviation / mean - 1.0).abs() < 0.05, "{deviation} {mean}");
}

#[test]
fn events_come_by_their_weights() {
    let events = json!([{ "event": "A", "weight": 3 }, { "event": "B" },
        { "event": "C", "weight": 0 }]);
    let settings = json!({ "pace": "constant", "rate": 100.0, "events": events });
    let (mut bench, _, queue) = producer(settings);
    bench.until("40s");
    let shares = shares(&bench, queue, |bench, message| {
        bench.world.names().type_name(message.event_type).to_owned()
    });
    assert!((2_900..3_100).contains(&shares["A"]), "{shares:?}");
    assert_eq!(shares["A"] + shares["B"], 4_000);
}

#[test]
fn keys_are_as_many_as_it_says_and_equally_likely() {
    let settings = json!({ "pace": "constant", "rate": 100.0, "keys": 4, "key_label": "cart" });
    let (mut bench, _, queue) = producer(settings);
    bench.until("40s");
    let shares = shares(&bench, queue, |bench, message| {
        bench.world.names().key_text(message.key).to_owned()
    });
    let keys: Vec<&str> = shares.keys().map(String::as_str).collect();
    assert_eq!(keys, ["cart-1", "cart-2", "cart-3", "cart-4"]);
    assert!(
        shares.values().all(|n| (900..1_100).contains(n)),
        "{shares:?}"
    );
}

#[test]
fn a_schedule_is_kept() {
    let mut bench = Bench::new();
    let producer = bench.keyed(&[
        ("2s", "B", "", json!({})),
        ("1s", "A", "ada", json!({ "n": "{seq}" })),
    ]);
    let queue = bench.node(Kind::Queue, json!({}));
    bench.link(producer, queue);
    bench.until("5s");
    assert_eq!(bench.lines(queue, What::Queued), ["1s A", "2s B"]);
    let first = bench.messages(queue, What::Queued)[0];
    assert_eq!(bench.world.names().key_text(first.key), "ada");
    assert_eq!(bench.body(&first), json!({ "n": 1 }));
}

#[test]
fn it_waits_at_the_start_and_stops_at_its_limit() {
    let settings = json!({ "pace": "constant", "rate": 1.0, "start_after": "5s", "limit": 2 });
    let (mut bench, _, queue) = producer(settings);
    bench.until("60s");
    let expected = ["6s SomethingHappened", "7s SomethingHappened"];
    assert_eq!(bench.lines(queue, What::Queued), expected);
}

#[test]
fn a_new_rate_holds_from_now_on() {
    let (mut bench, producer, _) = producer(json!({ "pace": "constant", "rate": 1.0 }));
    bench.until("3.5s");
    bench.configure(producer, json!({ "pace": "constant", "rate": 10.0 }));
    bench.until("4.5s");
    assert_eq!(bench.count(producer, What::Created), 13);
}

#[test]
fn a_producer_that_is_down_emits_nothing() {
    let (mut bench, producer, _) = producer(json!({ "pace": "constant", "rate": 1.0 }));
    bench.until("2.5s");
    bench.crash(producer);
    bench.until("10s");
    assert_eq!(bench.count(producer, What::Created), 2);
    bench.restart(producer);
    bench.until("12s");
    assert_eq!(bench.count(producer, What::Created), 4);
}

#[test]
fn an_event_that_nobody_takes_is_dropped() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("1s", "A")]);
    bench.until("2s");
    let dropped = bench.lines(producer, What::Dropped);
    assert_eq!(dropped, ["1s A: nobody receives it"]);
}

#[test]
fn several_receivers_get_a_copy_each() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("1s", "A")]);
    let queues = [(); 2].map(|()| bench.node(Kind::Queue, json!({})));
    for queue in queues {
        bench.link(producer, queue);
    }
    bench.until("2s");
    assert_eq!((bench.tally().created, bench.tally().waiting), (2, 2));
}

#[test]
fn its_card_counts_all_that_it_emitted() {
    let schedule = json!([{ "at": "1s", "event": "A" }, { "at": "2s", "event": "B" }]);
    let settings = json!({ "pace": "constant", "rate": 1.0, "schedule": schedule });
    let (mut bench, producer, _) = producer(settings);
    bench.until("3s");
    assert_eq!(bench.count(producer, What::Created), 5);
    let node = bench.world.node(producer);
    let picture = node.picture(bench.world.now(), bench.world.names());
    let emitted = picture.parts.iter().find_map(|part| match part {
        Part::Text { label, text, .. } if label == "emitted" => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(emitted, Some("5"));
}
