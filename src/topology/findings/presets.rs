//! Settings that the product cannot have whose node one follows.

use super::graph::Graph;
use super::{Finding, Severity};

/// The settings of a node that contradict its preset.
pub fn of_node(graph: &Graph, point: usize, found: &mut Vec<Finding>) {
    let node = graph.points[point].node;
    let Some(preset) = node.preset else { return };
    for (field, why) in preset.breaches(&node.settings) {
        let what = format!("{}: {why}", preset.label);
        let hint = "change it, or let it behave like something else";
        found.push(graph.at_node(point, Some(field.name), Severity::Doubtful, (what, hint)));
    }
}
