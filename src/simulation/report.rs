//! The outcome of a run in numbers, as the command line prints it.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{CheckResult, Run};
use crate::engine::Latency;
use crate::units::NodeId;

/// The outcome of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The hash over the trace, 16 hexadecimal digits.
    pub digest: String,
    /// The time that was reached, in nanoseconds.
    pub time_ns: u64,
    /// The seed.
    pub seed: u64,
    /// Where all messages are.
    pub messages: Value,
    /// What was measured at each node.
    pub nodes: Vec<NodeReport>,
    /// What became of the checks.
    pub checks: Vec<CheckResult>,
    /// The limit that stopped the run, as a sentence.
    pub stopped: Option<String>,
}

/// What was measured at one node.
#[derive(Clone, Debug, Serialize)]
pub struct NodeReport {
    /// Its id.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// Counters by the name of what happened, gauges and latencies.
    pub metrics: Map<String, Value>,
}

impl Report {
    /// The outcome so far.
    pub fn of(run: &Run) -> Self {
        let tally = run.world().tally();
        Self {
            digest: format!("{:016x}", run.digest()),
            time_ns: run.now().nanos(),
            seed: run.seed(),
            messages: json!({
                "created": tally.created, "delivered": tally.delivered, "done": tally.done,
                "waiting": tally.waiting, "in_flight": tally.in_flight, "stored": tally.stored,
                "dropped": tally.dropped, "expired": tally.expired,
                "dead_lettered": tally.dead_lettered,
            }),
            nodes: run
                .topology()
                .nodes
                .iter()
                .filter_map(|node| node_report(run, node.id))
                .collect(),
            checks: run.results(),
            stopped: run.world().stopped().map(|reason| reason.to_string()),
        }
    }
}

fn node_report(run: &Run, id: NodeId) -> Option<NodeReport> {
    let node = run.topology().node(id)?;
    let measured = run.metrics(id)?;
    let now = run.now();
    let mut metrics: Map<String, Value> = measured
        .counts()
        .map(|(what, count)| (what.name().to_owned(), count.into()))
        .collect();
    for (name, gauge) in [("depth", &measured.depth), ("busy", &measured.busy)] {
        if gauge.highest() > 0 {
            metrics.insert(name.to_owned(), gauge.value().into());
            metrics.insert(format!("{name}_mean"), json!(gauge.average(now)));
            metrics.insert(format!("{name}_max"), gauge.highest().into());
        }
    }
    for (name, latency) in [("wait", &measured.wait), ("age", &measured.age)] {
        if latency.count() > 0 {
            metrics.extend(latency_metrics(name, latency));
        }
    }
    let (name, kind) = (node.name.clone(), node.settings.kind().name());
    Some(NodeReport {
        id,
        name,
        kind,
        metrics,
    })
}

fn latency_metrics(name: &str, latency: &Latency) -> Vec<(String, Value)> {
    let mut metrics = vec![
        (format!("{name}_count"), latency.count().into()),
        (format!("{name}_mean_ns"), latency.mean().nanos().into()),
        (format!("{name}_max_ns"), latency.longest().nanos().into()),
    ];
    for percent in [50.0, 95.0, 99.0] {
        let value = latency.percentile(percent).nanos();
        metrics.push((format!("{name}_p{percent}_ns"), value.into()));
    }
    metrics
}
