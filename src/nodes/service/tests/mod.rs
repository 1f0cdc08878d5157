//! Tests of the service.

mod calls;
mod card;
mod failing;
mod idempotence;
mod order;
mod rounds;
mod splitting;
mod store;
mod windows;

use serde_json::{Value, json};

use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

fn work(time: &str, mut settings: Value) -> Value {
    settings["service_time"] = json!({ "shape": "constant", "value": time });
    settings
}

/// A service that gets `count` events at once, without a queue.
fn given(count: usize, settings: Value) -> (Bench, NodeIndex) {
    let mut bench = Bench::new();
    let producer = bench.events(&vec![("0s", "A"); count]);
    let service = bench.node(Kind::Service, settings);
    bench.link(producer, service);
    (bench, service)
}

#[test]
fn workers_work_at_once_and_the_rest_waits() {
    let (mut bench, service) = given(5, work("1s", json!({ "workers": 2 })));
    bench.until("2.5s");
    assert_eq!(bench.count(service, What::Finished), 4);
    assert_eq!(bench.metrics(service).busy.value(), 1);
    bench.until("3s");
    assert_eq!(bench.tally().done, 5);
}

#[test]
fn what_it_emits_names_its_cause() {
    let emits = json!({ "emits": [{ "event": "B" }, { "event": "C", "on": "A" },
        { "event": "D", "on": "X" }, { "event": "E", "chance": 0.0 }] });
    let (mut bench, service) = given(1, work("1s", emits));
    let queue = bench.node(Kind::Queue, json!({}));
    bench.link(service, queue);
    bench.until("2s");
    assert_eq!(bench.lines(queue, What::Queued), ["1s B", "1s C"]);
    let cause = bench.messages(service, What::Finished)[0];
    let emitted = bench.messages(queue, What::Queued);
    for event in &emitted {
        assert_eq!(event.causation, cause.root);
        assert_eq!(event.correlation, cause.correlation);
    }
    assert_ne!(emitted[0].root, emitted[1].root);
}

#[test]
fn what_it_emits_says_the_same_as_its_cause() {
    let mut bench = Bench::new();
    let body = json!({ "total": "{number 1 1000000}", "id": "{id}", "n": "{seq}" });
    let events = vec![("0s", "A", "k", body.clone()), ("0s", "A", "k", body)];
    let producer = bench.keyed(&events);
    let first = bench.node(
        Kind::Service,
        work("1s", json!({ "emits": [{ "event": "B" }] })),
    );
    let second = bench.node(
        Kind::Service,
        work("1s", json!({ "emits": [{ "event": "C" }] })),
    );
    let queue = bench.node(Kind::Queue, json!({}));
    bench.chain(&[producer, first, second, queue]);
    bench.until("9s");
    let causes = bench.messages(first, What::Finished);
    let emitted = bench.messages(queue, What::Queued);
    for (cause, event) in causes.iter().zip(&emitted) {
        assert_eq!(bench.body(cause), bench.body(event));
    }
    assert_ne!(bench.body(&causes[0]), bench.body(&causes[1]));
}

#[test]
fn failures_come_at_their_rate_and_take_their_time() {
    let settings = work("1ms", json!({ "failure_rate": 0.25, "workers": 10 }));
    let (mut bench, service) = given(200, settings);
    let producer = json!({ "pace": "constant", "rate": 1000.0 });
    let producer = bench.node(Kind::Producer, producer);
    bench.link(producer, service);
    bench.until("10s");
    let (failed, finished) = (
        bench.count(service, What::Failed),
        bench.count(service, What::Finished),
    );
    let share = failed as f64 / (failed + finished) as f64;
    assert!((share - 0.25).abs() < 0.02, "{failed} of {finished}");
    assert_eq!(bench.tally().dropped, failed, "nobody can try them again");
}

#[test]
fn what_was_given_to_it_is_lost_when_it_crashes() {
    let (mut bench, service) = given(3, work("2s", json!({})));
    bench.until("1s");
    bench.crash(service);
    bench.until("2s");
    let why = "1s A: the node that had it crashed";
    assert_eq!(bench.lines(service, What::Dropped), [why; 3]);
    assert_eq!(bench.metrics(service).busy.value(), 0);
}

