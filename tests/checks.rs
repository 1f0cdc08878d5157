//! Promise: each check says whether it held, and if not, when and where it first failed.

use eventyard::scenario;
use eventyard::simulation::{CheckResult, Run};
use eventyard::units::{SimDuration, SimTime};
use serde_json::{Value, json};

/// Ten orders, one every 100 ms from 100 ms on; one worker takes 250 ms for each.
///
/// ```text
/// 1 producer -> 2 queue -> 3 service
/// ```
fn results(check: &Value, queue: &Value, service: &Value) -> CheckResult {
    let mut work = json!({ "service_time": { "shape": "constant", "value": "250ms" } });
    for (name, value) in service.as_object().expect("an object") {
        work[name] = value.clone();
    }
    let document = json!({ "version": 1,
        "nodes": [
            { "id": 1, "kind": "producer",
                "settings": { "pace": "constant", "rate": 10.0, "limit": 10, "keys": 2 } },
            { "id": 2, "kind": "queue", "name": "Orders", "settings": queue },
            { "id": 3, "kind": "service", "name": "Packing", "settings": work },
        ],
        "links": [{ "id": 4, "from": 1, "to": 2 }, { "id": 5, "from": 2, "to": 3 }],
        "checks": [check],
    });
    let scenario = scenario::from_json(&document).unwrap_or_else(|error| panic!("{error:?}"));
    let mut run = Run::new(scenario.plan()).expect("the plan is right");
    run.advance(SimTime::ZERO.after(SimDuration::from_secs(10)), u64::MAX);
    run.results().swap_remove(0)
}

fn holds(check: Value) {
    let result = results(&check, &json!({}), &json!({}));
    assert!(result.passed, "{result:?}");
    assert_eq!(result.failed_at, None);
}

fn fails_at(millis: u64, detail: &str, check: Value, queue: Value, service: Value) {
    let result = results(&check, &queue, &service);
    assert!(!result.passed, "{result:?}");
    let at = result.failed_at.map(|at| at.nanos() / 1_000_000);
    assert_eq!(at, Some(millis), "{result:?}");
    assert!(result.detail.contains(detail), "{result:?}");
}

#[test]
fn nothing_lost() {
    holds(json!({ "check": "nothing_lost" }));
    // The queue has room for two: the third that waits comes at 500 ms.
    let queue = json!({ "max_length": 2, "overflow": "reject" });
    let check = json!({ "check": "nothing_lost", "node": 2 });
    fails_at(
        500,
        "dropped at node 2: there is no room",
        check,
        queue,
        json!({}),
    );
}

#[test]
fn each_effect_happened_once() {
    holds(json!({ "check": "happens_once", "node": 3 }));
    // Work takes longer than the queue waits for: the second worker does it again.
    fails_at(
        450,
        "again",
        json!({ "check": "happens_once", "node": 3 }),
        json!({ "ack_timeout": "100ms" }),
        json!({ "workers": 10 }),
    );
}

#[test]
fn order_by_key_kept() {
    holds(json!({ "check": "order_by_key", "node": 3 }));
    let service = json!({
        "workers": 10, "service_time": { "shape": "uniform", "min": "0s", "max": "2s" }
    });
    let check = json!({ "check": "order_by_key", "node": 3 });
    let result = results(&check, &json!({}), &service);
    assert!(
        !result.passed && result.detail.contains("after number"),
        "{result:?}"
    );
}

#[test]
fn depth_below_a_value() {
    holds(json!({ "check": "depth_below", "node": 2, "value": 7 }));
    // One is worked on; at 100, 200, 300, 400 ms come four, one of them was taken at 350 ms.
    let check = json!({ "check": "depth_below", "node": 2, "value": 3 });
    fails_at(500, "3 wait", check, json!({}), json!({}));
}

#[test]
fn age_below_a_value() {
    holds(json!({ "check": "age_below", "node": 2, "value": "2s" }));
    // The second order comes at 200 ms and is taken at 350 ms, the third at 300 and 600 ms.
    let check = json!({ "check": "age_below", "node": 2, "value": "200ms" });
    fails_at(500, "waits since 300ms", check, json!({}), json!({}));
    // What still waits at the end counts too.
    let check = json!({ "check": "age_below", "node": 2, "value": "5s" });
    let forever = json!({ "service_time": { "shape": "constant", "value": "1h" } });
    fails_at(5_200, "waits since 200ms", check, json!({}), forever);
}

#[test]
fn latency_percentile_below_a_value() {
    holds(json!({ "check": "latency_below", "node": 3, "percentile": 50, "value": "2s" }));
    let check = json!({ "check": "latency_below", "node": 3, "percentile": 90, "value": "1s" });
    fails_at(10_000, "5 of 10 were slower", check, json!({}), json!({}));
}

#[test]
fn a_counter_compared_with_a_number() {
    let check = |node: Value, counter: &str, is: &str, value: u64| {
        let mut check = json!({ "check": "counter", "node": node, "counter": counter });
        (check["is"], check["value"]) = (json!(is), json!(value));
        check
    };
    holds(check(json!(3), "finished", "equal", 10));
    holds(check(json!(null), "created", "at_least", 10));
    holds(check(json!(2), "requeued", "at_most", 0));
    let most = check(json!(3), "finished", "at_most", 3);
    fails_at(1_100, "reached 4", most, json!({}), json!({}));
    let least = check(json!(3), "finished", "at_least", 11);
    fails_at(10_000, "found 10", least, json!({}), json!({}));
}

