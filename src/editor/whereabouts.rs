//! Where a message is in the nodes that tell of it, as plain data for the inspector.

use crate::engine::Message;
use crate::nodes::{Step, Tone};
use crate::simulation::Run;
use crate::units::NodeId;

/// The way of a message through a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Through which node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Step by step.
    pub steps: Vec<WayStep>,
}

/// A step of it.
#[derive(Clone, Debug, PartialEq)]
pub struct WayStep {
    /// What it is about: "Partition".
    pub label: String,
    /// What is so, with the name of whoever has it: "in hand, not committed · Bill".
    pub text: String,
    /// What that means.
    pub means: String,
    /// Whether it is trouble.
    pub tone: Tone,
    /// Where it leads: to a node, and perhaps to a part of it.
    pub goal: Option<(NodeId, Option<u32>)>,
    /// The same in words: "partition 2 of Orders".
    pub leads: String,
}

/// The ways of a message through all nodes that tell of it.
pub fn ways(run: &Run, message: &Message) -> Vec<Way> {
    let world = run.world();
    let told = world.nodes().filter_map(|(_, id, node, _)| {
        let steps = node.whereabouts(message, world.names());
        let steps = steps.into_iter().map(|it| step(run, id, it));
        let way = Way {
            node: id,
            name: name_of(run, id),
            steps: steps.collect(),
        };
        (!way.steps.is_empty()).then_some(way)
    });
    told.collect()
}

fn name_of(run: &Run, id: NodeId) -> String {
    let node = run.topology().node(id);
    node.map_or_else(|| id.to_string(), |node| node.name.clone())
}

fn step(run: &Run, node: NodeId, step: Step) -> WayStep {
    let world = run.world();
    let to = step.to.map(|link| world.node_id(world.ends(link).1));
    let text = match to {
        Some(to) => format!("{} · {}", step.text, name_of(run, to)),
        None => step.text,
    };
    let goal = match (step.part, to) {
        (Some(part), _) => Some((node, Some(part))),
        (None, to) => to.map(|to| (to, None)),
    };
    let leads = match goal {
        Some((node, Some(part))) => format!("partition {part} of {}", name_of(run, node)),
        Some((node, None)) => name_of(run, node),
        None => String::new(),
    };
    WayStep {
        label: step.label,
        text,
        means: step.means,
        tone: step.tone,
        goal,
        leads,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nodes::Kind;
    use crate::scenario::from_json;
    use crate::units::SimTime;

    #[test]
    fn a_record_leads_to_its_partition_and_to_its_consumer() {
        let log = Kind::from_name("log").expect("there are logs");
        let json = serde_json::from_str(log.example()).expect("it is JSON");
        let document = from_json(&json).expect("it is a document");
        let mut run = Run::new(document.plan()).expect("a right plan");
        run.advance(SimTime::from_nanos(9_000_000_000), u64::MAX);
        let world = run.world();
        let message = world.nodes().find_map(|(_, _, node, _)| {
            let pictured = node.picture(run.now(), world.names());
            pictured.parts.iter().find_map(|part| match part {
                crate::nodes::Part::Lanes(lanes) => {
                    node.message(lanes[0].capsules.first()?.message)
                }
                _ => None,
            })
        });
        let ways = ways(&run, &message.expect("the log has records"));
        assert_eq!((ways.len(), &*ways[0].name), (1, "Orders"));
        let goals: Vec<_> = ways[0].steps.iter().map(|step| step.goal).collect();
        assert_eq!(goals[3], Some((NodeId(2), Some(0))));
        let last = ways[0].steps.last().expect("a group reads");
        assert_eq!(last.label, "billing");
        let (consumer, _) = last.goal.expect("somebody owns the partition");
        assert!([NodeId(3), NodeId(4)].contains(&consumer));
        assert!(last.text.contains(" · Billing "), "{}", last.text);
    }
}
