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
    let why = "A: the broker refused it";
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

/// A producer of one event that wants confirms, in front of `middle`, which leads to queues with
/// these settings by links with these.
fn routed(middle: Kind, settings: Value, queues: &[(Value, Value)]) -> (Bench, Vec<NodeIndex>) {
    let mut bench = Bench::new();
    let producer = json!({ "pace": "constant", "rate": 1.0, "limit": 1, "confirms": true,
        "confirm_timeout": "3s", "confirm_retries": 1, "events": [{ "event": "A" }] });
    let mut nodes = vec![bench.node(Kind::Producer, producer)];
    nodes.push(bench.node(middle, settings));
    bench.link(nodes[0], nodes[1]);
    for (settings, link) in queues {
        nodes.push(bench.node(Kind::Queue, settings.clone()));
        bench.slow_link(nodes[1], *nodes.last().unwrap(), link.clone());
    }
    (bench, nodes)
}

/// What both ways of giving copies have in common.
const FANS: [Kind; 2] = [Kind::Exchange, Kind::Topic];

fn fan(kind: Kind) -> Value {
    match kind {
        Kind::Exchange => json!({ "type": "fanout" }),
        _ => json!({}),
    }
}

#[test]
fn a_confirm_comes_when_every_queue_has_the_message() {
    for kind in FANS {
        let queues = [(json!({}), json!({})), (json!({}), latency("2s"))];
        let (mut bench, nodes) = routed(kind, fan(kind), &queues);
        bench.until("60s");
        // Two seconds there and two back are longer than it waits.
        assert_eq!(bench.lines(nodes[0], What::Retried).len(), 1, "{kind:?}");
        assert_eq!(bench.count(nodes[2], What::Queued), 2, "{kind:?}");
        assert_eq!(bench.count(nodes[0], What::Unconfirmed), 1, "{kind:?}");
        let queues = [(json!({}), json!({})), (json!({}), latency("1s"))];
        let (mut bench, nodes) = routed(kind, fan(kind), &queues);
        bench.until("60s");
        assert_eq!(bench.count(nodes[0], What::Retried), 0, "{kind:?}");
        assert_eq!(bench.count(nodes[3], What::Queued), 1, "{kind:?}");
    }
}

#[test]
fn one_queue_that_refuses_is_a_refusal_though_the_other_has_the_message() {
    let full = json!({ "max_length": 0, "overflow": "reject" });
    for kind in FANS {
        let queues = [(json!({}), json!({})), (full.clone(), json!({}))];
        let (mut bench, nodes) = routed(kind, fan(kind), &queues);
        bench.until("60s");
        let given_up = ["7s A: the broker refused it"];
        assert_eq!(
            bench.lines(nodes[0], What::Unconfirmed),
            given_up,
            "{kind:?}"
        );
        assert_eq!(bench.count(nodes[2], What::Queued), 2, "{kind:?}");
    }
}

#[test]
fn a_topic_can_say_yes_without_asking_anybody() {
    let full = json!({ "max_length": 0, "overflow": "reject" });
    let settings = json!({ "confirms": "accepted" });
    let (mut bench, nodes) = routed(Kind::Topic, settings, &[(full, json!({}))]);
    bench.until("60s");
    assert_eq!(bench.count(nodes[0], What::Retried), 0);
    assert_eq!(bench.count(nodes[2], What::Dropped), 1);
}

#[test]
fn a_queue_that_is_down_behind_an_exchange_lets_the_publisher_wait_and_others_get_it_twice() {
    for kind in FANS {
        let queues = [(json!({}), json!({})), (json!({}), json!({}))];
        let (mut bench, nodes) = routed(kind, fan(kind), &queues);
        bench.until("0.5s");
        bench.crash(nodes[3]);
        bench.until("2s");
        bench.restart(nodes[3]);
        bench.until("60s");
        assert_eq!(
            bench.lines(nodes[2], What::Queued),
            ["1s A", "4s A"],
            "{kind:?}"
        );
        assert_eq!(bench.lines(nodes[3], What::Queued), ["4s A"], "{kind:?}");
        assert_eq!(bench.count(nodes[0], What::Unconfirmed), 0, "{kind:?}");
    }
}

