//! Tests of retries through a queue, and of the room that a service has.

use serde_json::{Value, json};

use super::work;
use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

/// A service that always fails behind a queue whose dead letters come back after a second. What it
/// emits goes to the last queue.
fn circle(settings: Value, rules: &str) -> (Bench, [NodeIndex; 4]) {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A"), ("0.5s", "B")]);
    let queue = bench.node(Kind::Queue, json!({ "rules": rules }));
    let mut all = work("0s", settings);
    all["failure_rate"] = json!(1.0);
    all["on_failure"] = json!("reject");
    all["emits"] = json!([{ "event": "Parked", "failed": true }]);
    let service = bench.node(Kind::Service, all);
    let retry = bench.node(Kind::Queue, json!({ "time_to_live": "1s", "rules": rules }));
    let parked = bench.node(Kind::Queue, json!({}));
    bench.chain(&[producer, queue, service, parked]);
    bench.chain(&[queue, retry, queue]);
    (bench, [queue, service, retry, parked])
}

#[test]
fn what_comes_back_through_a_retry_queue_is_given_up_after_its_rounds() {
    for rules in ["classic", "quorum"] {
        let (mut bench, [queue, service, _, parked]) = circle(json!({ "rounds": 2 }), rules);
        bench.until("20s");
        let tries = ["0s A", "500ms B", "1s A", "1.5s B", "2s A", "2.5s B"];
        assert_eq!(bench.lines(service, What::Failed), tries, "{rules}");
        assert_eq!(
            bench.lines(parked, What::Queued),
            ["2s Parked", "2.5s Parked"]
        );
        assert_eq!(bench.count(queue, What::Acked), 2);
        assert_eq!(bench.tally().alive(), 2, "those that are parked");
    }
}

#[test]
fn without_a_number_of_rounds_it_goes_round_for_ever() {
    let (mut bench, [_, service, ..]) = circle(json!({}), "classic");
    bench.until("20.2s");
    assert_eq!(bench.count(service, What::Failed), 41);
}

/// A service that takes ten seconds for each event, and gets one a second.
fn crowded(settings: Value) -> (Bench, NodeIndex) {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A"), ("1s", "B"), ("2s", "C"), ("3s", "D")]);
    let service = bench.node(Kind::Service, work("10s", settings));
    bench.link(producer, service);
    (bench, service)
}

#[test]
fn a_service_without_room_refuses_the_new_or_drops_the_old() {
    for (when_full, lost, kept) in [
        ("refuse", ["3s D"], ["10s A", "20s B", "30s C"]),
        ("drop_oldest", ["3s B"], ["10s A", "20s C", "30s D"]),
    ] {
        let (mut bench, service) = crowded(json!({ "max_waiting": 2, "when_full": when_full }));
        bench.until("60s");
        let lost: Vec<String> = lost.map(|it| format!("{it}: there is no room")).into();
        assert_eq!(bench.lines(service, What::Dropped), lost, "{when_full}");
        assert_eq!(bench.lines(service, What::Finished), kept, "{when_full}");
    }
}

#[test]
fn with_room_for_none_it_works_and_lets_nobody_wait() {
    let (mut bench, service) = crowded(json!({ "max_waiting": 0, "workers": 2 }));
    bench.until("60s");
    assert_eq!(bench.lines(service, What::Finished), ["10s A", "11s B"]);
    assert_eq!(bench.count(service, What::Dropped), 2);
}

#[test]
fn a_caller_hears_at_once_that_there_is_no_room() {
    for (when_full, failed) in [("refuse", "2s A"), ("drop_oldest", "2s A")] {
        let mut bench = Bench::new();
        let producer = bench.events(&[("0s", "A"), ("1s", "A"), ("2s", "A")]);
        let settings = json!({ "workers": 9, "call_timeout": null });
        let caller = bench.node(Kind::Service, work("0s", settings));
        let callee = json!({ "max_waiting": 1, "when_full": when_full });
        let callee = bench.node(Kind::Service, work("10s", callee));
        bench.link(producer, caller);
        bench.slow_link(caller, callee, json!({ "calls": true }));
        bench.until("60s");
        let failed = [format!("{failed}: there is no room")];
        assert_eq!(bench.lines(caller, What::Failed), failed, "{when_full}");
        assert_eq!(
            bench.lines(caller, What::Finished),
            ["10s A", "20s A"],
            "{when_full}"
        );
    }
}
