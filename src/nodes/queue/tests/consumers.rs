//! Who gets what: turns, credit, who leaves, and where what comes back goes.

use serde_json::json;

use super::counter::Counter;
use crate::engine::{Verdict, What};

#[test]
fn without_credit_to_wait_for_the_first_takes_the_whole_backlog() {
    let mut counter = Counter::new(json!({}));
    counter.put("A B C D", json!({}));
    let first = counter.consumer(1_000);
    let second = counter.consumer(1_000);
    assert_eq!(counter.hand(first), "A B C D");
    counter.put("E F", json!({}));
    assert_eq!(counter.hand(first), "A B C D E");
    assert_eq!(counter.hand(second), "F");
}

#[test]
fn who_has_credit_again_is_behind_the_others() {
    let mut counter = Counter::new(json!({}));
    let consumers = [1, 1, 1].map(|prefetch| counter.consumer(prefetch));
    counter.put("A B C D E", json!({}));
    counter.settle(consumers[2], "C", Verdict::Ack);
    counter.settle(consumers[0], "A", Verdict::Ack);
    assert_eq!(counter.hand(consumers[2]), "D");
    assert_eq!(counter.hand(consumers[0]), "E");
}

#[test]
fn what_is_acknowledged_at_once_ignores_the_prefetch_and_is_lost_in_a_crash() {
    let mut counter = Counter::new(json!({}));
    let (consumer, _) = counter.consumer_on(1, json!({ "auto_ack": true }));
    counter.put("A B C", json!({}));
    assert_eq!(counter.hand(consumer), "A B C");
    counter.bench.crash(consumer);
    counter.run("1s");
    assert_eq!(counter.bench.count(consumer, What::Dropped), 3);
    assert_eq!(counter.bench.count(counter.queue, What::Requeued), 0);
}

#[test]
fn the_more_important_consumer_is_served_while_it_has_credit() {
    let mut counter = Counter::new(json!({}));
    let low = counter.consumer(2);
    let (high, _) = counter.consumer_on(2, json!({ "consumer_priority": 10 }));
    counter.put("A B C D E", json!({}));
    assert_eq!(counter.hand(high), "A B");
    assert_eq!(counter.hand(low), "C D");
    counter.settle(high, "A", Verdict::Ack);
    assert_eq!(counter.hand(high), "B E");
}

#[test]
fn what_comes_back_goes_to_its_place_to_the_front_or_to_the_tail() {
    let cases = [
        ("original", "A B C D"),
        ("front", "C A B D"),
        ("tail", "D C A B"),
    ];
    for (requeue, after) in cases {
        let mut counter = Counter::new(json!({ "requeue": requeue }));
        let consumer = counter.consumer(0);
        counter.put("A B C D", json!({}));
        counter.take(consumer, 3);
        counter.settle(consumer, "C A B", Verdict::Requeue);
        assert_eq!(counter.waiting(), after, "{requeue}");
    }
}

#[test]
fn what_always_fails_blocks_the_line_of_one_with_a_prefetch_of_one() {
    let mut counter = Counter::new(json!({}));
    let consumer = counter.consumer(1);
    counter.put("Poison A", json!({}));
    for again in ["Poison2", "Poison3", "Poison4"] {
        counter.settle(consumer, "Poison", Verdict::Requeue);
        assert_eq!(counter.hand(consumer), again);
    }
}

#[test]
fn who_cancels_keeps_what_it_has_and_may_still_answer() {
    let mut counter = Counter::new(json!({ "single_active": true }));
    let first = counter.consumer(2);
    let second = counter.consumer(1);
    counter.put("A B C D", json!({}));
    assert_eq!(
        (counter.hand(first).as_str(), counter.hand(second)),
        ("A B", String::new())
    );
    counter.bench.configure(first, json!({ "by_hand": true }));
    counter.run("0s");
    assert_eq!(counter.hand(second), "C", "both are at work now");
    counter.settle(first, "A", Verdict::Ack);
    assert_eq!(counter.hand(first), "B");
    counter.bench.crash(first);
    counter.run("0s");
    assert_eq!(counter.waiting(), "B D");
}

#[test]
fn the_next_active_consumer_gets_what_waits_before_what_comes_back() {
    let mut counter = Counter::new(json!({ "single_active": true }));
    let first = counter.consumer(2);
    let second = counter.consumer(100);
    counter.put("A B C D", json!({}));
    counter.bench.crash(first);
    counter.run("0s");
    assert_eq!(counter.hand(second), "C D A2 B2");
}

#[test]
fn only_a_quorum_queue_lets_a_more_important_one_become_the_active_one() {
    for (rules, takes_over) in [("classic", false), ("quorum", true)] {
        let mut counter = Counter::new(json!({ "single_active": true, "rules": rules }));
        let first = counter.consumer(1);
        counter.put("A B", json!({}));
        let (second, _) = counter.consumer_on(1, json!({ "consumer_priority": 5 }));
        assert_eq!(counter.hand(second), "", "the first one has not answered");
        counter.settle(first, "A", Verdict::Ack);
        let expected = if takes_over { ("", "B") } else { ("B", "") };
        let hands = (counter.hand(first), counter.hand(second));
        assert_eq!((hands.0.as_str(), hands.1.as_str()), expected, "{rules}");
    }
}

#[test]
fn a_deadline_can_be_moved_and_ended() {
    let mut counter = Counter::new(json!({ "ack_timeout": "10s" }));
    let consumer = counter.consumer(0);
    counter.put("A B", json!({}));
    counter.take(consumer, 2);
    counter.extend(consumer, "A", "60s");
    counter.extend(consumer, "B", "0s");
    assert_eq!(counter.waiting(), "B");
    counter.run("50s");
    assert_eq!(counter.waiting(), "B");
    counter.run("10s");
    assert_eq!(counter.waiting(), "A B");
}

#[test]
fn an_answer_that_comes_too_late_counts_only_where_it_is_wanted() {
    for (counts, left) in [(false, "A"), (true, "")] {
        let mut counter = Counter::new(json!({ "ack_timeout": "10s", "late_ack": counts }));
        let consumer = counter.consumer(0);
        counter.put("A", json!({}));
        counter.take(consumer, 1);
        counter.run("11s");
        counter.settle(consumer, "A", Verdict::Ack);
        assert_eq!(counter.waiting(), left);
    }
}
