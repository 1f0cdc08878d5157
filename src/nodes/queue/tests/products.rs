//! The presets behave as the products whose names they have.

use serde_json::json;

use super::counter::Counter;
use crate::engine::{Verdict, What};
use crate::nodes::{Kind, Preset};

fn like(slug: &str) -> Counter {
    let (kind, preset) = Preset::find(slug).expect("there is such a preset");
    assert_eq!(kind, Kind::Queue);
    Counter::new(preset.settings(kind).to_json())
}

#[test]
fn a_quorum_queue_dead_letters_at_the_21st_return() {
    let mut counter = like("rabbitmq-quorum-queue");
    let (dead, _) = counter.dead_letters(json!({}));
    let consumer = counter.consumer(1);
    counter.put("A", json!({}));
    for _ in 0..20 {
        counter.settle(consumer, "A", Verdict::Requeue);
    }
    assert_eq!(counter.hand(consumer), "A21");
    assert_eq!(counter.bench.count(dead, What::Queued), 0);
    counter.settle(consumer, "A", Verdict::Requeue);
    assert_eq!(
        (counter.hand(consumer), counter.waiting()),
        (String::new(), String::new())
    );
    assert_eq!(counter.bench.count(dead, What::Queued), 1);
}

#[test]
fn a_classic_queue_puts_back_to_the_place_and_a_quorum_queue_to_the_front() {
    for (slug, waiting) in [
        ("rabbitmq-classic-queue", "A B C D"),
        ("rabbitmq-quorum-queue", "C A B D"),
    ] {
        let mut counter = like(slug);
        let consumer = counter.consumer(0);
        counter.put("A B C D", json!({}));
        assert_eq!(counter.take(consumer, 3), "A B C", "{slug}");
        for event in ["C", "A", "B"] {
            counter.settle(consumer, event, Verdict::Requeue);
        }
        assert_eq!(counter.waiting(), waiting, "{slug}");
    }
}

#[test]
fn a_classic_queue_gives_a_message_out_for_ever() {
    let mut counter = like("rabbitmq-classic-queue");
    let (dead, _) = counter.dead_letters(json!({}));
    let consumer = counter.consumer(1);
    counter.put("A", json!({}));
    for _ in 0..60 {
        counter.settle(consumer, "A", Verdict::Requeue);
    }
    assert_eq!(counter.hand(consumer), "A61");
    assert_eq!(counter.bench.count(dead, What::Queued), 0);
}

#[test]
fn a_fifo_queue_locks_a_group_and_knows_repeats_for_five_minutes() {
    let mut counter = like("sqs-fifo");
    let consumer = counter.consumer(0);
    for (event, group, id) in [("A1", "a", 1), ("A2", "a", 2), ("B1", "b", 3)] {
        counter.put_keyed(event, group, json!({ "deduplication-id": id }));
    }
    assert_eq!(counter.take(consumer, 1), "A1");
    assert_eq!(
        counter.take(consumer, 10),
        "B1",
        "the group of A1 is locked"
    );
    counter.settle(consumer, "A1", Verdict::Ack);
    assert_eq!(counter.take(consumer, 10), "A2");
    // What was deleted is still known.
    counter.put_keyed("A3", "a", json!({ "deduplication-id": 1 }));
    assert_eq!(counter.waiting(), "");
    counter.settle(consumer, "A2 B1", Verdict::Ack);
    counter.run("300s");
    counter.put_keyed("A4", "a", json!({ "deduplication-id": 1 }));
    assert_eq!(counter.waiting(), "A4");
    // What has no group, or no id, is refused.
    counter.put("C", json!({ "deduplication-id": 9 }));
    counter.put_keyed("D", "d", json!({}));
    assert_eq!(counter.waiting(), "A4");
}

#[test]
fn a_standard_queue_shows_after_30_seconds_and_still_takes_a_late_delete() {
    let mut counter = like("sqs-standard");
    let consumer = counter.consumer(0);
    counter.put("A", json!({}));
    counter.take(consumer, 1);
    counter.run("29s");
    assert_eq!(counter.waiting(), "");
    counter.run("2s");
    assert_eq!(counter.waiting(), "A");
    counter.settle(consumer, "A", Verdict::Ack);
    assert_eq!(counter.waiting(), "");
}

#[test]
fn service_bus_gives_a_message_up_after_ten_deliveries() {
    let mut counter = like("service-bus-queue");
    let (dead, _) = counter.dead_letters(json!({}));
    let consumer = counter.consumer(1);
    counter.put("A", json!({}));
    for _ in 0..9 {
        counter.settle(consumer, "A", Verdict::Requeue);
    }
    assert_eq!(counter.hand(consumer), "A10");
    counter.settle(consumer, "A", Verdict::Requeue);
    assert_eq!(counter.hand(consumer), "");
    assert_eq!(counter.bench.count(dead, What::Queued), 1);
}

#[test]
fn a_subscription_of_pub_sub_waits_ten_seconds_for_an_answer() {
    let mut counter = like("pubsub-subscription");
    let first = counter.consumer(1);
    counter.put("A", json!({}));
    assert_eq!(counter.hand(first), "A");
    let second = counter.consumer(1);
    counter.run("9s");
    assert_eq!(counter.hand(second), "");
    counter.run("1s");
    let hands = counter.hand(first) + &counter.hand(second);
    assert!(hands.contains("A2"), "{hands}");
}
