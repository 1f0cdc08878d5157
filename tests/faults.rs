//! Promise: each fault of a link can begin and end while a run goes on.

use eventyard::scenario;
use eventyard::simulation::Run;
use eventyard::units::{NodeId, SimDuration, SimTime};
use serde_json::{Value, json};

/// What came to a queue in a run of 30 s with a hundred events a second, by the second: how many,
/// and how many of them later than the one that was emitted after them.
fn came(script: &Value) -> (Vec<u64>, u64) {
    let latency = json!({ "shape": "constant", "value": "5ms" });
    let document = json!({ "version": 1, "seed": 3,
        "nodes": [
            { "id": 1, "kind": "producer", "settings": { "pace": "constant", "rate": 100.0 } },
            { "id": 2, "kind": "queue" },
        ],
        "links": [{ "id": 3, "from": 1, "to": 2, "settings": { "latency": latency } }],
        "script": script,
    });
    let scenario = scenario::from_json(&document).unwrap_or_else(|error| panic!("{error:?}"));
    let mut run = Run::new(scenario.plan()).expect("the plan is right");
    let mut counts = Vec::new();
    let mut before = 0;
    for second in 1..=30 {
        run.advance(
            SimTime::ZERO.after(SimDuration::from_secs(second)),
            u64::MAX,
        );
        let metrics = run.metrics(NodeId(2)).expect("the queue is there");
        let now = metrics.count(eventyard::engine::What::Queued);
        counts.push(now - before);
        before = now;
    }
    let world = run.world();
    let queue = world.node_index(NodeId(2)).expect("the queue is there");
    let eventyard::nodes::Node::Queue(queue) = world.node(queue) else {
        panic!("it is a queue");
    };
    let numbers: Vec<u32> = queue.waiting().map(|message| message.sequence).collect();
    let turned = numbers.windows(2).filter(|pair| pair[0] > pair[1]).count();
    (counts, turned as u64)
}

/// How many came in the seconds before, during and after a fault that lasts from 10 to 20 s, and
/// how many out of order.
fn with_fault(field: &str, value: Value) -> ([u64; 3], u64) {
    let (counts, turned) = came(&json!([{ "at": "10s", "do": "set_link", "link": 3,
        "field": field, "value": value, "for": "10s" }]));
    let sum = |from: usize, to: usize| counts[from..to].iter().sum();
    ([sum(1, 9), sum(11, 19), sum(22, 30)], turned)
}

#[test]
fn without_a_fault_all_come_in_order() {
    let (counts, turned) = came(&json!([]));
    assert!(counts[1..].iter().all(|count| *count == 100));
    assert_eq!(turned, 0);
}

#[test]
fn each_fault_begins_and_ends() {
    assert_eq!(with_fault("cut", json!(true)), ([800, 0, 800], 0));
    assert_eq!(with_fault("loss", json!(1.0)), ([800, 0, 800], 0));
    assert_eq!(with_fault("duplication", json!(1.0)).0, [800, 1600, 800]);
    let ([before, during, after], _) = with_fault("loss", json!(0.5));
    assert_eq!((before, after), (800, 800));
    assert!((340..=460).contains(&during), "{during}");
    // Ten messages a second get through, of 250 bytes and an empty body each.
    let ([before, during, _], turned) = with_fault("bandwidth", json!(2520.0));
    assert_eq!((before, turned), (800, 0));
    assert!((75..=85).contains(&during), "{during}");
    let slow = json!({ "shape": "uniform", "min": "0ms", "max": "200ms" });
    let ([before, _, after], turned) = with_fault("latency", slow);
    assert_eq!(
        (before, after, turned),
        (800, 800, 0),
        "slow is not out of order"
    );
    let ([before, during, after], turned) = with_fault("reordering", json!(0.5));
    assert_eq!((before, during, after), (800, 800, 800));
    assert_eq!(turned, 0, "5 ms more are less than the time between two");
}

#[test]
fn what_is_held_back_is_overtaken() {
    let slow = json!({ "shape": "constant", "value": "25ms" });
    let (counts, turned) = came(&json!([
        { "at": "5s", "do": "set_link", "link": 3, "field": "latency", "value": slow },
        { "at": "10s", "do": "set_link", "link": 3, "field": "reordering", "value": 0.5,
            "for": "10s" },
    ]));
    assert!(turned > 100, "{turned}");
    assert!(counts[22..].iter().all(|count| *count == 100));
}
