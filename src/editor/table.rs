//! Nodes and links as rows of two tables, for those who would rather read than look.

use serde_json::{Value, json};

use super::form::{SharedField, link_fields, shared_fields, text_of};
use super::tempo::{count, short};
use crate::engine::{LinkSettings, NodeMetrics, What};
use crate::nodes::{Control, Kind, Status};
use crate::simulation::Run;
use crate::units::{LinkId, NodeId, SimDuration};

/// Everything that is drawn, as it is at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The nodes, in the order of the topology.
    pub nodes: Vec<NodeRow>,
    /// The links, likewise.
    pub links: Vec<LinkRow>,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeRow {
    /// Which.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// What kind of node it is.
    pub kind: Kind,
    /// Its settings.
    pub form: Vec<SharedField>,
    /// The settings that are not as in a new node, in words.
    pub changed: String,
    /// How many messages wait.
    pub waiting: String,
    /// How much it has done, with what that is: "12 emitted".
    pub done: String,
    /// How often its work failed, or a message was lost to it.
    pub failed: String,
    /// Whether it crashed.
    pub down: bool,
}

/// A link.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkRow {
    /// Which.
    pub id: LinkId,
    /// Where it comes from.
    pub from: String,
    /// What it does.
    pub verb: &'static str,
    /// Where it goes.
    pub to: String,
    /// The settings that mean something for it.
    pub form: Vec<SharedField>,
    /// How long it takes.
    pub latency: String,
    /// What goes wrong on it, and which types it takes.
    pub faults: String,
}

impl Table {
    /// The tables of a run as it is now.
    pub fn of(run: &Run) -> Self {
        let topology = run.topology();
        let name = |id: NodeId| {
            let node = topology.node(id);
            node.map_or_else(|| id.to_string(), |node| node.name.clone())
        };
        let links = topology.links.iter().map(|link| {
            let form = link_fields(topology, &[link]);
            let faults = form.iter().filter(|shared| shared.field.name != "latency");
            LinkRow {
                id: link.id,
                from: name(link.from),
                verb: topology.role(link).map_or("", |role| role.verb()),
                to: name(link.to),
                latency: latency_words(&link.settings),
                faults: changes(faults),
                form,
            }
        });
        Self {
            nodes: topology
                .nodes
                .iter()
                .map(|node| node_row(run, node))
                .collect(),
            links: links.collect(),
        }
    }
}

/// How long a link takes, in words.
pub fn latency_words(settings: &LinkSettings) -> String {
    let mean = settings.latency.mean_secs();
    if mean > 0.0 {
        short(SimDuration::from_nanos_f64(mean * 1e9))
    } else {
        "no delay".to_owned()
    }
}

fn node_row(run: &Run, node: &crate::topology::Node) -> NodeRow {
    let world = run.world();
    let kind = node.settings.kind();
    let form = shared_fields(&[&node.settings]);
    let index = world.node_index(node.id);
    let picture = index.map(|index| world.node(index).picture(run.now(), world.names()));
    let metrics = index.map(|index| world.metrics(index));
    NodeRow {
        id: node.id,
        name: node.name.clone(),
        kind,
        changed: changes(form.iter()),
        form,
        waiting: count(metrics.map_or(0, |metrics| metrics.depth.value())),
        done: metrics.map(done_words).unwrap_or_default(),
        failed: count(metrics.map_or(0, failed)),
        down: picture.is_some_and(|picture| picture.status == Status::Down),
    }
}

/// What a node is there for comes first; most nodes do one of these things only.
fn done_words(metrics: &NodeMetrics) -> String {
    const DONE: [(What, &str); 7] = [
        (What::Finished, "worked on"),
        (What::Applied, "applied"),
        (What::Stored, "stored"),
        (What::Acked, "acknowledged"),
        (What::Copied, "copied"),
        (What::Created, "emitted"),
        (What::Delivered, "delivered"),
    ];
    let mut done = DONE.iter();
    let done = done.find(|(what, _)| metrics.count(*what) > 0);
    done.map_or_else(String::new, |(what, words)| {
        format!("{} {words}", count(metrics.count(*what)))
    })
}

fn failed(metrics: &NodeMetrics) -> u64 {
    let troubles = [
        What::Failed,
        What::DeadLettered,
        What::Dropped,
        What::Expired,
        What::Refused,
    ];
    troubles.iter().map(|what| metrics.count(*what)).sum()
}

/// The settings that are not as they were at first: "Workers 3, Loss 5 %".
fn changes<'a>(fields: impl Iterator<Item = &'a SharedField>) -> String {
    let changed = fields.filter(|shared| shared.is_unusual());
    let words = changed.map(|shared| {
        let (field, value) = (shared.field, shared.value.as_ref().unwrap_or(&Value::Null));
        let text = text_of(&field.control, value);
        let label = field.label;
        match &field.control {
            Control::Json | Control::Rows { .. } | Control::Page(_) => label.to_owned(),
            Control::Toggle if value == &json!(true) => label.to_owned(),
            Control::Toggle => format!("not: {label}"),
            Control::Chance => format!("{label} {text} %"),
            Control::Choice(choices) => {
                let chosen = choices.iter().find(|(name, _)| *name == text);
                chosen.map_or(label, |(_, words)| words).to_owned()
            }
            _ if text.is_empty() => format!("{label}: none"),
            _ if field.unit.is_empty() => format!("{label} {text}"),
            _ => format!("{label} {text} {}", field.unit),
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::examples;
    use crate::units::SimTime;

    #[test]
    fn rows_say_what_was_changed_and_what_has_happened() {
        let mut scenario = examples()[0].scenario();
        let link = &mut scenario.topology.links[0];
        link.settings.cut = true;
        link.settings.latency = crate::units::Distribution::constant(SimDuration::ZERO);
        let node = &mut scenario.topology.nodes[0];
        node.settings = node.settings.kind().defaults();
        let mut run = Run::new(scenario.plan()).expect("it can be played");
        let at_start = Table::of(&run);
        assert_eq!(at_start.nodes[0].changed, "");
        assert_eq!(at_start.nodes[0].done, "");
        assert!(
            at_start
                .nodes
                .iter()
                .skip(1)
                .any(|row| !row.changed.is_empty())
        );
        assert_eq!(at_start.links[0].latency, "no delay");
        assert_eq!(at_start.links[0].faults, "Cut");
        run.advance(SimTime::from_nanos(20_000_000_000), u64::MAX);
        let later = Table::of(&run);
        assert!(
            later.nodes[0].done.ends_with(" emitted"),
            "{}",
            later.nodes[0].done
        );
        assert_eq!(later.links.len(), scenario.topology.links.len());
        assert!(later.links.iter().all(|row| !row.verb.is_empty()));
    }
}
