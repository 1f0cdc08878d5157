//! Scenario documents of the models, run many times.

use eventyard::engine::{Advance, What};
use eventyard::scenario;
use eventyard::simulation::Run;
use eventyard::units::{NodeId, SimDuration, SimTime};
use serde_json::{Value, json};

use super::formulas::{Expected, Model};

/// Independent runs, from which the standard error follows.
const RUNS: u64 = 20;

/// Customers in all runs together: what the vectors' rule allows.
const CUSTOMERS: f64 = if cfg!(debug_assertions) {
    60_000.0
} else {
    2_000_000.0
};

/// Standard errors are at most this share of the value, where so many customers can reach that.
const ERROR_MOST: f64 = 0.015;

/// Producer, queue and service are nodes 1, 2 and 3.
fn document(model: &Model) -> Value {
    let (arrivals, service, workers, room) = match *model {
        Model::MMc {
            arrivals,
            service,
            workers,
        } => (arrivals, service, workers, None),
        Model::MMcK {
            arrivals,
            service,
            workers,
            room,
        } => (arrivals, service, workers, Some(room - workers)),
        Model::MG1 {
            arrivals, service, ..
        } => (arrivals, service, 1, None),
        Model::ErlangB { .. } => unreachable!("only queues are simulated"),
    };
    let mean = SimDuration::from_nanos_f64(1e9 / service);
    let time = match model {
        Model::MG1 { .. } => json!({ "shape": "constant", "value": mean }),
        _ => json!({ "shape": "exponential", "mean": mean }),
    };
    json!({ "version": 1,
        "nodes": [
            { "id": 1, "kind": "producer", "settings": { "rate": arrivals } },
            { "id": 2, "kind": "queue",
                "settings": { "max_length": room, "overflow": "reject", "ack_timeout": null } },
            { "id": 3, "kind": "service",
                "settings": { "workers": workers, "service_time": time } },
        ],
        "links": [{ "id": 4, "from": 1, "to": 2 }, { "id": 5, "from": 2, "to": 3 }],
    })
}

/// What one run measured after its warm-up, by the names of the vectors.
fn measure(document: &Value, seed: u64, length: SimDuration) -> [(&'static str, f64); 3] {
    let mut scenario = scenario::from_json(document).expect("the document is right");
    scenario.seed = seed;
    let mut run = Run::new(scenario.plan()).expect("the plan is right");
    // A tenth of the time goes by before anything is measured: runs start empty.
    let warm = SimTime::from_nanos(length.nanos() / 10);
    assert_eq!(run.advance(warm, u64::MAX), Advance::Reached);
    let before = sums(&run);
    assert_eq!(run.advance(warm.after(length), u64::MAX), Advance::Reached);
    let after = sums(&run);
    let [wait, waited, age, finished, dropped, created] =
        std::array::from_fn(|n| after[n] - before[n]);
    [
        ("Wq", wait / waited),
        ("W", age / finished),
        ("P_block", dropped / created),
    ]
}

/// Sums since the start: wait and its count, age and its count, dropped, created.
fn sums(run: &Run) -> [f64; 6] {
    let node = |id: u32| run.metrics(NodeId(id)).expect("it is there");
    let (queue, service) = (node(2), node(3));
    let sum =
        |latency: &eventyard::engine::Latency| latency.mean().as_secs() * latency.count() as f64;
    [
        sum(&queue.wait),
        queue.wait.count() as f64,
        sum(&service.age),
        service.age.count() as f64,
        queue.count(What::Dropped) as f64,
        node(1).count(What::Created) as f64,
    ]
}

/// Runs a model and compares all that was measured with the theory.
pub fn check(id: &str, model: &Model, expected: &Expected) {
    let document = document(model);
    let arrivals = match model {
        Model::MMc { arrivals, .. }
        | Model::MMcK { arrivals, .. }
        | Model::MG1 { arrivals, .. } => *arrivals,
        Model::ErlangB { .. } => unreachable!("only queues are simulated"),
    };
    let length = SimDuration::from_nanos_f64(CUSTOMERS / RUNS as f64 / arrivals * 1e9);
    let runs: Vec<_> = (1..=RUNS)
        .map(|seed| measure(&document, seed, length))
        .collect();
    for (n, (name, _)) in runs[0].iter().enumerate() {
        let Some(theory) = expected.get(name).filter(|value| value.abs() >= 1e-4) else {
            continue;
        };
        let values = || runs.iter().map(|run| run[n].1);
        let mean = values().sum::<f64>() / RUNS as f64;
        let variance = values()
            .map(|value| (value - mean) * (value - mean))
            .sum::<f64>()
            / (RUNS - 1) as f64;
        let error = libm::sqrt(variance / RUNS as f64);
        let reachable = !cfg!(debug_assertions) && !model.is_slow();
        assert!(
            !reachable || error <= ERROR_MOST * theory,
            "{id} {name}: standard error {error} of {mean}"
        );
        assert!(
            (mean - theory).abs() <= 3.0 * error,
            "{id} {name}: measured {mean} ± {error} in runs with seeds 1 to {RUNS}, \
             theory {theory}"
        );
    }
}
