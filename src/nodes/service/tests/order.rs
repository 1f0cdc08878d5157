//! Tests of which messages a service begins with, and when.

use serde_json::json;

use super::{given, work};
use crate::engine::What;
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

#[test]
fn a_full_batch_is_worked_on_as_one() {
    let settings = json!({ "batch": 3, "batch_wait": "10s" });
    let (mut bench, service) = given(7, work("1s", settings));
    bench.until("20s");
    let finished = [1, 1, 1, 2, 2, 2, 11].map(|at| format!("{at}s A"));
    assert_eq!(bench.lines(service, What::Finished), finished);
    assert_eq!(bench.tally().done, 7);
}

#[test]
fn a_batch_fails_as_one_and_goes_back_as_one() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "Good"), ("0s", "Bad"), ("0s", "Good")]);
    let queue = bench.node(Kind::Queue, json!({ "delivery_limit": 0 }));
    let settings = json!({ "batch": 3, "batch_wait": "1s", "poison": { "type": ["Bad"] } });
    let service = bench.node(Kind::Service, work("1s", settings));
    bench.chain(&[producer, queue, service]);
    bench.until("9s");
    assert_eq!(bench.count(queue, What::Delivered), 3, "as one batch");
    assert_eq!(bench.count(service, What::Failed), 3);
    assert_eq!(bench.tally().dropped, 3);
}

#[test]
fn with_a_large_prefetch_the_first_takes_the_whole_backlog() {
    for (prefetch, shares) in [(10, [6, 0]), (1, [3, 3])] {
        let mut bench = Bench::new();
        let producer = bench.events(&[("0s", "A"); 6]);
        let queue = bench.node(Kind::Queue, json!({}));
        bench.link(producer, queue);
        let settings = work("1s", json!({ "prefetch": prefetch }));
        let first = bench.node(Kind::Service, settings.clone());
        let second = bench.node(Kind::Service, settings);
        let late = json!({ "latency": { "shape": "constant", "value": "10ms" } });
        bench.slow_link(queue, first, late);
        let later = json!({ "latency": { "shape": "constant", "value": "20ms" } });
        bench.slow_link(queue, second, later);
        bench.until("20s");
        let found = [first, second].map(|service| bench.count(service, What::Finished));
        assert_eq!(found, shares, "prefetch {prefetch}");
    }
}

#[test]
fn it_begins_with_no_more_than_its_rate_after_the_burst() {
    let settings = json!({ "rate_limit": 2.0, "burst": 3, "workers": 10 });
    let (mut bench, service) = given(6, work("0s", settings));
    bench.until("20s");
    let started = ["0s A", "0s A", "0s A", "500ms A", "1s A", "1.5s A"];
    assert_eq!(bench.lines(service, What::Started), started);
}

#[test]
fn the_more_important_comes_first_and_equals_in_their_order() {
    let mut bench = Bench::new();
    let events = ["C", "B", "A", "B", "A"].map(|name| ("0s", name));
    let producer = bench.events(&events);
    let settings = json!({ "priorities": ["A", "B"] });
    let service = bench.node(Kind::Service, work("1s", settings));
    bench.link(producer, service);
    bench.until("9s");
    let finished = ["1s C", "2s A", "3s A", "4s B", "5s B"];
    assert_eq!(bench.lines(service, What::Finished), finished);
}

#[test]
fn what_is_interrupted_goes_on_where_it_was() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "B"), ("0s", "B"), ("1s", "A"), ("1.5s", "A")]);
    let settings = json!({ "priorities": ["A"], "preempts": true });
    let service = bench.node(Kind::Service, work("4s", settings));
    bench.link(producer, service);
    bench.until("2s");
    assert_eq!(bench.metrics(service).busy.value(), 1);
    bench.until("30s");
    let finished = ["5s A", "9s A", "12s B", "16s B"];
    assert_eq!(bench.lines(service, What::Finished), finished);
    let why = "1s B: something more important came";
    assert!(bench.lines(service, What::Queued).contains(&why.to_owned()));
}

#[test]
fn interrupted_work_is_given_back_in_a_crash() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "B"), ("1s", "A")]);
    let queue = bench.node(Kind::Queue, json!({}));
    let settings = json!({ "priorities": ["A"], "preempts": true, "prefetch": 5 });
    let service = bench.node(Kind::Service, work("4s", settings));
    bench.chain(&[producer, queue, service]);
    bench.until("2s");
    bench.crash(service);
    bench.restart(service);
    bench.until("30s");
    assert_eq!(bench.lines(service, What::Finished), ["6s A", "10s B"]);
    assert_eq!(bench.tally().done, 2);
}

#[test]
fn care_can_be_switched_on_and_off_while_it_works() {
    let (mut bench, service) = given(10, work("1s", json!({})));
    bench.until("1.5s");
    bench.configure(service, work("1s", json!({ "retries": 1, "batch": 2 })));
    bench.until("3.5s");
    bench.configure(service, work("1s", json!({})));
    bench.until("30s");
    assert_eq!(bench.count(service, What::Finished), 10);
    assert_eq!(bench.tally().done, 10);
    assert_eq!(bench.metrics(service).busy.value(), 0);
}
