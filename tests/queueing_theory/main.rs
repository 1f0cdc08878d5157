//! Promise: queues and services in a scenario agree with queueing theory.
//!
//! The closed forms are checked against published vectors, and runs of scenario documents against
//! the closed forms: within three standard errors, which are themselves under 1.5 percent. A build
//! with debug assertions simulates fewer customers and only asks for the three standard errors.

mod formulas;
mod simulated;

use formulas::{Expected, Model};
use serde_json::Value;

const VECTORS: &str = include_str!("../vectors/queueing-theory.json");

fn vectors() -> Vec<Value> {
    let json: Value = serde_json::from_str(VECTORS).expect("the vectors are JSON");
    json["vectors"]
        .as_array()
        .expect("a list of vectors")
        .clone()
}

#[test]
fn closed_forms_agree_with_the_vectors() {
    let mut compared = 0;
    for vector in vectors() {
        let Some(model) = Model::of(&vector) else {
            continue;
        };
        let ours = model.expected();
        for (name, value) in vector["expected"].as_object().expect("an object") {
            let (Some(ours), Some(theirs)) = (ours.get(name), value.as_f64()) else {
                continue;
            };
            // The vectors have six decimals, which is coarser than 1e-5 for small values.
            let tolerance = (theirs.abs() * 1e-5).max(5e-7);
            assert!(
                (ours - theirs).abs() <= tolerance,
                "{}: {name} is {ours}, expected {theirs}",
                vector["id"]
            );
            compared += 1;
        }
    }
    assert!(compared > 250, "only {compared} values were compared");
}

/// Runs every vector of the four models that can be simulated in reasonable time.
fn check_runs(wanted: impl Fn(&Model) -> bool) {
    let mut simulated = 0;
    for vector in vectors() {
        let Some(model) = Model::of(&vector).filter(&wanted) else {
            continue;
        };
        let expected = model.expected();
        if expected.get("rho").is_some_and(|rho| rho >= 0.95) && !model.is_finite() {
            continue;
        }
        simulated::check(&vector["id"].to_string(), &model, &expected);
        simulated += 1;
    }
    assert!(simulated >= 3, "only {simulated} vectors were simulated");
}

#[test]
fn one_worker_with_exponential_times() {
    check_runs(|model| matches!(model, Model::MMc { workers: 1, .. }));
}

#[test]
fn four_workers_with_exponential_times() {
    check_runs(|model| matches!(model, Model::MMc { workers: 4, .. }));
}

#[test]
fn one_worker_with_constant_times() {
    check_runs(|model| matches!(model, Model::MG1 { deviation, .. } if *deviation == 0.0));
}

#[test]
fn one_worker_and_a_queue_with_a_limit() {
    check_runs(|model| matches!(model, Model::MMcK { workers: 1, .. }));
}

/// Little's law holds in every run, by arithmetic: the time-weighted number is the arrival rate
/// times the mean time.
#[test]
fn littles_law_is_in_the_closed_forms() {
    for vector in vectors() {
        if let Some(Expected { values }) = Model::of(&vector).map(|model| model.expected())
            && let (Some(number), Some(time), Some(rate)) =
                (values.get("L"), values.get("W"), values.get("arrivals"))
        {
            assert!((number - time * rate).abs() < 1e-9 * number.max(1.0));
        }
    }
}
