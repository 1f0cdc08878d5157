//! How messages end unprocessed: time, dead letters, limits, and queues that go themselves.

use serde_json::{Value, json};

use super::counter::Counter;
use crate::engine::{Goal, Operation, Verdict, What};
use crate::nodes::Kind;
use crate::units::SimDuration;

#[test]
fn only_the_next_message_expires() {
    let mut counter = Counter::new(json!({}));
    let (dead, _) = counter.dead_letters(json!({}));
    let consumer = counter.consumer(0);
    counter.put("Long", json!({ "expiration": "60000" }));
    counter.put("Short", json!({ "expiration": "100" }));
    counter.run("1s");
    assert_eq!(counter.waiting(), "Long Short");
    assert_eq!(counter.take(consumer, 1), "Long");
    counter.run("0s");
    assert_eq!(counter.waiting(), "");
    assert_eq!(counter.bench.count(dead, What::Queued), 1);
}

#[test]
fn behind_a_more_important_message_nothing_expires() {
    let mut counter = Counter::new(json!({ "max_priority": 5 }));
    let consumer = counter.consumer(0);
    counter.put("High", json!({ "priority": 5, "expiration": "60s" }));
    counter.put("Low", json!({ "priority": 1, "expiration": "100ms" }));
    counter.run("1s");
    assert_eq!(counter.waiting(), "High Low");
    assert_eq!(counter.take(consumer, 2), "High");
}

#[test]
fn the_clock_does_not_stop_while_a_message_is_delivered() {
    let mut counter = Counter::new(json!({ "time_to_live": "1s" }));
    let consumer = counter.consumer(1);
    counter.put("A", json!({}));
    counter.run("5s");
    assert_eq!(
        counter.hand(consumer),
        "A",
        "it does not expire in the hand"
    );
    counter.settle(consumer, "A", Verdict::Requeue);
    assert_eq!(
        (counter.hand(consumer), counter.waiting()),
        (String::new(), String::new())
    );
    assert_eq!(counter.bench.count(counter.queue, What::Expired), 1);
}

#[test]
fn a_time_of_nothing_means_now_or_never() {
    let mut counter = Counter::new(json!({ "time_to_live": "0s" }));
    counter.put("A", json!({}));
    assert_eq!(counter.waiting(), "");
    let consumer = counter.consumer(5);
    counter.put("B", json!({}));
    assert_eq!(counter.hand(consumer), "B");
}

#[test]
fn dead_letters_say_where_and_why_they_died_and_how_often() {
    let mut counter = Counter::new(json!({ "time_to_live": "2s" }));
    let (_, reader) = counter.dead_letters(json!({}));
    let consumer = counter.consumer(0);
    counter.put("A", json!({ "user": "ada", "expiration": "1000" }));
    counter.put("B", json!({ "x-death": [{ "count": 5 }] }));
    counter.run("1s");
    assert_eq!(counter.take(reader, 1), "A");
    let headers = counter.headers(&counter.find(reader, "A"));
    let death = json!({
        "count": 1, "queue": 1, "exchange": "", "reason": "expired", "routing-keys": ["A"],
        "time": 1, "original-expiration": "1000",
    });
    let expected = json!({
        "user": "ada", "x-death": [death],
        "x-first-death-queue": 1, "x-first-death-exchange": "", "x-first-death-reason": "expired",
        "x-last-death-queue": 1, "x-last-death-exchange": "", "x-last-death-reason": "expired",
    });
    assert_eq!(headers, expected);
    counter.take(consumer, 1);
    counter.settle(consumer, "B", Verdict::Reject);
    counter.take(reader, 1);
    let headers = counter.headers(&counter.find(reader, "B"));
    assert_eq!(
        headers["x-death"][0]["count"], 1,
        "what a publisher wrote does not count"
    );
}

/// A queue whose dead letters come back to it after a second in another one.
fn circle(rules: &str) -> Counter {
    let mut counter = Counter::new(json!({ "rules": rules, "requeue": "front" }));
    let settings = json!({ "time_to_live": "1s", "rules": rules });
    let (retry, _) = counter.dead_letters(settings);
    let back = counter.bench.link(retry, counter.queue);
    counter.bench.world.relink(back);
    counter
}

#[test]
fn after_dead_letters_a_classic_queue_counts_anew_and_a_quorum_queue_goes_on() {
    for (rules, again) in [("classic", "A"), ("quorum", "A2")] {
        let mut counter = circle(rules);
        let consumer = counter.consumer(1);
        counter.put("A", json!({}));
        counter.settle(consumer, "A", Verdict::Reject);
        counter.run("1s");
        assert_eq!(counter.hand(consumer), again, "{rules}");
        counter.settle(consumer, "A", Verdict::Reject);
        counter.run("1s");
        let headers = counter.headers(&counter.find(consumer, "A"));
        let deaths = headers["x-death"].as_array().unwrap();
        let times: Vec<&Value> = deaths.iter().map(|death| &death["time"]).collect();
        assert_eq!(times, [1, 0], "of the first such death, {rules}");
        let said: Vec<(&Value, &Value)> = deaths
            .iter()
            .map(|death| (&death["reason"], &death["count"]))
            .collect();
        let (expired, rejected) = (json!("expired"), json!("rejected"));
        let two = json!(2);
        assert_eq!(said, [(&expired, &two), (&rejected, &two)], "{rules}");
    }
}

