//! A run as a sequence diagram: who sent what to whom, in the order in which it happened.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::escaped;
use crate::engine::{Advance, Entry, EventType, MessageId, Place, What};
use crate::scenario::Scenario;
use crate::simulation::{Plan, Run};
use crate::topology::Topology;
use crate::units::{LinkId, NodeId, SimTime};

/// Most steps of a diagram: more of them nobody reads, and Mermaid refuses.
pub const STEPS_MAX: usize = 200;
/// Dispatches between two looks at what happened.
const SLICE: u64 = 500;
/// Most dispatches in which steps are looked for.
const LOOKED_MAX: u64 = 200_000;

/// The sequence diagram of what happens until a moment, with at most so many steps; says in the
/// diagram if there are more.
pub fn sequence(scenario: &Scenario, until: SimTime, most: usize) -> String {
    let plan = Plan {
        // Checks would look at what happened before this does.
        checks: Vec::new(),
        ..scenario.plan()
    };
    let mut told = Told {
        most: most.min(STEPS_MAX),
        ..Told::default()
    };
    let Ok(mut run) = Run::new(plan) else {
        // A document that can be opened can be run.
        return String::new();
    };
    run.keep_trace(true);
    run.take_observed();
    let mut looked = 0;
    loop {
        let before = run.topology().clone();
        let outcome = run.advance(until, SLICE);
        looked += SLICE;
        let seen = run.take_observed();
        let types = seen
            .iter()
            .map(|(_, message)| (message.id, message.event_type));
        told.types.extend(types);
        let topologies = [&before, run.topology()];
        let names = |kind: EventType| run.world().names().type_name(kind).to_owned();
        for entry in run.kept_entries() {
            told.tell(entry, &topologies, &names);
        }
        run.take_entries();
        if outcome != Advance::Paused || told.is_full || looked >= LOOKED_MAX {
            break;
        }
    }
    told.text(scenario, run.topology(), run.now())
}

/// What has been told so far.
#[derive(Default)]
struct Told {
    most: usize,
    lines: Vec<String>,
    is_full: bool,
    /// Who takes part.
    there: BTreeSet<NodeId>,
    types: BTreeMap<MessageId, EventType>,
    /// Where each message was last.
    at: BTreeMap<MessageId, NodeId>,
}

impl Told {
    fn tell(
        &mut self,
        entry: &Entry,
        topologies: &[&Topology; 2],
        name: &dyn Fn(EventType) -> String,
    ) {
        let kind = self.types.get(&entry.message).copied();
        let what = kind.map(name).unwrap_or_default();
        match entry.place() {
            Place::Link(link) => {
                let Some((from, to)) = ends(topologies, link) else {
                    return;
                };
                let lost = match entry.what {
                    What::Sent => false,
                    What::Lost | What::HandoverLost => true,
                    _ => return,
                };
                // What is handed over may also go back.
                let is_back = self.at.get(&entry.message) == Some(&to);
                let (from, to) = if is_back { (to, from) } else { (from, to) };
                if !lost {
                    self.at.insert(entry.message, to);
                }
                self.arrow(from, to, &what, entry, lost);
            }
            Place::Node(node) if entry.what == What::Crashed => self.note(node, "crashes"),
            Place::Node(node) if entry.what == What::Restarted => self.note(node, "works again"),
            // Only the word that all is well goes back.
            Place::Node(_) if entry.what == What::Acked => {}
            Place::Node(node) if kind.is_some() => {
                // Along a link that takes no time it is there at once.
                if let Some(from) = self.at.insert(entry.message, node)
                    && from != node
                {
                    self.arrow(from, node, &what, entry, false);
                }
                let verb = match entry.what {
                    What::Dropped => "drops",
                    What::Expired => "lets expire",
                    What::DeadLettered => "gives up",
                    What::Refused => "refuses",
                    What::Failed => "fails with",
                    _ => return,
                };
                let because = entry.reason().words();
                let because = match because {
                    "" => String::new(),
                    because => format!(": {because}"),
                };
                self.note(node, &format!("{verb} {what}{because}"));
            }
            Place::Node(_) => {}
        }
    }

