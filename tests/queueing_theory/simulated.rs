//! Scenario documents of the models, run many times.

use std::collections::BTreeMap;

use eventyard::engine::{Advance, Latency, NodeMetrics, Place, What};
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

/// A queue and a service for each station, behind one producer; or a producer for each class, and
/// a service that keeps their order.
fn document(model: &Model) -> Value {
    match model {
        Model::MMc {
            arrivals,
            service,
            workers,
        } => stations(*arrivals, &[exponential(*service)], *workers, None),
        Model::MMcK {
            arrivals,
            service,
            workers,
            room,
        } => stations(
            *arrivals,
            &[exponential(*service)],
            *workers,
            Some(room - workers),
        ),
        Model::MG1 {
            arrivals,
            service,
            deviation,
        } => stations(*arrivals, &[varied(*service, *deviation)], 1, None),
        Model::Tandem { arrivals, services } => {
            let times: Vec<Value> = services.iter().map(|rate| exponential(*rate)).collect();
            stations(*arrivals, &times, 1, None)
        }
        Model::ErlangB { offered, lines } => {
            stations(*offered, &[exponential(1.0)], *lines, Some(0))
        }
        Model::Priority {
            rates,
            service,
            interrupts,
        } => classes(rates, *service, *interrupts),
        _ => unreachable!("only queues are simulated"),
    }
}

fn seconds(secs: f64) -> SimDuration {
    SimDuration::from_nanos_f64(secs * 1e9)
}

fn exponential(rate: f64) -> Value {
    json!({ "shape": "exponential", "mean": seconds(1.0 / rate) })
}

/// Times with this mean and deviation: only these two matter to the mean wait.
fn varied(rate: f64, deviation: f64) -> Value {
    let mean = 1.0 / rate;
    if deviation == 0.0 {
        return json!({ "shape": "constant", "value": seconds(mean) });
    }
    if deviation == 1.0 {
        return exponential(rate);
    }
    let stages = libm::round(1.0 / (deviation * deviation));
    if stages > 1.0 {
        return json!({ "shape": "erlang", "stages": stages as u32, "mean": seconds(mean) });
    }
    // One long time for so many short ones.
    let short = libm::ceil(deviation * deviation).max(4.0);
    let step = deviation / libm::sqrt(short);
    let mut values = vec![seconds(mean * (1.0 - step)); short as usize];
    values.push(seconds(mean * (1.0 + short * step)));
    json!({ "shape": "empirical", "values": values })
}

fn stations(arrivals: f64, times: &[Value], workers: u32, room: Option<u32>) -> Value {
    let mut nodes = vec![json!({ "id": 1, "kind": "producer", "settings": { "rate": arrivals } })];
    let mut links = Vec::new();
    for (n, time) in times.iter().enumerate() {
        let (queue, service) = (2 * n + 2, 2 * n + 3);
        nodes.push(json!({ "id": queue, "kind": "queue",
            "settings": { "max_length": room, "overflow": "reject", "ack_timeout": null } }));
        let emits = match n + 1 < times.len() {
            true => json!([{ "event": "Next" }]),
            false => json!([]),
        };
        nodes.push(json!({ "id": service, "kind": "service",
            "settings": { "workers": workers, "service_time": time, "emits": emits } }));
        links.push(json!({ "id": 100 + 2 * n, "from": queue - 1, "to": queue }));
        links.push(json!({ "id": 101 + 2 * n, "from": queue, "to": service }));
    }
    json!({ "version": 1, "nodes": nodes, "links": links })
}

fn classes(rates: &[f64], service: f64, interrupts: bool) -> Value {
    let last = rates.len() + 1;
    let names: Vec<String> = (1..last).map(|n| format!("Class{n}")).collect();
    let mut nodes = vec![json!({ "id": last, "kind": "service", "settings": {
        "service_time": exponential(service), "priorities": names, "preempts": interrupts } })];
    let mut links = Vec::new();
    for (n, (rate, name)) in rates.iter().zip(&names).enumerate() {
        nodes.push(json!({ "id": n + 1, "kind": "producer",
            "settings": { "rate": rate, "events": [{ "event": name }] } }));
        links.push(json!({ "id": 100 + n, "from": n + 1, "to": last }));
    }
    json!({ "version": 1, "nodes": nodes, "links": links })
}