#[test]
fn what_only_expires_does_not_go_round() {
    let mut counter = circle("classic");
    counter
        .bench
        .configure(counter.queue, json!({ "time_to_live": "1s" }));
    counter.put("A", json!({}));
    counter.run("10s");
    let dropped = counter.bench.lines(counter.queue, What::Dropped);
    assert_eq!(dropped, ["2s A: it went round in a circle"]);
}

#[test]
fn dead_letters_for_which_there_is_no_binding_are_lost() {
    let mut counter = Counter::new(json!({ "dead_letter_key": "park" }));
    let consumer = counter.consumer(2);
    let exchange = counter
        .bench
        .node(Kind::Exchange, json!({ "type": "direct" }));
    let parked = counter.bench.node(Kind::Queue, json!({}));
    let binding = json!({ "binding": "park" });
    let links = [
        counter.bench.link(counter.queue, exchange),
        counter.bench.slow_link(exchange, parked, binding),
    ];
    for link in links {
        counter.bench.world.relink(link);
    }
    counter.put("A B", json!({}));
    counter.settle(consumer, "A", Verdict::Reject);
    assert_eq!(counter.bench.count(parked, What::Queued), 1);
    counter
        .bench
        .configure(counter.queue, json!({ "dead_letter_key": "nowhere" }));
    counter.settle(consumer, "B", Verdict::Reject);
    assert_eq!(counter.bench.count(parked, What::Queued), 1);
    assert_eq!(counter.bench.count(exchange, What::Dropped), 1);
}

#[test]
fn most_receives_end_when_it_would_be_received_once_more() {
    let mut counter = Counter::new(json!({ "max_receives": 2, "ack_timeout": "1s" }));
    let (dead, _) = counter.dead_letters(json!({}));
    let consumer = counter.consumer(0);
    counter.put("A", json!({}));
    for received in ["A", "A2"] {
        assert_eq!(counter.take(consumer, 1), received);
        counter.run("2s");
        assert_eq!(counter.bench.count(dead, What::Queued), 0);
    }
    assert_eq!(counter.take(consumer, 1), "");
    assert_eq!(counter.bench.count(dead, What::Queued), 1);
}

#[test]
fn dead_letters_can_keep_their_age() {
    for (keeps, left) in [(true, 0), (false, 1)] {
        let mut counter = Counter::new(json!({ "time_to_live": "50s" }));
        let settings = json!({ "time_to_live": "60s", "letters_keep_age": keeps });
        counter.dead_letters(settings);
        counter.put("A", json!({}));
        counter.run("65s");
        assert_eq!(counter.bench.tally().waiting, left);
    }
}

#[test]
fn what_is_thrown_away_becomes_no_dead_letter() {
    let mut counter = Counter::new(json!({ "expires_after": "10s" }));
    let (dead, _) = counter.dead_letters(json!({}));
    counter.put("A B", json!({}));
    counter.operate(counter.queue, Operation::Purge);
    counter.put("C", json!({}));
    counter.run("30s");
    counter.put("D", json!({}));
    assert_eq!(counter.bench.tally().waiting, 0);
    assert_eq!(counter.bench.tally().dropped, 4);
    assert_eq!(counter.bench.count(dead, What::Queued), 0);
}

#[test]
fn a_queue_that_is_used_stays_and_goes_with_its_last_consumer_if_that_is_wanted() {
    let mut counter = Counter::new(json!({ "expires_after": "10s" }));
    let consumer = counter.consumer(1);
    counter.run("60s");
    counter.put("A", json!({}));
    assert_eq!(counter.hand(consumer), "A");

    let mut counter = Counter::new(json!({ "auto_delete": true }));
    counter.put("A", json!({}));
    let consumer = counter.consumer(1);
    counter.put("B", json!({}));
    counter.bench.crash(consumer);
    counter.run("0s");
    counter.put("C", json!({}));
    assert_eq!(counter.bench.tally().dropped, 3);
}

#[test]
fn what_does_not_last_is_lost_in_a_crash() {
    for (durable, left) in [(true, 3), (false, 0)] {
        let mut counter = Counter::new(json!({ "durable": durable }));
        let consumer = counter.consumer(1);
        counter.put("A B C", json!({}));
        counter.bench.crash(counter.queue);
        counter.run("1s");
        counter.bench.restart(counter.queue);
        counter.run("1s");
        let tally = counter.bench.tally();
        assert_eq!(tally.waiting + tally.in_flight, left);
        let hand = counter.hand(consumer);
        assert!(!hand.is_empty(), "it has not heard of it");
    }
}

#[test]
fn dead_letters_are_sent_on_so_many_and_so_fast() {
    let mut counter = Counter::new(json!({ "delivery_limit": 0 }));
    let (dead, reader) = counter.dead_letters(json!({}));
    let back = counter.bench.link(dead, counter.queue);
    counter.bench.world.relink(back);
    let consumer = counter.consumer(3);
    counter.put("A B C", json!({}));
    counter.settle(consumer, "A B C", Verdict::Reject);
    assert_eq!(counter.bench.count(dead, What::Queued), 3);
    let every = SimDuration::from_secs(1);
    let redrive = Operation::Redrive {
        which: None,
        most: 2,
        every,
        to: Goal::Link,
    };
    counter.operate(dead, redrive);
    assert_eq!(counter.hand(consumer), "A");
    counter.run("1s");
    assert_eq!(counter.hand(consumer), "A B");
    counter.run("5s");
    assert_eq!(counter.hand(consumer), "A B");
    assert_eq!(counter.take(reader, 5), "C");
}
