//! Message groups, as in FIFO queues of Amazon SQS.

use serde_json::json;

use super::counter::Counter;
use crate::engine::{Verdict, What};

fn fifo(events: &[(&str, &str)]) -> Counter {
    let mut counter = Counter::new(json!({ "groups": true, "ack_timeout": "30s" }));
    for (event, group) in events {
        counter.put_keyed(event, group, json!({}));
    }
    counter
}

#[test]
fn one_receive_takes_as_many_of_a_group_as_it_can() {
    let mut counter = fifo(&[("A1", "a"), ("B1", "b"), ("A2", "a"), ("A3", "a")]);
    let consumer = counter.consumer(0);
    assert_eq!(counter.take(consumer, 10), "A1 A2 A3 B1");
}

#[test]
fn a_group_opens_when_all_of_it_in_flight_is_settled() {
    let mut counter = fifo(&[("A1", "a"), ("A2", "a"), ("A3", "a")]);
    let consumer = counter.consumer(0);
    counter.take(consumer, 2);
    counter.settle(consumer, "A1", Verdict::Ack);
    assert_eq!(counter.take(consumer, 10), "");
    counter.settle(consumer, "A2", Verdict::Ack);
    assert_eq!(counter.take(consumer, 10), "A3");
}

#[test]
fn ending_the_time_of_the_first_shows_just_that_one() {
    let mut counter = fifo(&[("A1", "a"), ("A2", "a"), ("B1", "b")]);
    let consumer = counter.consumer(0);
    counter.take(consumer, 2);
    counter.extend(consumer, "A1", "0s");
    assert_eq!(counter.take(consumer, 3), "B1 A12");
}

#[test]
fn extending_the_one_in_the_middle_hides_all_behind_it() {
    let mut counter = fifo(&[("A1", "a"), ("A2", "a"), ("A3", "a")]);
    let consumer = counter.consumer(0);
    counter.take(consumer, 3);
    counter.extend(consumer, "A2", "100s");
    counter.run("31s");
    assert_eq!(counter.take(consumer, 10), "A12");
}

#[test]
fn pushed_messages_of_a_group_go_one_after_the_other() {
    let mut counter = fifo(&[("A1", "a"), ("A2", "a"), ("B1", "b")]);
    let first = counter.consumer(5);
    let second = counter.consumer(5);
    assert_eq!(counter.hand(first), "A1 B1");
    assert_eq!(counter.hand(second), "");
    counter.settle(first, "A1", Verdict::Ack);
    assert_eq!(counter.hand(first), "B1 A2");
}

#[test]
fn messages_without_a_group_or_with_a_delay_are_refused() {
    let mut counter = fifo(&[]);
    counter.put("A", json!({}));
    counter.put_keyed("B", "b", json!({ "delay": 5 }));
    assert_eq!(counter.bench.count(counter.queue, What::Dropped), 2);
}
