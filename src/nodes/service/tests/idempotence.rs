//! Tests of the ids that a service knows.

use serde_json::{Value, json};

use super::work;
use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

/// A service behind a link that carries everything twice.
fn doubled(settings: Value) -> (Bench, NodeIndex) {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A"), ("1s", "B")]);
    let service = bench.node(Kind::Service, work("100ms", settings));
    let twice = json!({ "duplication": 1.0, "latency": { "shape": "constant", "value": "10ms" } });
    bench.slow_link(producer, service, twice);
    (bench, service)
}

#[test]
fn without_it_everything_that_comes_twice_is_done_twice() {
    let (mut bench, service) = doubled(json!({}));
    bench.until("5s");
    assert_eq!(bench.count(service, What::Finished), 4);
}

#[test]
fn what_is_known_is_settled_and_not_done_again() {
    let (mut bench, service) = doubled(json!({ "remembers": "1h" }));
    bench.until("5s");
    assert_eq!(bench.count(service, What::Finished), 2);
    assert_eq!(bench.count(service, What::Repeated), 2);
    assert_eq!(bench.tally().done, 4, "nothing is left");
}

#[test]
fn two_workers_on_the_same_event_have_one_effect() {
    let (mut bench, service) = doubled(json!({ "remembers": "1h", "workers": 2 }));
    bench.until("5s");
    assert_eq!(bench.count(service, What::Started), 4);
    assert_eq!(bench.count(service, What::Finished), 2);
    assert_eq!(bench.count(service, What::Repeated), 2);
}

#[test]
fn an_event_that_is_sent_anew_is_another_one() {
    let mut bench = Bench::new();
    let body = json!({ "order": 7 });
    let producer = bench.keyed(&[("0s", "A", "k", body.clone()), ("1s", "A", "k", body)]);
    let service = bench.node(Kind::Service, work("0s", json!({ "remembers": "1h" })));
    bench.link(producer, service);
    bench.until("5s");
    assert_eq!(
        bench.count(service, What::Finished),
        2,
        "ids tell, not bodies"
    );
}

/// A service that is handed the same event again after it finished and crashed.
fn again_after_a_crash(memory: &str) -> (Bench, NodeIndex) {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A")]);
    let queue = bench.node(Kind::Queue, json!({}));
    let settings = json!({ "remembers": "1h", "memory": memory });
    let service = bench.node(Kind::Service, work("1s", settings));
    bench.link(producer, queue);
    // The acknowledgement is on its way when the service crashes and its queue hears of it.
    let slow = json!({ "latency": { "shape": "constant", "value": "1s" } });
    let link = bench.slow_link(queue, service, slow);
    bench.until("3.5s");
    let cut = serde_json::from_value(json!({ "cut": true })).unwrap();
    bench.world.set_link(link, cut);
    bench.until("4.5s");
    bench.world.set_link(link, Default::default());
    bench.crash(service);
    bench.restart(service);
    bench.until("20s");
    (bench, service)
}

#[test]
fn ids_survive_a_crash_if_they_are_kept() {
    let (bench, service) = again_after_a_crash("kept");
    assert_eq!(bench.count(service, What::Finished), 1);
    assert_eq!(bench.count(service, What::Repeated), 1);
    let (bench, service) = again_after_a_crash("lost");
    assert_eq!(bench.count(service, What::Finished), 2);
    assert_eq!(bench.count(service, What::Repeated), 0);
}

#[test]
fn after_the_window_it_is_done_again() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A")]);
    let service = bench.node(Kind::Service, work("0s", json!({ "remembers": "3s" })));
    for latency in ["1s", "2s", "9s"] {
        let link = json!({ "latency": { "shape": "constant", "value": latency } });
        bench.slow_link(producer, service, link);
    }
    bench.until("20s");
    assert_eq!(bench.lines(service, What::Finished), ["1s A", "9s A"]);
    assert_eq!(bench.lines(service, What::Repeated), ["2s A"]);
}
