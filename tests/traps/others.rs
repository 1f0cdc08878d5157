//! Where folk belief about Amazon SQS and SNS, Google Pub/Sub, NATS and waiting is wrong.

use eventyard::engine::{FilterScope, What};
use eventyard::nodes::{Filter, Kind, SubjectPattern};
use eventyard::units::NodeId;
use serde_json::{Value, json};

use crate::{count, run, seen, told, told_of_links};

#[test]
fn trap_28_a_dead_letter_goes_when_it_would_be_received_once_more() {
    seen("own-sqs", "own-dlq-at-the-receive-after own-dlq-by-hand");
    told(
        Kind::Queue,
        "max_receives",
        "not when the third time is over",
    );
}

#[test]
fn trap_29_a_group_is_closed_but_one_receive_may_take_several_of_it() {
    seen("sqs-behaviour", "fifo-batch-same-group fifo-terminate-one");
    seen(
        "own-sqs",
        "own-fifo-one-of-two-deleted own-fifo-extend-the-middle",
    );
    told(
        Kind::Queue,
        "groups",
        "One receive may take several … when all of them are settled",
    );
}

#[test]
fn trap_30_what_was_deleted_is_still_a_repetition() {
    seen(
        "own-sqs",
        "own-dedup-window own-dedup-other-group own-dedup-by-group",
    );
    seen(
        "sqs-behaviour",
        "dedup-id-after-delete dedup-cleared-by-purge",
    );
    told(
        Kind::Queue,
        "deduplication",
        "also of another group … deleted long ago",
    );
    told(
        Kind::Queue,
        "dedup_window",
        "from when it first came … A purge forgets all",
    );
}

#[test]
fn trap_31_fifo_queues_refuse_delays_of_messages_and_late_deletes() {
    seen(
        "own-sqs",
        "own-fifo-no-delay-of-its-own own-fifo-late-delete",
    );
    seen("own-sqs", "own-standard-late-delete");
    told(Kind::Queue, "groups", "a delay of its own … is refused");
    told(
        Kind::Queue,
        "late_ack",
        "FIFO queues and RabbitMQ refuse it",
    );
}

#[test]
fn trap_32_dead_letters_of_standard_queues_keep_their_age() {
    seen("own-sqs", "own-dlq-keeps-age");
    told(Kind::Queue, "letters_keep_age", "gone sooner");
}

#[test]
fn trap_33_a_filter_wants_the_attribute_to_be_there() {
    let takes = |test: Value, attributes: Value| {
        let policy = json!({ "k": [test] });
        Filter::new(&policy, FilterScope::Attributes).takes(&attributes)
    };
    let but = || json!({ "anything-but": ["a", "b"] });
    assert!(!takes(but(), json!({})) && takes(json!({ "exists": false }), json!({})));
    assert!(takes(but(), json!({ "k": ["a", "c"] })) && !takes(but(), json!({ "k": ["a"] })));
    assert!(!takes(json!(1), json!({ "k": "1" })) && !takes(Value::Null, json!({})));
    told_of_links("filter", "does not take a message without the attribute");
    told_of_links("filter", "a number in a text is no number");
}

#[test]
fn trap_34_a_dead_letter_that_nobody_wants_is_lost() {
    let lost = run(
        json!({ "version": 1, "nodes": [
            { "id": 1, "kind": "producer", "settings": { "limit": 3, "rate": 10.0 } },
            { "id": 2, "kind": "queue", "settings": { "delivery_limit": 4 } },
            { "id": 3, "kind": "service", "settings": { "failure_rate": 1.0 } },
            { "id": 4, "kind": "exchange" },
        ], "links": [
            { "id": 5, "from": 1, "to": 2 }, { "id": 6, "from": 2, "to": 3 },
            { "id": 7, "from": 2, "to": 4 },
        ] }),
        60,
    );
    let delivered = count(&lost, 2, What::Delivered);
    assert_eq!((delivered, count(&lost, 2, What::DeadLettered)), (15, 3));
    assert_eq!(count(&lost, 4, What::Dropped), 3);
    told(Kind::Queue, "dead_letter_key", "they are lost silently");
    told(Kind::Queue, "delivery_limit", "Google Pub/Sub");
}

#[test]
fn trap_35_a_greater_than_sign_needs_a_token_more() {
    let takes = |pattern: &str, key: &str| SubjectPattern::new(pattern).unwrap().takes(key);
    assert!(!takes("foo.>", "foo") && takes("foo.>", "foo.bar") && takes("foo*", "foo*"));
    assert!(SubjectPattern::new("a..b").is_none() && !takes(">", "a..b"));
    seen(
        "topic-routing",
        "nats-subject-matrix-a nats-subject-matrix-pedantic-a",
    );
    told_of_links("binding", "a.> does not take a");
}

#[test]
fn trap_36_a_queue_group_shares_one_copy_by_chance() {
    seen("topic-routing", "nats-queue-2");
    seen("own-topics", "own-groups");
    told_of_links("group", "by chance and not in turn");
}

/// The mean wait in the queue, and how many it refused.
fn waits(rate: f64, queues: u32, workers: u32, time: Value, room: Value) -> (f64, u64) {
    let mut nodes = Vec::new();
    let mut links = Vec::new();
    for n in 0..queues {
        let id = 3 * n + 1;
        nodes.push(json!({ "id": id, "kind": "producer", "settings": { "rate": rate } }));
        nodes.push(json!({ "id": id + 1, "kind": "queue",
            "settings": { "max_length": room, "overflow": "reject", "ack_timeout": null } }));
        nodes.push(json!({ "id": id + 2, "kind": "service",
            "settings": { "workers": workers, "service_time": time } }));
        links.push(json!({ "id": 1000 + 2 * n, "from": id, "to": id + 1 }));
        links.push(json!({ "id": 1001 + 2 * n, "from": id + 1, "to": id + 2 }));
    }
    let run = run(
        json!({ "version": 1, "nodes": nodes, "links": links }),
        1_500,
    );
    let of = |n: u32| run.metrics(NodeId(3 * n + 2)).expect("it is there");
    let mean = (0..queues)
        .map(|n| of(n).wait.mean().as_secs())
        .sum::<f64>();
    (mean / f64::from(queues), count(&run, 2, What::Dropped))
}

#[test]
fn trap_42_waits_are_not_in_proportion_to_the_load() {
    let varied = || json!({ "shape": "exponential", "mean": "100ms" });
    let wait = |rate: f64| waits(rate, 4, 1, varied(), Value::Null).0;
    let (half, more, most) = (wait(8.0), wait(9.0), wait(9.5));
    assert!(
        more > 1.6 * half && most > 1.4 * more,
        "{half} {more} {most}"
    );
    let constant = json!({ "shape": "constant", "value": "100ms" });
    let even = waits(8.0, 4, 1, constant, Value::Null).0;
    assert!((0.4..0.6).contains(&(even / half)), "{even} {half}");
    let pooled = waits(32.0, 1, 4, varied(), Value::Null).0;
    assert!(pooled < 0.4 * half, "{pooled} {half}");
    let (short, refused) = waits(20.0, 1, 1, varied(), json!(5));
    assert!(short < 0.6 && refused > 10_000, "{short} {refused}");
    told(
        Kind::Service,
        "workers",
        "doubles from 80 to 90 % … wait less",
    );
    told(
        Kind::Service,
        "service_time",
        "constant times wait half as long",
    );
    told(Kind::Queue, "max_length", "no load is too much");
}
