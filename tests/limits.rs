//! Promise: a limit stops a run with a sentence that names it, and nothing hangs.

use eventyard::engine::{Advance, Limits, StopReason};
use eventyard::scenario;
use eventyard::simulation::{Intervention, Plan, Run};
use eventyard::units::{LinkId, NodeId, SimDuration, SimTime};
use serde_json::{Value, json};

fn plan(document: &Value, limits: Limits) -> Plan {
    let scenario = scenario::from_json(document).expect("the document is right");
    Plan {
        limits,
        ..scenario.plan()
    }
}

fn until(secs: u64) -> SimTime {
    SimTime::ZERO.after(SimDuration::from_secs(secs))
}

/// A producer that fills a queue which nobody reads.
fn filling() -> Value {
    json!({ "version": 1,
        "nodes": [
            { "id": 1, "kind": "producer", "settings": { "rate": 1000.0 } },
            { "id": 2, "kind": "queue" },
        ],
        "links": [{ "id": 3, "from": 1, "to": 2 }],
    })
}

/// Two services that answer each other at once, for ever.
fn circling() -> Value {
    let settings = json!({
        "service_time": { "shape": "constant", "value": "0s" }, "emits": [{ "event": "Again" }]
    });
    json!({ "version": 1,
        "nodes": [
            { "id": 1, "kind": "producer", "settings": { "limit": 1, "rate": 10.0 } },
            { "id": 2, "kind": "service", "settings": settings },
            { "id": 3, "kind": "service", "settings": settings },
        ],
        "links": [
            { "id": 4, "from": 1, "to": 2 },
            { "id": 5, "from": 2, "to": 3 },
            { "id": 6, "from": 3, "to": 2 },
        ],
    })
}

#[test]
fn too_many_messages_stop_a_run() {
    let limits = Limits {
        messages_alive: 5_000,
        ..Limits::default()
    };
    let mut run = Run::new(plan(&filling(), limits)).expect("the plan is right");
    let reason = StopReason::MessagesAlive(5_000);
    assert_eq!(run.advance(until(60), u64::MAX), Advance::Stopped(reason));
    assert_eq!(run.advance(until(61), u64::MAX), Advance::Stopped(reason));
    assert!(
        run.now() < until(7) && run.now() > until(3),
        "{}",
        run.now()
    );
    assert!(reason.to_string().contains("5000 messages"));
    run.world().assert_conserved();
}

#[test]
fn a_cycle_without_delay_stops_a_run() {
    let limits = Limits {
        steps_in_instant: 10_000,
        ..Limits::default()
    };
    let mut run = Run::new(plan(&circling(), limits)).expect("the plan is right");
    let reason = StopReason::StepsInInstant(10_000);
    assert_eq!(run.advance(until(60), u64::MAX), Advance::Stopped(reason));
    assert!(reason.to_string().contains("within one instant"));
}

#[test]
fn where_a_limit_stops_does_not_depend_on_slices() {
    let limits = Limits {
        messages_alive: 3_000,
        ..Limits::default()
    };
    let digest = |slice: u64| {
        let mut run = Run::new(plan(&filling(), limits)).expect("the plan is right");
        while run.advance(until(60), slice) == Advance::Paused {}
        (run.digest(), run.now())
    };
    assert_eq!(digest(1), digest(u64::MAX));
    assert_eq!(digest(77), digest(u64::MAX));
}

#[test]
fn stepping_ends_when_nothing_is_left_to_happen() {
    let document = json!({ "version": 1, "nodes": [{ "id": 1, "kind": "queue" }] });
    let mut run = Run::new(plan(&document, Limits::default())).expect("the plan is right");
    assert_eq!(run.step(), None);
}

#[test]
fn a_script_has_a_limit() {
    let mut full = plan(&filling(), Limits::default());
    full.script = (0..=Plan::SCRIPT_MAX as u64)
        .map(|n| eventyard::simulation::ScriptEntry {
            at: SimTime::from_nanos(n),
            after: 0,
            what: Intervention::Crash { node: NodeId(1) },
        })
        .collect();
    let problems = Run::new(full.clone())
        .err()
        .expect("the script is too long");
    assert!(
        problems[0].to_string().contains("10001 entries"),
        "{}",
        problems[0]
    );
    full.script.pop();
    let mut run = Run::new(full).expect("this many are allowed");
    run.advance(until(1), u64::MAX);
    let error = run
        .intervene(Intervention::Crash { node: NodeId(2) })
        .unwrap_err();
    assert!(error[0].what.contains("10001 entries"), "{error:?}");
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let mut run = Run::new(plan(&filling(), Limits::default())).expect("the plan is right");
    run.advance(until(1), u64::MAX);
    let before = (run.digest(), run.plan().clone());
    let set = |field: &str, value: Value| Intervention::SetNode {
        node: NodeId(1),
        field: field.to_owned(),
        value,
    };
    for what in [
        Intervention::Crash { node: NodeId(99) },
        Intervention::RemoveLink { link: LinkId(99) },
        set("rate", json!(-1.0)),
        set("rate", json!("many")),
        set("colour", json!("red")),
        Intervention::SetLink {
            link: LinkId(3),
            field: "loss".into(),
            value: json!(2),
        },
    ] {
        assert!(run.intervene(what.clone()).is_err(), "{what:?}");
    }
    assert_eq!((run.digest(), run.plan().clone()), before);
}
