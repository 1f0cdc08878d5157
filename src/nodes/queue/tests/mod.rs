//! Tests of the queue.

mod card;
mod comings;
mod consumers;
mod counter;
mod endings;
mod groups;
mod products;
mod redrive;

use serde_json::{Value, json};

use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

/// Three events at once.
const ABC: [(&str, &str); 3] = [("0s", "A"), ("0s", "B"), ("0s", "C")];

/// A producer of `events`, a queue and a service whose work takes `time`.
fn line(
    events: &[(&str, &str)],
    queue: Value,
    mut service: Value,
    time: &str,
) -> (Bench, NodeIndex, NodeIndex) {
    service["service_time"] = json!({ "shape": "constant", "value": time });
    let mut bench = Bench::new();
    let producer = bench.events(events);
    let queue = bench.node(Kind::Queue, queue);
    let service = bench.node(Kind::Service, service);
    bench.chain(&[producer, queue, service]);
    (bench, queue, service)
}

/// A producer of `events` and a queue that nobody reads.
fn unread(events: &[(&str, &str)], queue: Value) -> (Bench, NodeIndex) {
    let mut bench = Bench::new();
    let producer = bench.events(events);
    let queue = bench.node(Kind::Queue, queue);
    bench.link(producer, queue);
    (bench, queue)
}

#[test]
fn competing_consumers_share_what_comes() {
    let (mut bench, queue, first) = line(&[("0s", "A"); 10], json!({}), json!({}), "1s");
    let work = json!({ "service_time": { "shape": "constant", "value": "1s" } });
    let second = bench.node(Kind::Service, work);
    bench.link(queue, second);
    bench.until("5s");
    assert_eq!(bench.count(first, What::Finished), 5);
    assert_eq!(bench.count(second, What::Finished), 5);
    assert_eq!(bench.tally().done, 10);
}

#[test]
fn no_consumer_gets_more_than_its_prefetch() {
    let service = json!({ "prefetch": 3 });
    let (mut bench, queue, _) = line(&[("0s", "A"); 5], json!({}), service, "10s");
    bench.until("1s");
    assert_eq!(bench.count(queue, What::Delivered), 3);
    assert_eq!((bench.tally().waiting, bench.tally().in_flight), (2, 3));
}

#[test]
fn what_comes_back_goes_to_its_original_place() {
    let service = json!({ "failure_rate": 1.0 });
    let (mut bench, queue, _) = line(&ABC, json!({ "delivery_limit": 1 }), service, "1s");
    bench.until("10s");
    let delivered = bench.lines(queue, What::Delivered);
    assert_eq!(delivered, ["0s A", "1s A", "2s B", "3s B", "4s C", "5s C"]);
}

#[test]
fn a_limit_of_n_returns_means_one_delivery_more_and_then_the_dead_letters() {
    let service = json!({ "failure_rate": 1.0 });
    let (mut bench, queue, _) = line(
        &[("0s", "A")],
        json!({ "delivery_limit": 3 }),
        service,
        "1s",
    );
    let dead = bench.node(Kind::Queue, json!({}));
    bench.link(queue, dead);
    bench.until("10s");
    assert_eq!(bench.count(queue, What::Delivered), 4);
    assert_eq!(bench.tally().dead_lettered, 1);
    let letter = bench.messages(dead, What::Queued)[0];
    assert!(letter.dead && letter.attempt == 0);
}

#[test]
fn without_dead_letters_what_failed_too_often_is_dropped() {
    let service = json!({ "failure_rate": 1.0 });
    let (mut bench, queue, _) = line(
        &[("0s", "A")],
        json!({ "delivery_limit": 0 }),
        service,
        "1s",
    );
    bench.until("10s");
    let dropped = bench.lines(queue, What::Dropped);
    assert_eq!(dropped, ["1s A: the work on it failed too often"]);
}

#[test]
fn a_rejected_message_is_not_tried_again() {
    let service = json!({ "failure_rate": 1.0, "on_failure": "reject" });
    let (mut bench, queue, _) = line(&ABC, json!({}), service, "1s");
    bench.until("10s");
    assert_eq!(bench.count(queue, What::Delivered), 3);
    assert_eq!(bench.tally().dropped, 3);
}

#[test]
fn what_is_not_acknowledged_in_time_is_delivered_again_and_happens_twice() {
    let queue = json!({ "ack_timeout": "5s" });
    let (mut bench, queue, service) = line(&[("0s", "A")], queue, json!({}), "8s");
    bench.until("20s");
    assert_eq!(bench.lines(queue, What::Delivered), ["0s A", "5s A"]);
    assert_eq!(bench.count(service, What::Finished), 2);
    assert_eq!(bench.count(queue, What::Acked), 1);
    assert_eq!(bench.count(queue, What::Ignored), 1);
}

