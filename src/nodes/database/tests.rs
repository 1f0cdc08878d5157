//! Tests of the database.

use serde_json::{Value, json};

use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

fn constant(time: &str) -> Value {
    json!({ "shape": "constant", "value": time })
}

/// A service without work of its own that gets `count` events at once, and calls a database.
fn asked(count: usize, caller: Value, database: Value) -> (Bench, NodeIndex, NodeIndex) {
    let mut bench = Bench::new();
    let producer = bench.events(&vec![("0s", "A"); count]);
    let mut settings = json!({ "service_time": constant("0s"), "workers": 10 });
    for (name, value) in caller.as_object().into_iter().flatten() {
        settings[name] = value.clone();
    }
    let service = bench.node(Kind::Service, settings);
    let database = bench.node(Kind::Database, database);
    bench.chain(&[producer, service, database]);
    (bench, service, database)
}

#[test]
fn as_many_are_answered_at_once_as_it_has_connections() {
    let database = json!({ "connections": 2, "read_time": constant("1s") });
    let (mut bench, service, database) = asked(5, json!({ "call_timeout": null }), database);
    bench.until("1.5s");
    assert_eq!(bench.count(service, What::Finished), 2);
    assert_eq!(bench.metrics(database).depth.value(), 1);
    bench.until("3s");
    assert_eq!(bench.count(service, What::Finished), 5);
    assert_eq!(bench.tally().alive(), 0);
}

#[test]
fn reads_and_writes_take_their_own_time() {
    let calls = json!({ "calls": [{ "event": "Load" }, { "event": "Save", "writes": true }] });
    let database = json!({ "read_time": constant("1s"), "write_time": constant("3s") });
    let caller = json!({ "calls": calls["calls"], "call_timeout": "10s" });
    let (mut bench, service, database) = asked(1, caller, database);
    bench.until("9s");
    assert_eq!(
        bench.lines(database, What::Finished),
        ["1s Load", "4s Save"]
    );
    assert_eq!(bench.lines(service, What::Finished), ["4s A"]);
}

#[test]
fn what_finds_no_room_is_refused_at_once() {
    let database = json!({ "connections": 1, "max_waiting": 1, "read_time": constant("1s") });
    let (mut bench, service, database) = asked(3, json!({ "call_timeout": "9s" }), database);
    bench.until("5s");
    assert_eq!(
        bench.lines(database, What::Refused),
        ["0s A: there is no room"]
    );
    assert_eq!(
        bench.lines(service, What::Failed),
        ["0s A: there is no room"]
    );
    assert_eq!(bench.count(service, What::Finished), 2);
}

#[test]
fn a_failure_is_the_callers_failure() {
    let database = json!({ "failure_rate": 1.0, "read_time": constant("1s") });
    let (mut bench, service, _) = asked(1, json!({ "call_timeout": "9s" }), database);
    bench.until("5s");
    assert_eq!(
        bench.lines(service, What::Failed),
        ["1s A: what it called failed"]
    );
}

#[test]
fn while_it_is_down_nobody_gets_an_answer() {
    let database = json!({ "read_time": constant("1s"), "restart_after": "2s" });
    let caller = json!({ "call_timeout": "3s", "retries": 1, "backoff": "immediate" });
    let (mut bench, service, database) = asked(1, caller, database);
    bench.until("0.5s");
    bench.crash(database);
    bench.until("9s");
    assert_eq!(
        bench.lines(database, What::Dropped),
        ["500ms A: the node that had it crashed"]
    );
    assert_eq!(
        bench.lines(service, What::Failed),
        ["3s A: no answer to its call came in time"]
    );
    assert_eq!(bench.lines(service, What::Finished), ["4s A"]);
}

#[test]
fn in_a_bad_period_it_is_slow_or_fails() {
    let periods = json!([{ "from": "0s", "to": "1s", "slow": 4.0 },
        { "from": "5s", "to": "6s", "fails": 1.0 }]);
    let database = json!({ "connections": 1, "read_time": constant("1s"), "periods": periods });
    let (mut bench, _, database) = asked(3, json!({ "call_timeout": null }), database);
    bench.until("9s");
    assert_eq!(bench.lines(database, What::Finished), ["4s A", "6s A"]);
    assert_eq!(bench.lines(database, What::Failed), ["5s A"]);
}

#[test]
fn more_connections_help_at_once() {
    let settings = |count| json!({ "connections": count, "read_time": constant("1s") });
    let (mut bench, service, database) = asked(5, json!({ "call_timeout": null }), settings(1));
    bench.until("1.5s");
    bench.configure(database, settings(4));
    bench.until("2.5s");
    assert_eq!(bench.count(service, What::Finished), 5);
    bench.configure(database, settings(2));
    assert_eq!(bench.tally().alive(), 0);
}
