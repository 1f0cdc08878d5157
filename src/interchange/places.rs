//! Places for nodes that came without: a text of people says nothing of them.

use std::collections::BTreeSet;

use crate::scenario::Scenario;
use crate::topology::layout::{LayoutBox, layout};
use crate::units::NodeId;

/// The size of a node, as far as the layout needs it.
const NODE: (i32, i32) = (204, 136);
/// How far below everything new nodes are put.
const BELOW: i32 = 200;

/// Lays out the nodes that have no place, below those that have one.
pub(super) fn place(scenario: &mut Scenario, unplaced: &BTreeSet<NodeId>) {
    if unplaced.is_empty() {
        return;
    }
    let nodes = &scenario.topology.nodes;
    let placed = nodes.iter().filter(|node| !unplaced.contains(&node.id));
    let bottom = placed.map(|node| node.y).max();
    let top = bottom.map_or(0, |bottom| bottom.saturating_add(BELOW));
    let frames = &scenario.drawing.frames;
    let frame_of = |id: NodeId| {
        let around = frames.iter().filter(|frame| frame.members.contains(&id));
        around
            .min_by_key(|frame| frame.members.len())
            .map(|frame| frame.id.0)
    };
    let mut boxes = Vec::new();
    for (row, node) in (0..).zip(nodes.iter().filter(|it| unplaced.contains(&it.id))) {
        boxes.push(LayoutBox {
            id: node.id,
            w: NODE.0,
            h: NODE.1,
            x: 0,
            y: (top + row).min(900_000),
            group: frame_of(node.id),
        });
    }
    let links = scenario.topology.links.iter();
    let links: Vec<(NodeId, NodeId)> = links.map(|link| (link.from, link.to)).collect();
    for (id, x, y) in layout(&boxes, &links) {
        if let Some(node) = scenario.topology.node_mut(id) {
            (node.x, node.y) = (x, y);
        }
    }
}