#[test]
fn confirms_come_through_exchanges_that_are_bound_to_each_other() {
    let full = json!({ "max_length": 0, "overflow": "reject" });
    for (settings, refused) in [(json!({}), 0), (full, 1)] {
        let (mut bench, nodes) = routed(Kind::Exchange, fan(Kind::Exchange), &[]);
        let second = bench.node(Kind::Exchange, fan(Kind::Exchange));
        let queue = bench.node(Kind::Queue, settings);
        bench.chain(&[nodes[1], second, queue]);
        bench.until("60s");
        assert_eq!(bench.count(nodes[0], What::Unconfirmed), refused);
        assert_eq!(bench.count(queue, What::Queued), 1 - refused);
    }
}

#[test]
fn what_is_sent_again_through_an_exchange_meets_other_luck() {
    for seed in 0..20 {
        let mut bench = Bench::seeded(seed);
        let settings = json!({ "pace": "constant", "rate": 10.0, "limit": 30, "confirms": true,
            "confirm_timeout": "1s", "confirm_retries": 60 });
        let producer = bench.node(Kind::Producer, settings);
        let exchange = bench.node(Kind::Exchange, fan(Kind::Exchange));
        let queue = bench.node(Kind::Queue, json!({}));
        bench.link(producer, exchange);
        let link = json!({ "loss": 0.4, "latency": { "shape": "constant", "value": "10ms" } });
        bench.slow_link(exchange, queue, link);
        bench.until("100s");
        let came = bench.messages(queue, What::Queued);
        let roots: std::collections::BTreeSet<u64> = came.iter().map(|it| it.root).collect();
        assert_eq!(roots.len(), 30, "seed {seed}");
        assert_eq!(bench.count(producer, What::Unconfirmed), 0, "seed {seed}");
    }
}

#[test]
fn what_comes_too_fast_is_refused_and_confirmed_when_it_is_sent_again() {
    let settings = json!({ "confirms": true, "confirm_timeout": "2s", "rate": 2.0, "limit": 2 });
    let slow = json!({ "publish_rate": 1.0, "too_fast": "refuse" });
    let (mut bench, producer, queue) = published(settings, slow, json!({}));
    bench.until("60s");
    let again = ["3s A: the broker refused it"];
    assert_eq!(bench.lines(producer, What::Retried), again);
    assert_eq!(bench.lines(queue, What::Queued), ["500ms A", "3s A"]);
}

#[test]
fn a_queue_of_no_length_drops_its_head_and_confirms_it() {
    let settings = json!({ "confirms": true });
    let (mut bench, producer, queue) = published(settings, json!({ "max_length": 0 }), json!({}));
    bench.until("60s");
    assert_eq!(bench.count(queue, What::Dropped), 3);
    assert_eq!(bench.count(producer, What::Retried), 0);
}

#[test]
fn a_full_queue_blocks_its_producer_also_behind_an_exchange_or_a_topic() {
    for kind in FANS {
        let block = json!({ "max_length": 2, "overflow": "block" });
        let queues = [(block, json!({})), (json!({}), json!({}))];
        let (mut bench, nodes) = routed(kind, fan(kind), &queues);
        let settings = json!({ "pace": "constant", "rate": 1.0, "when_blocked": "wait" });
        bench.until("0s");
        bench.configure(nodes[0], settings);
        let service = json!({ "service_time": { "shape": "constant", "value": "5s" } });
        let service = bench.node(Kind::Service, service);
        let link = bench.link(nodes[2], service);
        bench.world.start_node(service);
        bench.world.relink(link);
        bench.until("100s");
        let created = bench.count(nodes[0], What::Created);
        let copies = bench.count(nodes[2], What::Queued);
        assert!(
            (20..=25).contains(&copies),
            "{kind:?}: {copies} came, {created} made"
        );
    }
}