    fn arrow(&mut self, from: NodeId, to: NodeId, what: &str, entry: &Entry, lost: bool) {
        let arrow = if lost { "-x" } else { "->>" };
        let again = match entry.attempt {
            0 | 1 => String::new(),
            attempt => format!(", try {attempt}"),
        };
        let (from_id, to_id) = (from.0, to.0);
        let what = escaped(what);
        let time = entry.time;
        self.push(
            format!("  n{from_id}{arrow}n{to_id}: {what} at {time}{again}\n"),
            &[from, to],
        );
    }

    fn note(&mut self, node: NodeId, said: &str) {
        self.push(
            format!("  Note over n{}: {}\n", node.0, escaped(said)),
            &[node],
        );
    }

    fn push(&mut self, line: String, nodes: &[NodeId]) {
        if self.lines.len() >= self.most {
            self.is_full = true;
            return;
        }
        self.lines.push(line);
        self.there.extend(nodes);
    }

    fn text(&self, scenario: &Scenario, end: &Topology, now: SimTime) -> String {
        let mut text = String::from("sequenceDiagram\n");
        let start = scenario.topology.nodes.iter();
        let later = end.nodes.iter();
        let later = later.filter(|node| scenario.topology.node(node.id).is_none());
        let nodes: Vec<_> = start
            .chain(later)
            .filter(|node| self.there.contains(&node.id))
            .collect();
        for node in &nodes {
            let _ = writeln!(
                text,
                "  participant n{} as {}",
                node.id.0,
                escaped(&node.name)
            );
        }
        text.extend(self.lines.iter().map(String::as_str));
        if let (true, [first, .., last]) = (self.is_full, nodes.as_slice()) {
            let ends = format!("n{},n{}", first.id.0, last.id.0);
            let count = self.lines.len();
            let said = format!("these are the first {count} steps, there are more until {now}");
            let _ = writeln!(text, "  Note over {ends}: {said}");
        }
        text
    }
}

/// Where a link leaves and where it goes, also if it is gone by now.
fn ends(topologies: &[&Topology; 2], id: LinkId) -> Option<(NodeId, NodeId)> {
    let link = topologies.iter().rev().find_map(|it| it.link(id))?;
    Some((link.from, link.to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::sketch;

    fn diagram(text: &str, most: usize) -> String {
        let sketch = sketch::parse(text, None);
        let scenario = sketch
            .scenario
            .unwrap_or_else(|| panic!("{:?}", sketch.flaws));
        sequence(&scenario, SimTime::from_nanos(3_000_000_000), most)
    }

    #[test]
    fn messages_go_from_one_to_the_next() {
        let text = diagram(
            "shop: producer \"The #1 shop\" { pace constant, rate 1, limit 2, \
             events [{ event OrderPlaced }] }\norders: queue\nbilling: service\n\
             shop -> orders { latency 5ms }\norders -> billing\nat 1200ms crash billing\n",
            50,
        );
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        assert_eq!(lines[0], "sequenceDiagram");
        assert!(
            lines.contains(&"participant n1 as The #35;1 shop"),
            "{text}"
        );
        assert!(lines.contains(&"n1->>n2: OrderPlaced at 1s"), "{text}");
        // The second link takes no time.
        assert!(lines.contains(&"n2->>n3: OrderPlaced at 1.005s"), "{text}");
        assert!(lines.contains(&"Note over n3: crashes"), "{text}");
        assert!(!text.contains("there are more"), "{text}");
    }

    #[test]
    fn a_long_run_says_that_there_is_more() {
        let text = diagram(
            "a: producer { rate 1000 }\nb: queue\na -> b { latency 5ms, loss 0.5 }\n",
            20,
        );
        assert_eq!(text.matches("n1-").count(), 20, "{text}");
        assert!(text.contains("-x") && text.contains("->>"), "{text}");
        assert!(
            text.contains("the first 20 steps, there are more"),
            "{text}"
        );
    }
}
