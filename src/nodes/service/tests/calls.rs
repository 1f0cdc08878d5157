//! Tests of calls: who waits for whom, and for how long.

use serde_json::{Value, json};

use super::work;
use crate::engine::{Fault, NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

fn calls() -> Value {
    json!({ "calls": true })
}

/// Events at these seconds to a service that calls another one.
fn pair(at: &[&str], caller: Value, callee: Value) -> (Bench, NodeIndex, NodeIndex) {
    let mut bench = Bench::new();
    let events: Vec<(&str, &str)> = at.iter().map(|at| (*at, "A")).collect();
    let producer = bench.events(&events);
    let caller = bench.node(Kind::Service, caller);
    let callee = bench.node(Kind::Service, callee);
    bench.link(producer, caller);
    bench.slow_link(caller, callee, calls());
    (bench, caller, callee)
}

#[test]
fn the_worker_of_the_caller_waits_for_the_answer() {
    let (mut bench, caller, callee) = pair(
        &["0s", "0s"],
        work("1s", json!({ "call_timeout": null })),
        work("3s", json!({})),
    );
    bench.until("2s");
    assert_eq!(bench.metrics(caller).busy.value(), 1);
    bench.until("20s");
    assert_eq!(bench.lines(callee, What::Finished), ["4s A", "8s A"]);
    assert_eq!(bench.lines(caller, What::Finished), ["4s A", "8s A"]);
    assert_eq!(bench.tally().alive(), 0);
}

#[test]
fn a_chain_of_calls_takes_as_long_as_all_of_them_and_fails_as_one() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "Order"), ("10s", "Order")]);
    let patient = || work("1s", json!({ "call_timeout": null }));
    let [order, stock] = [patient(), patient()].map(|it| bench.node(Kind::Service, it));
    let periods = json!([{ "from": "9s", "to": "99s", "fails": 1.0 }]);
    let payment = bench.node(Kind::Service, work("1s", json!({ "periods": periods })));
    bench.link(producer, order);
    bench.slow_link(order, stock, calls());
    bench.slow_link(stock, payment, calls());
    bench.until("30s");
    assert_eq!(bench.lines(order, What::Finished), ["3s Order"]);
    assert_eq!(
        bench.lines(order, What::Failed),
        ["13s Order: what it called failed"]
    );
    assert_eq!(bench.count(stock, What::Failed), 1);
}

#[test]
fn several_are_asked_one_after_the_other() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "Order")]);
    let asks = json!([{ "event": "Reserve" }, { "event": "Skipped", "on": "Other" },
        { "event": "Charge" }]);
    let settings = work("0s", json!({ "calls": asks, "call_timeout": null }));
    let order = bench.node(Kind::Service, settings);
    let [stock, payment] =
        ["2s", "1s"].map(|time| bench.node(Kind::Service, work(time, json!({}))));
    bench.link(producer, order);
    for (callee, event) in [(stock, "Reserve"), (payment, "Charge")] {
        bench.slow_link(order, callee, json!({ "calls": true, "types": [event] }));
    }
    bench.until("9s");
    assert_eq!(bench.lines(stock, What::Finished), ["2s Reserve"]);
    assert_eq!(bench.lines(payment, What::Finished), ["3s Charge"]);
    assert_eq!(bench.lines(order, What::Finished), ["3s Order"]);
    let (cause, request) = (
        bench.messages(order, What::Finished)[0],
        bench.messages(stock, What::Finished)[0],
    );
    assert_eq!(request.causation, cause.root);
}

#[test]
fn a_late_answer_is_for_nobody() {
    let (mut bench, caller, callee) = pair(
        &["0s"],
        work("0s", json!({ "call_timeout": "2s" })),
        work("5s", json!({})),
    );
    bench.until("20s");
    assert_eq!(
        bench.lines(caller, What::Failed),
        ["2s A: no answer to its call came in time"]
    );
    assert_eq!(
        bench.count(callee, What::Finished),
        1,
        "it was done all the same"
    );
    assert_eq!(bench.count(caller, What::Ignored), 1);
}

#[test]
fn a_call_that_is_made_again_is_the_same_request() {
    let caller = json!({ "call_timeout": "2s", "retries": 3, "backoff": "immediate" });
    let (mut bench, caller, callee) = pair(
        &["0s"],
        work("0s", caller),
        work("3s", json!({ "remembers": "1h", "workers": 4 })),
    );
    bench.until("20s");
    let requests = bench.messages(callee, What::Delivered);
    assert!(requests.len() > 1 && requests.iter().all(|it| it.root == requests[0].root));
    assert_eq!(
        bench.count(callee, What::Finished),
        1,
        "an idempotent callee can tell"
    );
    assert_eq!(bench.lines(caller, What::Finished), ["4s A"]);
}

#[test]
fn the_circuit_opens_spares_the_callee_and_closes_after_a_trial() {
    let at: Vec<String> = (0..20).map(|second| format!("{second}s")).collect();
    let at: Vec<&str> = at.iter().map(String::as_str).collect();
    let caller = json!({ "circuit_opens_after": 2, "circuit_open_for": "4.5s" });
    let callee = json!({ "periods": [{ "from": "0s", "to": "8s", "fails": 1.0 }] });
    let (mut bench, caller, callee) = pair(&at, work("0s", caller), work("0s", callee));
    bench.until("30s");
    let open = bench.lines(caller, What::Failed);
    let open = open
        .iter()
        .filter(|line| line.ends_with("the circuit is open"));
    // Failures at 0 and 1 s open it, the trial at 6 s fails, the one at 11 s succeeds.
    assert_eq!(open.count(), 8);
    assert_eq!(bench.count(callee, What::Failed), 3);
    assert_eq!(bench.count(callee, What::Finished), 9);
    assert_eq!(bench.count(caller, What::Opened), 2);
    assert_eq!(bench.count(caller, What::Closed), 1);
}

