//! Promise: queues and services in a scenario agree with queueing theory.
//!
//! The closed forms are checked against published vectors, and runs of scenario documents against
//! the closed forms: within three standard errors, which are themselves under 1.5 percent. A build
//! with debug assertions simulates fewer customers and only asks for the three standard errors.

#[path = "theory.rs"]
mod theory;

use serde_json::Value;
use theory::formulas::{Expected, Model};
use theory::{judge, simulated};

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
    let judged: Vec<_> = vectors().iter().map(|it| judge::judge(it, false)).collect();
    let passed: usize = judged.iter().map(|it| it.passed).sum();
    assert!(passed > 600, "only {passed} values were compared");
    for it in judged {
        assert!(it.failures.is_empty(), "{:?}", it.failures);
        assert!(it.unknown.is_empty(), "{:?}", it.unknown);
    }
}

/// Runs every vector of a model that can be simulated in reasonable time.
fn check_runs(wanted: impl Fn(&Model) -> bool) {
    let mut simulated = 0;
    for vector in vectors() {
        let Some(model) = Model::of(&vector).filter(&wanted) else {
            continue;
        };
        let expected = model.expected();
        if model.load() >= 0.95 {
            continue;
        }
        let id = vector["id"].to_string();
        let trouble = simulated::trouble(&id, &model, &expected, 1);
        assert!(trouble.is_empty(), "{trouble:?}");
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

#[test]
fn calls_that_find_all_lines_busy() {
    check_runs(|model| matches!(model, Model::ErlangB { lines, .. } if *lines <= 5));
}

#[test]
fn one_worker_with_times_that_vary_otherwise() {
    let most = if cfg!(debug_assertions) { 0.75 } else { 1.0 };
    let varies = |model: &Model| matches!(model, Model::MG1 { deviation, .. } if *deviation > 0.0);
    check_runs(|model| varies(model) && model.load() < most);
}

#[test]
fn stations_in_a_row() {
    check_runs(|model| matches!(model, Model::Tandem { .. }));
}

#[test]
fn classes_of_which_one_comes_first_and_may_interrupt() {
    check_runs(|model| matches!(model, Model::Priority { .. }));
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
