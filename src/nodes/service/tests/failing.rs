//! Tests of what fails: retries, time limits, poison, bad periods.

use serde_json::{Value, json};

use super::{given, work};
use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

#[test]
fn what_fails_is_tried_again_by_the_same_worker_up_to_the_limit() {
    let settings = json!({ "failure_rate": 1.0, "retries": 2, "backoff": "exponential",
        "retry_delay": "1s", "jitter": "none", "workers": 1 });
    let (mut bench, service) = given(2, work("1s", settings));
    bench.until("5.5s");
    assert_eq!(bench.lines(service, What::Failed), ["1s A", "3s A"]);
    assert_eq!(
        bench.metrics(service).depth.value(),
        1,
        "the worker is busy"
    );
    bench.until("20s");
    let failed = ["1s A", "3s A", "6s A", "7s A", "9s A", "12s A"];
    assert_eq!(bench.lines(service, What::Failed), failed);
    let dropped = "the work on it failed too often";
    let expected = [format!("6s A: {dropped}"), format!("12s A: {dropped}")];
    assert_eq!(bench.lines(service, What::Dropped), expected);
    assert_eq!(bench.count(service, What::Retried), 4);
}

#[test]
fn each_try_has_luck_of_its_own() {
    let settings = json!({ "failure_rate": 0.5, "retries": 3, "backoff": "immediate",
        "workers": 10 });
    let (mut bench, service) = given(0, work("1ms", settings));
    let pace = json!({ "pace": "constant", "rate": 1000.0, "limit": 2000 });
    let producer = bench.node(Kind::Producer, pace);
    bench.link(producer, service);
    bench.until("10s");
    let lost = bench.count(service, What::Dropped) as f64 / 2_000.0;
    assert!((lost - 0.0625).abs() < 0.02, "{lost}");
}

#[test]
fn a_lent_message_goes_back_after_the_last_try_only() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A")]);
    let queue = bench.node(Kind::Queue, json!({ "delivery_limit": 0 }));
    let settings = json!({ "failure_rate": 1.0, "retries": 1, "backoff": "fixed",
        "retry_delay": "1s", "jitter": "none" });
    let service = bench.node(Kind::Service, work("1s", settings));
    bench.chain(&[producer, queue, service]);
    bench.until("9s");
    assert_eq!(bench.lines(service, What::Failed), ["1s A", "3s A"]);
    assert_eq!(bench.count(queue, What::Delivered), 1);
}

#[test]
fn work_that_takes_too_long_is_given_up() {
    let (mut bench, service) = given(1, work("5s", json!({ "timeout": "2s" })));
    bench.until("9s");
    assert_eq!(
        bench.lines(service, What::Failed),
        ["2s A: the work took too long"]
    );
}

#[test]
fn a_poison_message_always_fails_and_others_do_not() {
    let mut bench = Bench::new();
    let body = |price| json!({ "price": price });
    let producer = bench.keyed(&[
        ("0s", "A", "", body(5)),
        ("0s", "A", "", body(500)),
        ("0s", "A", "", body(7)),
    ]);
    let queue = bench.node(Kind::Queue, json!({ "delivery_limit": 3 }));
    let poison = json!({ "price": [{ "numeric": [">", 100] }] });
    let settings = json!({ "poison": poison, "poison_scope": "body" });
    let service = bench.node(Kind::Service, work("1s", settings));
    let letters = bench.node(Kind::Queue, json!({}));
    bench.chain(&[producer, queue, service]);
    bench.link(queue, letters);
    bench.until("20s");
    let why = "A: it always fails";
    let failed = [2, 3, 4, 5].map(|at| format!("{at}s {why}"));
    assert_eq!(bench.lines(service, What::Failed), failed);
    assert_eq!(bench.count(service, What::Finished), 2);
    assert_eq!(bench.tally().waiting, 1, "in the dead letters");
}