#[test]
fn an_open_circuit_shows_on_the_card() {
    let caller = json!({ "circuit_opens_after": 1, "circuit_open_for": "5s" });
    let callee = work("0s", json!({ "failure_rate": 1.0 }));
    let (mut bench, caller, _) = pair(&["0s"], work("0s", caller), callee);
    for (moment, shown) in [("1s", "open · 4.0 s"), ("6s", "half open")] {
        bench.until(moment);
        let picture = bench
            .world
            .node(caller)
            .picture(bench.world.now(), bench.world.names());
        let text = format!("{:?}", picture.parts);
        assert!(text.contains(&format!("text: {shown:?}")), "{text}");
    }
}

#[test]
fn a_bulkhead_leaves_workers_for_others() {
    let caller = json!({ "workers": 5, "bulkhead": 2, "call_timeout": null });
    let (mut bench, caller, callee) = pair(
        &["0s"; 5],
        work("0s", caller),
        work("9s", json!({ "workers": 9 })),
    );
    bench.until("1s");
    assert_eq!(bench.metrics(callee).busy.value(), 2);
    assert_eq!(
        bench.lines(caller, What::Failed),
        ["0s A: too many calls are under way"; 3]
    );
}

#[test]
fn a_caller_without_a_time_limit_waits_for_ever() {
    let (mut bench, caller, callee) = pair(
        &["0s"],
        work("0s", json!({ "call_timeout": null })),
        work("1s", json!({})),
    );
    bench.until("0.5s");
    bench.crash(callee);
    bench.restart(callee);
    bench.until("1000s");
    assert_eq!(bench.metrics(caller).busy.value(), 1);
    bench.world.suffer(callee, Fault::Remove);
    bench.until("1001s");
    assert_eq!(bench.count(caller, What::Failed), 1, "its link is gone");
}

#[test]
fn a_caller_that_crashes_hears_no_answer() {
    let (mut bench, caller, callee) = pair(
        &["0s"],
        work("0s", json!({ "call_timeout": null })),
        work("2s", json!({})),
    );
    bench.until("1s");
    bench.crash(caller);
    bench.restart(caller);
    bench.until("9s");
    assert_eq!(bench.count(callee, What::Finished), 1);
    assert_eq!((bench.tally().done, bench.tally().dropped), (1, 1));
    assert_eq!(bench.count(caller, What::Ignored), 1);
}

#[test]
fn a_link_that_waits_for_answers_can_be_made_to_wait_for_nobody() {
    let (mut bench, caller, callee) = pair(
        &["0s", "10s"],
        work(
            "0s",
            json!({ "call_timeout": null, "emits": [{ "event": "B" }] }),
        ),
        work("2s", json!({})),
    );
    let other = bench.node(Kind::Queue, json!({}));
    bench.link(caller, other);
    bench.until("5s");
    assert_eq!(bench.lines(caller, What::Finished), ["2s A"]);
    let link = bench.world.link_index(crate::units::LinkId(5)).unwrap();
    bench.world.set_link(link, Default::default());
    bench
        .world
        .set_role(link, crate::nodes::Role::Sends.number());
    bench.world.relink(link);
    bench.until("20s");
    assert_eq!(bench.lines(caller, What::Finished), ["2s A", "10s A"]);
    assert_eq!(bench.lines(callee, What::Finished), ["2s A", "12s B"]);
}

/// How often a database is asked by a service that gets 20 events of this payload style, sent by
/// another service.
fn asked_for_details(payload: &str) -> u64 {
    let mut bench = Bench::new();
    let event = json!({ "event": "OrderPlaced", "payload": payload, "body": { "order": "{seq}" } });
    let shop = json!({ "pace": "constant", "rate": 10.0, "limit": 20, "events": [event] });
    let shop = bench.node(Kind::Producer, shop);
    let mails = work(
        "1ms",
        json!({ "calls": [{ "event": "GetOrder", "details": true }] }),
    );
    let mails = bench.node(Kind::Service, mails);
    let orders = bench.node(Kind::Database, json!({}));
    bench.chain(&[shop, mails, orders]);
    bench.until("60s");
    assert_eq!(bench.count(mails, What::Finished), 20, "{payload}");
    bench.count(orders, What::Finished)
}

#[test]
fn who_is_only_notified_calls_back_and_who_gets_the_state_does_not() {
    assert_eq!(asked_for_details("notification"), 20);
    assert_eq!(asked_for_details("state"), 0);
}

#[test]
fn what_a_service_emits_can_be_a_notification_with_headers() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("0s", "A")]);
    let emits = json!({ "emits": [{ "event": "Placed", "body": { "id": "{seq}" },
        "payload": "notification", "class": "integration", "headers": { "priority": 3 } }] });
    let first = bench.node(Kind::Service, work("0s", emits));
    let calls = work(
        "0s",
        json!({ "calls": [{ "event": "Get", "details": true }] }),
    );
    let second = bench.node(Kind::Service, calls);
    let third = bench.node(Kind::Database, json!({}));
    bench.chain(&[producer, first, second, third]);
    bench.until("9s");
    assert_eq!(bench.count(third, What::Finished), 1);
    let got = bench.messages(second, What::Finished)[0];
    assert_eq!(bench.world.bodies().class_of(&got), "integration");
    let headers = bench.world.bodies().headers_of(&got, bench.world.names());
    assert_eq!(headers["priority"], 3);
}
