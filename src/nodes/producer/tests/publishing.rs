//! Tests of confirms, batches, and brokers without room.

use serde_json::{Value, json};

use crate::engine::{Context, NodeIndex, Signal, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

/// A producer of one event a second, three of them, in front of a queue.
fn published(settings: Value, queue: Value, link: Value) -> (Bench, NodeIndex, NodeIndex) {
    let mut bench = Bench::new();
    let mut all = json!({ "pace": "constant", "rate": 1.0, "limit": 3,
        "events": [{ "event": "A" }] });
    for (name, value) in settings.as_object().into_iter().flatten() {
        all[name] = value.clone();
    }
    let producer = bench.node(Kind::Producer, all);
    let queue = bench.node(Kind::Queue, queue);
    bench.slow_link(producer, queue, link);
    (bench, producer, queue)
}

fn latency(time: &str) -> Value {
    json!({ "latency": { "shape": "constant", "value": time } })
}

#[test]
fn what_is_confirmed_is_sent_once() {
    let (mut bench, producer, queue) =
        published(json!({ "confirms": true }), json!({}), latency("1s"));
    bench.until("60s");
    assert_eq!(bench.count(queue, What::Queued), 3);
    assert_eq!(bench.count(producer, What::Retried), 0);
}

#[test]
fn a_lost_confirm_makes_a_duplicate_that_can_be_told() {
    // The way there and back takes longer than the producer waits.
    let settings = json!({ "confirms": true, "confirm_timeout": "1.5s", "confirm_retries": 1,
        "limit": 1 });
    let (mut bench, producer, queue) = published(settings, json!({}), latency("1s"));
    bench.until("60s");
    let came = bench.messages(queue, What::Queued);
    assert_eq!(came.len(), 2);
    assert_eq!(came[0].root, came[1].root, "the same event");
    assert_ne!(came[0].id, came[1].id, "another message");
    assert_eq!(bench.count(producer, What::Ignored), 2, "late confirms");
}

#[test]
fn a_lossy_link_loses_nothing_for_a_producer_that_asks() {
    for seed in 0..20 {
        let mut bench = Bench::seeded(seed);
        let settings = json!({ "pace": "constant", "rate": 10.0, "limit": 50, "confirms": true,
            "confirm_timeout": "1s", "confirm_retries": 50 });
        let producer = bench.node(Kind::Producer, settings);
        let queue = bench.node(Kind::Queue, json!({}));
        let link = json!({ "loss": 0.4, "latency": { "shape": "constant", "value": "10ms" } });
        bench.slow_link(producer, queue, link);
        bench.until("100s");
        let came = bench.messages(queue, What::Queued);
        let mut roots: Vec<u64> = came.iter().map(|message| message.root).collect();
        roots.sort_unstable();
        roots.dedup();
        assert_eq!(roots.len(), 50, "seed {seed}");
        assert!(
            came.len() > 50,
            "seed {seed}: lost confirms make duplicates"
        );
    }
}

#[test]
fn a_queue_without_room_refuses_and_is_asked_again() {
    let settings = json!({ "confirms": true, "confirm_timeout": "2s", "confirm_retries": 1 });
    let full = json!({ "max_length": 1, "overflow": "reject" });
    let (mut bench, producer, queue) = published(settings, full, json!({}));
    bench.until("60s");
    assert_eq!(bench.count(queue, What::Queued), 1);
    assert_eq!(bench.count(queue, What::Dropped), 4);
    let given_up = bench.lines(producer, What::Unconfirmed);
    let why = "A: no answer to its call came in time";
    assert_eq!(given_up, [format!("6s {why}"), format!("7s {why}")]);
}

#[test]
fn what_leads_to_no_queue_is_confirmed_all_the_same() {
    let mut bench = Bench::new();
    let settings = json!({ "pace": "constant", "rate": 1.0, "limit": 1, "confirms": true });
    let producer = bench.node(Kind::Producer, settings);
    let exchange = bench.node(Kind::Exchange, json!({}));
    bench.link(producer, exchange);
    bench.until("60s");
    assert_eq!(bench.count(exchange, What::Dropped), 1);
    assert_eq!(bench.count(producer, What::Retried), 0);
}

#[test]
fn a_broker_that_is_down_confirms_nothing_until_it_is_up() {
    let settings = json!({ "confirms": true, "confirm_timeout": "4s", "limit": 1 });
    let (mut bench, _, queue) = published(settings, json!({}), json!({}));
    bench.until("0.5s");
    bench.crash(queue);
    bench.until("2s");
    bench.restart(queue);
    bench.until("60s");
    assert_eq!(bench.lines(queue, What::Queued), ["5s A"]);
}

#[test]
fn few_unconfirmed_make_it_wait() {
    let settings = json!({ "confirms": true, "max_unconfirmed": 1, "rate": 2.0, "limit": 4,
        "when_blocked": "buffer" });
    let (mut bench, _, queue) = published(settings, json!({}), latency("500ms"));
    bench.until("60s");
    let came = ["1s A", "2s A", "3s A", "4s A"];
    assert_eq!(bench.lines(queue, What::Queued), came);
}

#[test]
fn a_batch_is_sent_when_it_is_full_or_has_waited() {
    let settings = json!({ "batch": 2, "linger": "5s" });
    let (mut bench, _, queue) = published(settings, json!({}), json!({}));
    bench.until("60s");
    assert_eq!(bench.lines(queue, What::Queued), ["2s A", "2s A", "8s A"]);
}

#[test]
fn what_waits_for_its_batch_is_lost_in_a_crash() {
    let settings = json!({ "batch": 10, "linger": "50s" });
    let (mut bench, producer, queue) = published(settings, json!({}), json!({}));
    bench.until("2.5s");
    bench.crash(producer);
    bench.until("60s");
    assert_eq!(bench.count(queue, What::Queued), 0);
    assert_eq!(bench.count(producer, What::Dropped), 2);
}

/// What a producer does while its broker has no room from 1.5 to 5.5 s, at a pace of one a second.
fn blocked(settings: Value) -> (Vec<String>, u64) {
    let (mut bench, producer, queue) = published(settings, json!({}), json!({}));
    bench.until("1.5s");
    let say = |bench: &mut Bench, signal: Signal| {
        let link = bench.world.link_index(crate::units::LinkId(3)).unwrap();
        let tell = |context: &mut Context<'_>| context.signal(link, signal);
        bench.world.act_for(queue, tell);
    };
    say(&mut bench, Signal::Blocked);
    bench.until("5.5s");
    say(&mut bench, Signal::Unblocked);
    bench.until("60s");
    (
        bench.lines(queue, What::Queued),
        bench.count(producer, What::Dropped),
    )
}

#[test]
fn without_room_it_waits_drops_or_buffers() {
    let choose = |what: &str| json!({ "when_blocked": what, "limit": 6, "buffer": 2 });
    let came = |seconds: &[&str]| -> Vec<String> {
        seconds
            .iter()
            .map(|second| format!("{second}s A"))
            .collect()
    };
    let (waited, dropped) = blocked(choose("wait"));
    assert_eq!(
        (waited, dropped),
        (came(&["1", "6", "7", "8", "9", "10"]), 0)
    );
    let (left, dropped) = blocked(choose("drop"));
    assert_eq!((left, dropped), (came(&["1", "6"]), 4));
    let (kept, dropped) = blocked(choose("buffer"));
    assert_eq!((kept, dropped), (came(&["1", "5.5", "5.5", "6"]), 2));
}

#[test]
fn a_queue_that_blocks_makes_its_producer_wait_until_there_is_room() {
    let block = json!({ "max_length": 2, "overflow": "block" });
    let settings = json!({ "limit": null, "when_blocked": "wait" });
    let (mut bench, producer, queue) = published(settings, block, json!({}));
    let service = bench.node(
        Kind::Service,
        json!({ "service_time":
        { "shape": "constant", "value": "5s" } }),
    );
    bench.link(queue, service);
    bench.until("100s");
    let created = bench.count(producer, What::Created);
    assert!((20..=25).contains(&created), "{created} made, 20 done");
    assert_eq!(bench.tally().dropped, 0);
}

#[test]
fn the_card_says_what_is_not_confirmed_and_what_holds_it_up() {
    let settings = json!({ "confirms": true, "max_unconfirmed": 2, "confirm_timeout": "3s" });
    let (mut bench, producer, _) = published(settings, json!({}), latency("9s"));
    bench.until("2s");
    let shown = bench.shown(producer);
    assert!(
        shown.contains(&"not confirmed: 2 of 2!".to_owned()),
        "{shown:?}"
    );
    bench.until("6s");
    let shown = bench.shown(producer);
    assert!(
        shown.iter().any(|line| line.starts_with("sent again: ")),
        "{shown:?}"
    );
    let full = json!({ "max_length": 1, "overflow": "block" });
    let (mut bench, producer, _) = published(json!({}), full, json!({}));
    bench.until("9s");
    let shown = bench.shown(producer);
    assert!(
        shown.contains(&"broker: says wait!!".to_owned()),
        "{shown:?}"
    );
}