#[test]
fn a_poison_message_without_a_limit_blocks_the_line_for_ever() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "Bad"), ("0s", "Good")]);
    let queue = bench.node(Kind::Queue, json!({}));
    let settings = json!({ "poison": { "type": ["Bad"] } });
    let service = bench.node(Kind::Service, work("1s", settings));
    bench.chain(&[producer, queue, service]);
    bench.until("30.5s");
    assert_eq!(bench.count(service, What::Failed), 30);
    assert_eq!(bench.count(service, What::Finished), 0);
}

#[test]
fn in_a_bad_period_work_fails_or_is_slow() {
    let periods = json!([{ "from": "0s", "to": "2.5s", "fails": 1.0 },
        { "from": "3s", "to": "4s", "slow": 10.0 }]);
    let (mut bench, service) = given(4, work("1s", json!({ "periods": periods })));
    bench.until("60s");
    assert_eq!(bench.lines(service, What::Failed), ["1s A", "2s A"]);
    assert_eq!(bench.lines(service, What::Finished), ["3s A", "13s A"]);
}

#[test]
fn a_failure_emits_what_is_wanted_then_and_nothing_else() {
    let emits = json!({ "failure_rate": 1.0,
        "emits": [{ "event": "Done" }, { "event": "Refused", "failed": true }] });
    let (mut bench, service) = given(1, work("1s", emits));
    let queue = bench.node(Kind::Queue, json!({}));
    bench.link(service, queue);
    bench.until("2s");
    assert_eq!(bench.lines(queue, What::Queued), ["1s Refused"]);
}

#[test]
fn a_crash_while_it_waits_to_try_again_gives_the_message_back() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A")]);
    let queue = bench.node(Kind::Queue, json!({}));
    let settings = json!({ "periods": [{ "from": "0s", "to": "2s", "fails": 1.0 }],
        "retries": 5, "backoff": "fixed", "retry_delay": "10s", "jitter": "none" });
    let service = bench.node(Kind::Service, work("1s", settings));
    bench.chain(&[producer, queue, service]);
    bench.until("3s");
    bench.crash(service);
    bench.until("4s");
    bench.restart(service);
    bench.until("30s");
    assert_eq!(bench.lines(service, What::Finished), ["5s A"]);
    assert_eq!(bench.tally().done, 1);
}

/// A service behind a queue that meets an event of version 1 and one of version 2.
fn versions(settings: Value) -> (Bench, NodeIndex, NodeIndex) {
    let mut bench = Bench::new();
    let events = json!([{ "event": "A", "version": 1 }, { "event": "A", "version": 2 }]);
    let pace = json!({ "pace": "constant", "rate": 1.0, "limit": 1 });
    let queue = bench.node(Kind::Queue, json!({}));
    for event in events.as_array().unwrap() {
        let mut settings = pace.clone();
        settings["events"] = json!([event]);
        let producer = bench.node(Kind::Producer, settings);
        bench.link(producer, queue);
    }
    let service = bench.node(Kind::Service, work("1s", settings));
    bench.link(queue, service);
    (bench, queue, service)
}

#[test]
fn a_schema_that_came_later_makes_the_work_fail_or_is_skipped() {
    let (mut bench, _, service) = versions(json!({ "highest_version": 2 }));
    bench.until("9s");
    assert_eq!(bench.count(service, What::Finished), 2);
    let fails = json!({ "highest_version": 1, "on_failure": "reject" });
    let (mut bench, queue_of_it, service_of_it) = versions(fails);
    bench.until("9s");
    let why = ["3s A: the receiver has no rule for it"];
    assert_eq!(bench.lines(service_of_it, What::Failed), why);
    assert_eq!(bench.count(queue_of_it, What::Dropped), 1);
    let skips = json!({ "highest_version": 1, "newer_version": "skip" });
    let (mut bench, _, service_of_it) = versions(skips);
    bench.until("9s");
    let why = ["2s A: the receiver has no rule for it"];
    assert_eq!(bench.lines(service_of_it, What::Refused), why);
    assert_eq!(bench.count(service_of_it, What::Finished), 1);
    assert_eq!(bench.tally().alive(), 0);
}
