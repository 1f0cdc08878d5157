//! What comes in: limits, priorities, delays, repeated messages, too many at once.

use serde_json::json;

use super::counter::Counter;
use crate::engine::{Operation, Verdict, What};

#[test]
fn a_limit_counts_what_waits_so_that_what_comes_back_can_be_dropped() {
    let mut counter = Counter::new(json!({ "max_length": 2 }));
    let consumer = counter.consumer(0);
    counter.put("A B", json!({}));
    counter.take(consumer, 2);
    counter.put("C D", json!({}));
    assert_eq!(counter.waiting(), "C D");
    counter.settle(consumer, "A B", Verdict::Requeue);
    assert_eq!(counter.waiting(), "C D");
    assert_eq!(counter.bench.count(counter.queue, What::Dropped), 2);
}

#[test]
fn the_head_that_is_dropped_is_the_most_important_message() {
    let mut counter = Counter::new(json!({ "max_length": 2, "max_priority": 5 }));
    for (event, priority) in [("Low", 1), ("Middle", 3), ("High", 5)] {
        counter.put(event, json!({ "priority": priority }));
    }
    assert_eq!(counter.waiting(), "Middle Low");
}

#[test]
fn a_quorum_queue_refuses_one_message_too_late() {
    for (rules, most) in [("classic", "A B C"), ("quorum", "A B C D")] {
        let settings = json!({ "max_length": 3, "overflow": "reject", "rules": rules });
        let mut counter = Counter::new(settings);
        counter.put("A B C D E F", json!({}));
        assert_eq!(counter.waiting(), most, "{rules}");
    }
}

#[test]
fn what_is_refused_is_a_dead_letter_only_if_that_is_wanted() {
    let cases = [
        ("classic", "reject", "A", 0),
        ("classic", "reject_dead_letter", "A", 1),
        // It knows that only as drop head.
        ("quorum", "reject_dead_letter", "B", 1),
    ];
    for (rules, overflow, left, letters) in cases {
        let settings = json!({ "max_length": 1, "overflow": overflow, "rules": rules });
        let mut counter = Counter::new(settings);
        let (dead, _) = counter.dead_letters(json!({}));
        counter.put("A B", json!({}));
        assert_eq!(counter.waiting(), left, "{rules} {overflow}");
        assert_eq!(
            counter.bench.count(dead, What::Queued),
            letters,
            "{rules} {overflow}"
        );
    }
}

#[test]
fn bytes_are_limited_too() {
    let mut counter = Counter::new(json!({ "max_bytes": 10 }));
    counter.put("Aaaa Bbbb Cccc Dddd", json!({}));
    assert_eq!(counter.waiting(), "Cccc Dddd");
}

#[test]
fn priorities_are_capped_and_do_not_overtake_what_is_delivered() {
    let mut counter = Counter::new(json!({ "max_priority": 5 }));
    let consumer = counter.consumer(2);
    counter.put("A B", json!({ "priority": 1 }));
    for (event, priority) in [("C", 4), ("D", 9), ("E", 5)] {
        counter.put(event, json!({ "priority": priority }));
    }
    assert_eq!(counter.hand(consumer), "A B");
    assert_eq!(counter.waiting(), "D E C");
}

#[test]
fn a_quorum_queue_serves_two_important_messages_for_one_of_the_others() {
    let mut counter = Counter::new(json!({ "rules": "quorum" }));
    let consumer = counter.consumer(0);
    counter.put("A B C", json!({}));
    counter.put("X Y Z", json!({ "priority": 9 }));
    assert_eq!(counter.take(consumer, 6), "X Y A Z B C");
}

#[test]
fn without_priorities_the_header_means_nothing() {
    let mut counter = Counter::new(json!({}));
    counter.put("A", json!({ "priority": 1 }));
    counter.put("B", json!({ "priority": 9 }));
    assert_eq!(counter.waiting(), "A B");
}

#[test]
fn what_is_delayed_is_hidden_and_counts_as_waiting() {
    let mut counter = Counter::new(json!({ "delay": "2s" }));
    let consumer = counter.consumer(5);
    counter.put("A", json!({}));
    counter.put("B", json!({ "delay": 0 }));
    counter.put("C", json!({ "delay": "5s" }));
    assert_eq!(counter.hand(consumer), "B");
    assert_eq!(counter.bench.tally().waiting, 2);
    counter.run("2s");
    assert_eq!(counter.hand(consumer), "B A");
    counter.run("3s");
    assert_eq!(counter.hand(consumer), "B A C");
}

#[test]
fn what_came_before_is_known_after_it_was_deleted_until_the_window_ends() {
    let settings = json!({ "deduplication": "content", "dedup_window": "300s" });
    let mut counter = Counter::new(settings);
    let consumer = counter.consumer(0);
    counter.put("A", json!({}));
    counter.take(consumer, 1);
    counter.settle(consumer, "A", Verdict::Ack);
    counter.run("299s");
    counter.put("A", json!({}));
    assert_eq!(counter.waiting(), "");
    counter.run("1s");
    counter.put("A", json!({}));
    assert_eq!(counter.waiting(), "A");
    counter.put("B", json!({ "deduplication-id": "x" }));
    counter.put("C", json!({ "deduplication-id": "x" }));
    assert_eq!(counter.waiting(), "A B");
    counter.operate(counter.queue, Operation::Purge);
    counter.put("A C", json!({ "deduplication-id": "x" }));
    assert_eq!(
        counter.waiting(),
        "A",
        "a purge forgets, and then A has the id"
    );
}

#[test]
fn what_comes_too_fast_is_hidden_or_refused() {
    for (too_fast, waiting, later) in [("throttle", "A", "A B"), ("refuse", "A", "A")] {
        let mut counter = Counter::new(json!({ "publish_rate": 2.0, "too_fast": too_fast }));
        counter.put("A B C", json!({}));
        assert_eq!(counter.waiting(), waiting);
        counter.run("500ms");
        assert_eq!(counter.waiting(), later);
    }
}

#[test]
fn a_full_queue_can_let_the_sender_wait() {
    let mut counter = Counter::new(json!({ "max_length": 2, "overflow": "block" }));
    let consumer = counter.consumer(0);
    counter.put("A", json!({}));
    assert!(!counter.shows("sender"));
    counter.put("B C", json!({}));
    assert_eq!(counter.waiting(), "A B C", "what is on its way is taken");
    assert!(counter.shows("sender"));
    counter.take(consumer, 2);
    assert!(!counter.shows("sender"));
}