#[test]
fn it_restarts_by_itself_and_takes_up_its_queue() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A"), ("0s", "A")]);
    let queue = bench.node(Kind::Queue, json!({}));
    let settings = work("2s", json!({ "restart_after": "3s" }));
    let service = bench.node(Kind::Service, settings);
    bench.chain(&[producer, queue, service]);
    bench.until("1s");
    bench.crash(service);
    bench.until("10s");
    assert_eq!(bench.lines(service, What::Finished), ["6s A", "8s A"]);
}

#[test]
fn a_delivery_for_an_earlier_life_is_void() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A")]);
    let queue = bench.node(Kind::Queue, json!({}));
    let service = bench.node(Kind::Service, work("1s", json!({})));
    bench.link(producer, queue);
    let second = json!({ "latency": { "shape": "constant", "value": "1s" } });
    bench.slow_link(queue, service, second);
    // Its subscription arrives after one second, the delivery after two.
    bench.until("1.5s");
    bench.crash(service);
    bench.restart(service);
    bench.until("10s");
    assert_eq!(bench.lines(service, What::Started), ["3.5s A"]);
    assert_eq!(bench.tally().done, 1);
}

#[test]
fn more_workers_help_at_once() {
    let (mut bench, service) = given(10, work("1s", json!({})));
    bench.until("2.5s");
    bench.configure(service, work("1s", json!({ "workers": 5 })));
    bench.until("4.5s");
    assert_eq!(bench.count(service, What::Finished), 10);
}

#[test]
fn fewer_workers_finish_what_they_have() {
    let (mut bench, service) = given(10, work("1s", json!({ "workers": 5 })));
    bench.until("0.5s");
    bench.configure(service, work("1s", json!({ "workers": 1 })));
    bench.until("1s");
    assert_eq!(bench.count(service, What::Finished), 5);
    assert_eq!(bench.metrics(service).busy.value(), 1);
    bench.until("6s");
    assert_eq!(bench.tally().done, 10);
}

#[test]
fn busy_time_and_age_are_measured() {
    let (mut bench, service) = given(2, work("1s", json!({})));
    bench.until("4s");
    let now = bench.world.now();
    let metrics = bench.metrics(service);
    assert_eq!(metrics.busy.average(now), 0.5);
    assert_eq!(metrics.age.mean().as_secs(), 1.5);
    assert_eq!(metrics.wait.mean().as_secs(), 0.5);
}

#[test]
fn a_service_that_is_removed_gives_its_deliveries_back() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A"), ("0s", "A")]);
    let queue = bench.node(Kind::Queue, json!({}));
    let service = bench.node(Kind::Service, work("2s", json!({ "prefetch": 2 })));
    bench.chain(&[producer, queue, service]);
    bench.until("1s");
    bench.world.suffer(service, crate::engine::Fault::Remove);
    bench.until("5s");
    assert_eq!(bench.tally().waiting, 2);
}

#[test]
fn a_lossy_link_does_not_cut_a_consumer_off_for_ever() {
    for seed in 0..30 {
        let mut bench = Bench::seeded(seed);
        let producer = bench.events(&[("0s", "A"); 5]);
        let queue = bench.node(Kind::Queue, json!({ "ack_timeout": "2s" }));
        let service = bench.node(Kind::Service, work("100ms", json!({})));
        bench.link(producer, queue);
        bench.slow_link(queue, service, json!({ "loss": 0.5 }));
        bench.until("0.15s");
        bench.crash(service);
        bench.restart(service);
        bench.until("200s");
        assert_eq!(bench.tally().done, 5, "seed {seed}");
    }
}

#[test]
fn what_an_earlier_life_had_comes_back_with_the_next_one() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A")]);
    let queue = bench.node(Kind::Queue, json!({ "ack_timeout": null }));
    let service = bench.node(Kind::Service, work("2s", json!({})));
    bench.link(producer, queue);
    let link = bench.link(queue, service);
    bench.until("1s");
    let cut = serde_json::from_value(json!({ "cut": true })).unwrap();
    bench.world.set_link(link, cut);
    bench.world.relink(link);
    // The queue hears neither of the crash nor of the restart.
    bench.crash(service);
    bench.restart(service);
    bench.until("2s");
    bench.world.set_link(link, Default::default());
    bench.world.relink(link);
    bench.until("9s");
    assert_eq!(
        bench.lines(queue, What::Requeued),
        ["2s A: the consumer went away"]
    );
    assert_eq!(bench.tally().done, 1);
}
