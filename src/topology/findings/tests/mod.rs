//! Each finding: the smallest drawing that has it, and a near twin that has not.

mod circles;
mod expecting;
mod keeping_up;
mod reaching;
mod routing;
mod settling;

use serde_json::{Value, json};

use Severity::{Doubtful, Note, Wrong};

use super::*;
use crate::nodes::Kind;
use crate::topology::{Link, Node, validate};

/// Nodes as (kind, settings) get the ids from 1, links as (from, to, settings) those from 101
/// (from 10,001 in a large drawing).
fn drawing(nodes: &[(&str, Value)], links: &[(u32, u32, Value)]) -> Topology {
    let mut problems = Vec::new();
    let first_link = if nodes.len() < 100 { 101 } else { 10_001 };
    let nodes = (1..).zip(nodes).filter_map(|(id, (kind, settings))| {
        let name = format!("{kind} {id}");
        let json = json!({ "id": id, "kind": kind, "name": name, "settings": settings });
        Node::from_json(&json, "node", &mut problems)
    });
    let nodes = nodes.collect();
    let links = (first_link..)
        .zip(links)
        .filter_map(|(id, (from, to, settings))| {
            let json = json!({ "id": id, "from": from, "to": to, "settings": settings });
            Link::from_json(&json, "link", &mut problems)
        });
    let links = links.collect();
    let topology = Topology { nodes, links };
    problems.extend(validate(&topology));
    assert_eq!(problems, []);
    topology
}

fn plain() -> Value {
    json!({})
}

fn emits(event: &str, rate: f64) -> Value {
    json!({ "rate": rate, "events": [{ "event": event }] })
}

fn takes(millis: u64, workers: u32) -> Value {
    let time = json!({ "shape": "constant", "value": format!("{millis}ms") });
    json!({ "workers": workers, "service_time": time })
}

fn with(mut settings: Value, name: &str, value: Value) -> Value {
    settings[name] = value;
    settings
}

fn slow() -> Value {
    json!({ "latency": { "shape": "constant", "value": "100ms" } })
}

/// What is found, each with its subject, severity and field, without the words.
fn found(topology: &Topology) -> Vec<(u32, Severity, Option<&'static str>)> {
    let findings = findings(topology);
    let id = |subject| match subject {
        Subject::Node(node) => node.0,
        Subject::Link(link) => link.0,
    };
    (findings.iter())
        .map(|it| (id(it.subject), it.severity, it.field))
        .collect()
}

/// The words of the only finding.
fn words(topology: &Topology) -> String {
    match &findings(topology)[..] {
        [only] => format!("{}; {}", only.what, only.hint),
        other => panic!("{other:#?}"),
    }
}

/// What is known to be so in the examples, on purpose: they show it.
#[test]
fn the_examples_of_the_kinds_have_only_what_they_show() {
    for kind in Kind::ALL {
        let json: Value = serde_json::from_str(kind.example()).expect("an example is JSON");
        let list = |name: &str| json[name].as_array().cloned().unwrap_or_default();
        let mut problems = Vec::new();
        let topology = Topology {
            nodes: (list("nodes").iter())
                .filter_map(|json| Node::from_json(json, "node", &mut problems))
                .collect(),
            links: (list("links").iter())
                .filter_map(|json| Link::from_json(json, "link", &mut problems))
                .collect(),
        };
        let found = found(&topology);
        let expected: &[_] = match kind.name() {
            // Nothing takes the thumbnails: it is about how they are made.
            "service" => &[(4, Doubtful, None)],
            _ => &[],
        };
        assert_eq!(
            found,
            expected,
            "{}: {:#?}",
            kind.name(),
            findings(&topology)
        );
    }
}

#[test]
fn a_large_drawing_is_looked_at_in_no_time_that_counts() {
    // A chain of services and queues, with links back from each to far before it.
    let mut nodes = vec![("producer", emits("A", 1.0))];
    let mut links = Vec::new();
    let again = json!([{ "event": "A", "chance": 0.1 }]);
    for n in 1..500u32 {
        nodes.push(("queue", plain()));
        nodes.push(("service", with(takes(1, 1), "emits", again.clone())));
        links.push((if n == 1 { 1 } else { 2 * n - 1 }, 2 * n, plain()));
        links.push((2 * n, 2 * n + 1, plain()));
        for back in [3, 7, 20, 40, 90] {
            if n > back {
                links.push((2 * n + 1, 2 * (n - back), plain()));
            }
        }
    }
    let topology = drawing(&nodes, &links);
    assert!(topology.links.len() > 3_000);
    assert_eq!(found(&topology), found(&topology));
}