#[test]
fn an_acknowledgement_in_time_ends_the_delivery() {
    let queue = json!({ "ack_timeout": "5s" });
    let (mut bench, queue, _) = line(&[("0s", "A")], queue, json!({}), "4s");
    bench.until("20s");
    assert_eq!(bench.count(queue, What::Delivered), 1);
}

#[test]
fn what_waits_too_long_expires() {
    let events = [("0s", "A"), ("1s", "B"), ("5s", "C")];
    let (mut bench, queue) = unread(&events, json!({ "time_to_live": "2s" }));
    bench.until("6s");
    let expired = bench.lines(queue, What::Expired);
    let why = "it waited longer than it may";
    assert_eq!(expired, [format!("2s A: {why}"), format!("3s B: {why}")]);
    assert_eq!(bench.tally().waiting, 1);
}

#[test]
fn what_expires_becomes_a_dead_letter_if_there_is_a_link() {
    let (mut bench, queue) = unread(&ABC, json!({ "time_to_live": "2s" }));
    let dead = bench.node(Kind::Queue, json!({}));
    bench.link(queue, dead);
    bench.until("3s");
    assert_eq!(bench.tally().dead_lettered, 3);
    assert_eq!(bench.count(dead, What::Queued), 3);
}

#[test]
fn a_full_queue_drops_its_head() {
    let (mut bench, queue) = unread(&ABC, json!({ "max_length": 2 }));
    bench.until("1s");
    assert_eq!(
        bench.lines(queue, What::Dropped),
        ["0s A: there is no room"]
    );
    assert_eq!(bench.tally().waiting, 2);
}

#[test]
fn a_full_queue_can_refuse_what_comes() {
    let settings = json!({ "max_length": 2, "overflow": "reject" });
    let (mut bench, queue) = unread(&ABC, settings);
    bench.until("1s");
    assert_eq!(
        bench.lines(queue, What::Dropped),
        ["0s C: there is no room"]
    );
}

#[test]
fn a_queue_without_room_keeps_nothing() {
    let (mut bench, _) = unread(&ABC, json!({ "max_length": 0 }));
    bench.until("1s");
    assert_eq!(bench.tally().dropped, 3);
}

#[test]
fn a_smaller_limit_applies_at_once() {
    let (mut bench, queue) = unread(&ABC, json!({}));
    bench.until("1s");
    bench.configure(queue, json!({ "max_length": 1 }));
    bench.until("2s");
    assert_eq!((bench.tally().waiting, bench.tally().dropped), (1, 2));
}

#[test]
fn deliveries_come_back_when_the_queue_crashes() {
    let (mut bench, queue, _) = line(&ABC, json!({}), json!({}), "3s");
    bench.until("1s");
    bench.crash(queue);
    assert_eq!(bench.tally().waiting, 3);
    bench.until("2s");
    bench.restart(queue);
    bench.until("20s");
    assert_eq!(bench.lines(queue, What::Delivered)[..2], ["0s A", "2s A"]);
    assert_eq!(bench.tally().done, 3);
}

#[test]
fn deliveries_come_back_when_the_consumer_crashes() {
    let (mut bench, queue, service) = line(&ABC, json!({}), json!({}), "3s");
    bench.until("1s");
    bench.crash(service);
    bench.until("2s");
    let back = bench.lines(queue, What::Requeued);
    assert_eq!(back, ["1s A: the consumer went away"]);
    assert_eq!(bench.tally().waiting, 3);
    bench.restart(service);
    bench.until("20s");
    assert_eq!(bench.tally().done, 3);
}

#[test]
fn a_queue_that_is_down_takes_nothing() {
    let (mut bench, queue) = unread(&[("1s", "A")], json!({}));
    bench.until("0s");
    bench.crash(queue);
    bench.until("2s");
    let why = "1s A: the node that had it crashed";
    assert_eq!(bench.lines(queue, What::Dropped), [why]);
}

#[test]
fn a_queue_that_is_removed_gives_up_all_it_has() {
    let (mut bench, queue, service) = line(&ABC, json!({}), json!({}), "3s");
    bench.until("1s");
    bench.world.suffer(queue, crate::engine::Fault::Remove);
    bench.until("10s");
    assert_eq!(bench.tally().dropped, 3);
    assert_eq!(bench.count(service, What::Finished), 1, "it was at work");
}

#[test]
fn the_wait_is_measured_from_when_it_came() {
    let (mut bench, queue, _) = line(&ABC, json!({}), json!({}), "1s");
    bench.until("10s");
    let wait = &bench.metrics(queue).wait;
    assert_eq!((wait.count(), wait.mean().as_secs()), (3, 1.0));
}
