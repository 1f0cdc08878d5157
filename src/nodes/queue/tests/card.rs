//! What the card of a queue shows while it runs.

use serde_json::json;

use super::counter::Counter;
use crate::engine::Verdict;
use crate::nodes::Part;

fn has(counter: &Counter, line: &str) -> bool {
    let shown = counter.bench.shown(counter.queue);
    shown.iter().any(|it| it == line)
}

#[test]
fn what_is_lent_stands_apart_from_what_waits() {
    let mut counter = Counter::new(json!({}));
    counter.put("A B C", json!({}));
    assert!(has(&counter, "unacked: 0"));
    let consumer = counter.consumer(2);
    assert!(has(&counter, "unacked: 2/2!"), "its credit is used up");
    let world = &counter.bench.world;
    let picture = world
        .node(counter.queue)
        .picture(world.now(), world.names());
    let counts: Vec<usize> = (picture.parts.iter())
        .filter_map(|part| match part {
            Part::Row { capsules, .. } | Part::Tray { capsules, .. } => Some(capsules.len()),
            _ => None,
        })
        .collect();
    assert_eq!(counts, [1, 2]);
    counter.settle(consumer, "A B", Verdict::Ack);
    assert!(has(&counter, "unacked: 1/2"), "there is credit again");
    counter.settle(consumer, "C", Verdict::Requeue);
    assert!(has(&counter, "redelivered: 1!"));
}

#[test]
fn reasons_of_dead_letters_are_counted() {
    let settings = json!({ "time_to_live": "1s", "max_length": 3, "delivery_limit": 1 });
    let mut counter = Counter::new(settings);
    counter.dead_letters(json!({}));
    counter.put("A B C D", json!({}));
    assert!(has(&counter, "overflowed: 1!"));
    let consumer = counter.consumer(2);
    counter.settle(consumer, "B", Verdict::Reject);
    assert!(has(&counter, "rejected: 1!"));
    for _ in 0..2 {
        counter.settle(consumer, "C", Verdict::Requeue);
    }
    assert!(has(&counter, "failed too often: 1!"));
    counter.put("E F", json!({}));
    counter.run("2s");
    assert!(has(&counter, "expired: 1!"));
}

#[test]
fn groups_behind_something_in_flight_are_locked() {
    let mut counter = Counter::new(json!({ "groups": true }));
    for (event, group) in [("A1", "a"), ("A2", "a"), ("B1", "b")] {
        counter.put_keyed(event, group, json!({}));
    }
    assert!(has(&counter, "locked groups: 0 of 2"));
    let consumer = counter.consumer(0);
    counter.take(consumer, 1);
    assert!(has(&counter, "locked groups: 1 of 2"));
}

#[test]
fn the_only_active_consumer_is_known() {
    let mut counter = Counter::new(json!({ "single_active": true }));
    let (_, first) = counter.consumer_on(1, json!({}));
    let (_, second) = counter.consumer_on(1, json!({}));
    assert!(has(&counter, &format!("active: link {}", first.0)));
    counter.bench.world.remove_link(first);
    counter.run("1s");
    assert!(has(&counter, &format!("active: link {}", second.0)));
}

#[test]
fn the_oldest_may_be_everybodys_last() {
    for rules in [json!({ "max_priority": 5 }), json!({ "rules": "quorum" })] {
        let mut counter = Counter::new(rules);
        counter.put("A", json!({}));
        counter.run("3s");
        counter.put("B", json!({ "priority": 5 }));
        assert!(has(&counter, "oldest: 3.0 s"));
    }
}