/// What one run measured after its warm-up, by the names of the vectors.
fn measure(model: &Model, document: &Value, seed: u64, length: SimDuration) -> Measured {
    let mut scenario = scenario::from_json(document).expect("the document is right");
    scenario.seed = seed;
    let mut run = Run::new(scenario.plan()).expect("the plan is right");
    // A tenth of the time goes by before anything is measured: runs start empty.
    // Where there are many lines the tenth is short, and they fill within a few calls' time.
    let least = match model {
        Model::ErlangB { .. } => 10_000_000_000,
        _ => 0,
    };
    let warm = SimTime::from_nanos(least.max(length.nanos() / 10));
    assert_eq!(run.advance(warm, u64::MAX), Advance::Reached);
    match model {
        Model::Priority { rates, .. } => measure_classes(&mut run, rates.len(), length),
        Model::Tandem { services, .. } => {
            let count = services.len() as u32;
            let sums = |run: &Run| -> Vec<(f64, f64)> {
                (0..count)
                    .map(|n| sum(&node(run, 2 * n + 2).wait))
                    .collect()
            };
            let before = sums(&run);
            assert_eq!(run.advance(warm.after(length), u64::MAX), Advance::Reached);
            let both = before.into_iter().zip(sums(&run)).enumerate();
            both.map(|(n, (before, after))| (format!("stations.{n}.Wq"), mean(before, after)))
                .collect()
        }
        _ => {
            let sums = |run: &Run| {
                let (queue, service) = (node(run, 2), node(run, 3));
                let lost = queue.count(What::Dropped) as f64;
                let created = node(run, 1).count(What::Created) as f64;
                [sum(&queue.wait), sum(&service.age), (lost, created)]
            };
            let before = sums(&run);
            assert_eq!(run.advance(warm.after(length), u64::MAX), Advance::Reached);
            let after = sums(&run);
            let names = ["Wq", "W", "P_block"].iter().zip(before).zip(after);
            names
                .map(|((name, before), after)| ((*name).to_owned(), mean(before, after)))
                .collect()
        }
    }
}

type Measured = Vec<(String, f64)>;

fn node(run: &Run, id: u32) -> &NodeMetrics {
    run.metrics(NodeId(id)).expect("it is there")
}

/// The sum of all lengths, and their count.
fn sum(latency: &Latency) -> (f64, f64) {
    let count = latency.count() as f64;
    (latency.mean().as_secs() * count, count)
}

fn mean(before: (f64, f64), after: (f64, f64)) -> f64 {
    (after.0 - before.0) / (after.1 - before.1)
}

/// The times of each class, from the trace: classes are told apart by their producers.
fn measure_classes(run: &mut Run, count: usize, length: SimDuration) -> Measured {
    let end = run.now().after(length);
    let mut born: BTreeMap<u64, (usize, SimTime)> = BTreeMap::new();
    let (mut whole, mut waits) = (vec![(0.0, 0.0); count], vec![(0.0, 0.0); count]);
    let add = |sum: &mut (f64, f64), secs: f64| *sum = (sum.0 + secs, sum.1 + 1.0);
    run.keep_trace(true);
    while run.now() < end {
        let next = run
            .now()
            .after(SimDuration::from_nanos(length.nanos() / 200));
        assert_eq!(run.advance(next.min(end), u64::MAX), Advance::Reached);
        for entry in run.take_entries() {
            let known = born.get(&entry.root).copied();
            match (entry.what, entry.place(), known) {
                (What::Created, Place::Node(NodeId(id)), _) => {
                    born.insert(entry.root, (id as usize - 1, entry.time));
                }
                (What::Started, _, Some((class, at))) => {
                    add(&mut waits[class], entry.time.since(at).as_secs());
                }
                (What::Finished, _, Some((class, at))) => {
                    add(&mut whole[class], entry.time.since(at).as_secs());
                    born.remove(&entry.root);
                }
                _ => {}
            }
        }
    }
    let named = |name: &'static str, sums: Vec<(f64, f64)>| {
        let all = sums.into_iter().enumerate();
        all.map(move |(n, (sum, count))| (format!("classes.{n}.{name}"), sum / count))
    };
    named("W", whole).chain(named("Wq", waits)).collect()
}

/// What of a model's runs does not agree with the theory, over so many times the usual customers.
pub fn trouble(id: &str, model: &Model, expected: &Expected, times: u64) -> Vec<String> {
    let document = document(model);
    let customers = CUSTOMERS * times as f64;
    let length = seconds(customers / RUNS as f64 / model.arrivals());
    let first = (times - 1) * 1_000;
    let runs: Vec<Measured> = (first + 1..=first + RUNS)
        .map(|seed| measure(model, &document, seed, length))
        .collect();
    let mut trouble = Vec::new();
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
        if reachable && error > ERROR_MOST * theory {
            trouble.push(format!("{id} {name}: standard error {error} of {mean}"));
        }
        if (mean - theory).abs() > 3.0 * error {
            trouble.push(format!(
                "{id} {name}: measured {mean} ± {error} in {RUNS} runs from seed {}, \
                 theory {theory}",
                first + 1
            ));
        }
    }
    trouble
}
