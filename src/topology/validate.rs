//! What is wrong with a topology as a whole.

use std::collections::BTreeSet;

use super::{Link, Problem, Topology, shown};
use crate::nodes::Role;

/// Everything that keeps a topology from running.
pub fn validate(topology: &Topology) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut ids = BTreeSet::new();
    let nodes = topology
        .nodes
        .iter()
        .map(|node| (node.id.0, "nodes", shown(&node.name)));
    let links = topology
        .links
        .iter()
        .map(|link| (link.id.0, "links", String::new()));
    for (id, list, name) in nodes.chain(links) {
        if !ids.insert(id) {
            let place = if name.is_empty() {
                list.to_owned()
            } else {
                format!("{list} {name:?}")
            };
            let what = format!("the id {id} is used twice");
            problems.push(Problem::new(
                place,
                what,
                "give every node and link an id of its own",
            ));
        }
    }
    for (n, link) in topology.links.iter().enumerate() {
        problems.extend(ends_problem(
            topology,
            link,
            &format!("links[{n}] ({})", link.id),
        ));
    }
    problems
}

/// What is wrong with the two ends of a link.
pub(super) fn ends_problem(topology: &Topology, link: &Link, place: &str) -> Option<Problem> {
    for (end, id) in [("from", link.from), ("to", link.to)] {
        if topology.node(id).is_none() {
            let what = format!("{end} names {id}, which does not exist");
            return Some(Problem::new(
                place,
                what,
                "name a node of the list, or remove the link",
            ));
        }
    }
    let (from, to) = (topology.kind(link.from)?, topology.kind(link.to)?);
    if Role::between(from, to).is_some() && link.from != link.to {
        return None;
    }
    let what = if link.from == link.to {
        "it goes from a node to itself".to_owned()
    } else {
        let (from, to) = (from.descriptor(), to.descriptor());
        format!(
            "nothing can go from a {} to a {}",
            lower(from.label),
            lower(to.label)
        )
    };
    Some(Problem::new(
        place,
        what,
        "connect other nodes, or remove the link",
    ))
}

fn lower(label: &str) -> String {
    label.to_lowercase()
}
