//! What is selected on the canvas.

use crate::engine::MessageId;
use crate::topology::{Drawing, Topology};
use crate::units::{FrameId, LinkId, NodeId, NoteId, sort};

/// One thing on the canvas that can be selected, moved or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// A node.
    Node(NodeId),
    /// A link.
    Link(LinkId),
    /// A note.
    Note(NoteId),
    /// A frame.
    Frame(FrameId),
}

/// A message that the user follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The copy that was clicked.
    pub message: MessageId,
    /// The event that it is a copy of.
    pub root: u64,
}

/// What is selected: some items, or a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// In the order of their ids, by what they are.
    items: Vec<Item>,
    followed: Option<Followed>,
}

impl Selection {
    /// Exactly one item.
    pub fn one(item: Item) -> Self {
        Self::of([item])
    }

    /// These items.
    pub fn of(items: impl IntoIterator<Item = Item>) -> Self {
        let mut items: Vec<Item> = items.into_iter().collect();
        sort(&mut items);
        items.dedup();
        Self {
            items,
            followed: None,
        }
    }

    /// A message.
    pub fn message(followed: Followed) -> Self {
        Self {
            items: Vec::new(),
            followed: Some(followed),
        }
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.followed.is_none()
    }

    /// The items.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The item, if it is exactly one.
    pub fn only(&self) -> Option<Item> {
        match self.items.as_slice() {
            [item] => Some(*item),
            _ => None,
        }
    }

    /// The message that is followed.
    pub fn followed(&self) -> Option<Followed> {
        self.followed
    }

    /// Whether the item is selected.
    pub fn has(&self, item: Item) -> bool {
        self.items.binary_search(&item).is_ok()
    }

    /// The selected nodes.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        self.items.iter().filter_map(|item| match item {
            Item::Node(id) => Some(*id),
            _ => None,
        })
    }

    /// The same with the item more, or less if it is there.
    pub fn toggled(&self, item: Item) -> Self {
        if self.has(item) {
            Self::of(self.items.iter().copied().filter(|other| *other != item))
        } else {
            Self::of(self.items.iter().copied().chain([item]))
        }
    }

    /// Forgets what is not there.
    pub fn keep(&mut self, topology: &Topology, drawing: &Drawing) {
        self.items.retain(|item| match item {
            Item::Node(id) => topology.node(*id).is_some(),
            Item::Link(id) => topology.link(*id).is_some(),
            Item::Note(id) => drawing.note(*id).is_some(),
            Item::Frame(id) => drawing.frame(*id).is_some(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_toggled_twice_is_as_before() {
        let (a, b) = (Item::Node(NodeId(4)), Item::Link(LinkId(2)));
        let both = Selection::one(b).toggled(a);
        assert_eq!(both.items(), [a, b]);
        assert_eq!(both.toggled(a), Selection::one(b));
        assert_eq!(both.only(), None);
        assert_eq!(both.toggled(b).only(), Some(a));
    }
}
