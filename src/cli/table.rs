//! The outcome of a run as a table that a person reads.

use std::fmt::Write;

use eventyard::simulation::{NodeReport, Report};
use eventyard::units::{SimDuration, SimTime};

/// The outcome as text.
pub fn of(name: &str, report: &Report) -> String {
    let mut text = String::new();
    let time = SimTime::from_nanos(report.time_ns);
    let _ = writeln!(
        text,
        "{name}, seed {}, until {time}, digest {}",
        report.seed, report.digest
    );
    let _ = writeln!(text, "\nMessages");
    for (place, count) in report.messages.as_object().into_iter().flatten() {
        let _ = writeln!(text, "  {:14} {count:>12}", place.replace('_', " "));
    }
    let width = report
        .nodes
        .iter()
        .map(|node| node.name.chars().count())
        .max()
        .unwrap_or(0);
    let width = width.clamp(4, 40);
    let _ = writeln!(
        text,
        "\n{:width$}  {:>10} {:>10} {:>10} {:>12} {:>12}",
        "Node", "came", "done", "waiting", "wait p95", "age p95"
    );
    for node in &report.nodes {
        let _ = writeln!(text, "{}", line(node, width));
    }
    if !report.checks.is_empty() {
        let _ = writeln!(text, "\nChecks");
    }
    text.push_str(&checks(report));
    text
}

/// How the checks stand, each in its line.
pub fn checks(report: &Report) -> String {
    let mut text = String::new();
    for check in &report.checks {
        let verdict = if check.passed { "holds " } else { "FAILED" };
        let when = check
            .failed_at
            .map_or_else(String::new, |at| format!(", first at {at}"));
        let detail = if check.detail.is_empty() {
            String::new()
        } else {
            format!(": {}", check.detail)
        };
        let _ = writeln!(text, "  {verdict} {}{when}{detail}", check.name);
    }
    text
}

fn line(node: &NodeReport, width: usize) -> String {
    // The first of the names that was counted at all: a service starts, a queue queues.
    let count = |names: &[&str]| {
        let of = |name: &&str| node.metrics.get(*name).and_then(serde_json::Value::as_u64);
        names.iter().find_map(of).unwrap_or(0)
    };
    let length = |name: &str| {
        let nanos = node.metrics.get(name).and_then(serde_json::Value::as_u64);
        nanos.map_or_else(
            || "-".to_owned(),
            |nanos| short(SimDuration::from_nanos(nanos)),
        )
    };
    let name: String = node.name.chars().take(width).collect();
    format!(
        "{name:width$}  {:>10} {:>10} {:>10} {:>12} {:>12}",
        count(&["started", "queued", "applied", "done", "created"]),
        count(&["acked", "finished", "stored", "applied", "done"]),
        count(&["depth"]),
        length("wait_p95_ns"),
        length("age_p95_ns"),
    )
}

/// A length of time with three significant digits or so.
fn short(length: SimDuration) -> String {
    match length.nanos() {
        0..1_000 => format!("{} ns", length.nanos()),
        1_000..1_000_000 => format!("{:.1} us", length.nanos() as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} ms", length.nanos() as f64 / 1e6),
        _ => format!("{:.2} s", length.as_secs()),
    }
}
