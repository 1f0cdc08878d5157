//! What the inspector shows of several items, of notes and of frames, as plain data.

use super::Item;
use super::brokers::{BrokerRow, broker_rows};
use super::form::{SharedField, link_fields, shared_fields};
use crate::simulation::Run;
use crate::topology::{Frame, FrameKind, Topology};
use crate::units::{FrameId, LinkId, NodeId, NoteId};

/// Several items in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct SeveralSheet {
    /// Which.
    pub items: Vec<Item>,
    /// The settings that all nodes have.
    pub node_form: Vec<SharedField>,
    /// The settings of the links.
    pub link_form: Vec<SharedField>,
}

impl SeveralSheet {
    /// The nodes.
    pub fn nodes(&self) -> Vec<NodeId> {
        let items = self.items.iter();
        let nodes = items.filter_map(|item| match item {
            Item::Node(id) => Some(*id),
            _ => None,
        });
        nodes.collect()
    }

    /// The links.
    pub fn links(&self) -> Vec<LinkId> {
        let items = self.items.iter();
        let links = items.filter_map(|item| match item {
            Item::Link(id) => Some(*id),
            _ => None,
        });
        links.collect()
    }

    /// "3 nodes and 1 link".
    pub fn words(&self) -> String {
        let count = |is: fn(&Item) -> bool| self.items.iter().filter(|item| is(item)).count();
        let counts = [
            (count(|it| matches!(it, Item::Node(_))), "node"),
            (count(|it| matches!(it, Item::Link(_))), "link"),
            (count(|it| matches!(it, Item::Note(_))), "note"),
            (count(|it| matches!(it, Item::Frame(_))), "frame"),
        ];
        let present = counts.into_iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> = present
            .map(|(count, noun)| format!("{count} {noun}{}", if count > 1 { "s" } else { "" }))
            .collect();
        match parts.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    }
}

/// A note in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteSheet {
    /// Which.
    pub id: NoteId,
    /// Its text.
    pub text: String,
}

/// A frame in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameSheet {
    /// Which.
    pub id: FrameId,
    /// Its title.
    pub name: String,
    /// What it stands for.
    pub kind: FrameKind,
    /// Whether it is shown as one card.
    pub folded: bool,
    /// The nodes inside, with their names.
    pub members: Vec<(NodeId, String)>,
    /// The brokers on which nodes inside run, if it stands for them.
    pub brokers: Vec<BrokerRow>,
}

/// The sheet of several items.
pub(super) fn several_sheet(topology: &Topology, items: &[Item]) -> SeveralSheet {
    let mut sheet = SeveralSheet {
        items: items.to_vec(),
        node_form: Vec::new(),
        link_form: Vec::new(),
    };
    let nodes = sheet.nodes();
    let nodes = nodes.iter().filter_map(|id| topology.node(*id));
    let nodes: Vec<_> = nodes.map(|node| &node.settings).collect();
    sheet.node_form = shared_fields(&nodes);
    let links = sheet.links();
    let links = links.iter().filter_map(|id| topology.link(*id));
    let links: Vec<_> = links.collect();
    if !links.is_empty() {
        sheet.link_form = link_fields(topology, &links);
    }
    sheet
}

/// The sheet of a frame.
pub(super) fn frame_sheet(run: &Run, frame: &Frame) -> FrameSheet {
    let topology = run.topology();
    let name = |id: &NodeId| Some((*id, topology.node(*id)?.name.clone()));
    FrameSheet {
        id: frame.id,
        name: frame.name.clone(),
        kind: frame.kind,
        folded: frame.collapsed,
        members: frame.members.iter().filter_map(name).collect(),
        brokers: match frame.kind {
            FrameKind::Broker => broker_rows(run, &frame.members),
            _ => Vec::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::examples;

    #[test]
    fn several_items_are_counted_and_share_what_all_of_them_have() {
        let document = examples()[0].scenario();
        let nodes = document.topology.nodes.iter();
        let services = nodes.filter(|node| node.settings.to_json().get("workers").is_some());
        let mut items: Vec<Item> = services.map(|node| Item::Node(node.id)).take(2).collect();
        items.push(Item::Link(document.topology.links[0].id));
        let sheet = several_sheet(&document.topology, &items);
        assert_eq!(sheet.words(), "2 nodes and 1 link");
        let has = |rows: &[SharedField], name| rows.iter().any(|row| row.field.name == name);
        assert!(has(&sheet.node_form, "workers") && has(&sheet.link_form, "loss"));
        assert_eq!((sheet.nodes().len(), sheet.links().len()), (2, 1));
    }
}