#[test]
fn lag_below_a_value() {
    let mut scenario = eventyard::scenario::examples()[1].scenario();
    let text = |value: u64| json!({ "check": "lag_below", "node": 5, "value": value });
    for (value, passed) in [(1_000, true), (2, false)] {
        let check = serde_json::from_value(text(value)).expect("it is a check");
        scenario.checks = vec![check];
        let mut run = Run::new(scenario.plan()).expect("the plan is right");
        run.advance(SimTime::ZERO.after(SimDuration::from_secs(60)), u64::MAX);
        let result = run.results().swap_remove(0);
        assert_eq!(result.passed, passed, "{result:?}");
        assert_eq!(result.failed_at.is_none(), passed);
    }
}

/// A projection that begins anew is behind by all that its store has.
#[test]
fn a_lag_after_a_rebuild_counts_from_the_beginning() {
    let failed = |is_rebuilt: bool, value: u64| {
        let mut document = eventyard::scenario::examples()[1].scenario().to_json();
        let folds = json!([{ "on": "MoneyDeposited", "count": "deposits" }]);
        let rebuild = json!({ "at": "40s", "do": "set_node", "node": 5, "field": "folds",
            "value": folds });
        document["script"] = json!(if is_rebuilt { vec![rebuild] } else { vec![] });
        document["checks"] = json!([{ "check": "lag_below", "node": 5, "value": value }]);
        let scenario = scenario::from_json(&document).expect("it is a scenario");
        let mut run = Run::new(scenario.plan()).expect("the plan is right");
        run.advance(SimTime::ZERO.after(SimDuration::from_secs(60)), u64::MAX);
        let failed = run.results().swap_remove(0).failed_at;
        failed.map(|at| at.since(SimTime::ZERO).as_secs())
    };
    let enough = (1..100).find(|value| failed(false, *value).is_none());
    let enough = enough.expect("it is never far behind");
    let since = failed(true, enough).expect("it was behind by all");
    assert!((40.0..42.0).contains(&since), "{since} {enough}");
}

/// Ten records a second, and a group that stops reading after two seconds.
#[test]
fn the_lag_of_a_group_is_what_it_has_not_committed() {
    let document = |group: Value, value: u64| {
        let consumer = |id: u64, time: &str| {
            json!({ "id": id, "kind": "service",
                "settings": { "service_time": { "shape": "constant", "value": time } } })
        };
        json!({ "version": 1, "seed": 1, "nodes": [
            { "id": 1, "kind": "producer",
                "settings": { "pace": "constant", "rate": 10.0, "keys": 5 } },
            { "id": 2, "kind": "log", "settings": { "reset": "earliest", "commit": "after",
                "initial_delay": "0s", "partitions": 2 } },
            consumer(3, "1ms"), consumer(4, "1ms"),
        ], "links": [
            { "id": 5, "from": 1, "to": 2 },
            { "id": 6, "from": 2, "to": 3, "settings": { "group": "mail" } },
            { "id": 7, "from": 2, "to": 4, "settings": { "group": "billing" } },
        ], "script": [{ "at": "2050ms", "do": "crash", "node": 4 }],
        "checks": [{ "check": "lag_below", "node": 2, "group": group, "value": value }] })
    };
    let failed = |group: Value, value: u64, pieces: u64| {
        let scenario = scenario::from_json(&document(group, value)).expect("it is a scenario");
        let mut run = Run::new(scenario.plan()).expect("the plan is right");
        for n in 1..=pieces {
            let until = SimDuration::from_millis(10_000 * n / pieces);
            run.advance(SimTime::ZERO.after(until), u64::MAX);
        }
        let result = run.results().swap_remove(0);
        assert_eq!(result.passed, result.failed_at.is_none());
        result.failed_at.map(|at| (at.to_string(), result.detail))
    };
    assert_eq!(failed(json!("mail"), 2, 1), None);
    // After the crash nothing is committed: the seventh that comes then is the one too many.
    let expected = Some(("2.7s".to_owned(), "7 records behind".to_owned()));
    for pieces in [1, 7, 100] {
        assert_eq!(failed(json!("billing"), 7, pieces), expected);
        assert_eq!(failed(json!(null), 7, pieces), expected);
    }
    let problems = scenario::from_json(&document(json!("sales"), 7)).expect_err("nobody reads so");
    assert!(
        problems[0].to_string().contains("a group that reads a log"),
        "{}",
        problems[0]
    );
}

#[test]
fn a_check_that_makes_no_sense_is_refused() {
    for (check, part) in [
        (
            json!({ "check": "depth_below", "node": 99, "value": 1 }),
            "node 99, which does not",
        ),
        (
            json!({ "check": "lag_below", "node": 2, "value": 1 }),
            "only a projection",
        ),
        (
            json!({ "check": "latency_below", "node": 3, "percentile": 100, "value": "1s" }),
            "percentile",
        ),
        (
            json!({ "check": "counter", "counter": "x", "is": "equal", "value": 1 }),
            "no counter",
        ),
        (json!({ "check": "unknown" }), "unknown variant"),
    ] {
        let mut document = eventyard::scenario::examples()[0].scenario().to_json();
        document["checks"] = json!([check]);
        let problems = scenario::from_json(&document).expect_err("it makes no sense");
        assert!(problems[0].to_string().contains(part), "{}", problems[0]);
    }
}
