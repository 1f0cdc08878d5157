//! What a gesture is about to do, shown before it is done.

use crate::editor::snap::Guide;
use crate::editor::{Point, Rect};
use crate::units::NodeId;

/// What a gesture is about to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// A link that is being drawn.
    pub rope: Option<Rope>,
    /// The box in which things are being selected, in the world.
    pub lasso: Option<Rect>,
    /// Lines at which what is moved lies.
    pub guides: Vec<Guide>,
    /// Where a node would be put, in the world.
    pub ghost: Option<Rect>,
    /// Whether things are being moved.
    pub moving: bool,
}

/// A link that is being drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Rope {
    /// The end that holds, in the world.
    pub from: Point,
    /// The end that follows the pointer, in the world.
    pub to: Point,
    /// The nodes at which it may end, in the order of their ids.
    pub fitting: Vec<NodeId>,
    /// The node from which it is drawn.
    pub source: NodeId,
    /// What it would be, or why it cannot be.
    pub words: String,
    /// Whether it can end where it is.
    pub fits: bool,
}

impl Draft {
    /// Whether a gesture is under way: what could be begun is then not offered.
    pub fn is_under_way(&self) -> bool {
        self.moving || self.rope.is_some() || self.lasso.is_some() || self.ghost.is_some()
    }

    /// Whether the link that is being drawn may end at a node.
    pub fn fits(&self, id: NodeId) -> Option<bool> {
        let rope = self.rope.as_ref()?;
        (rope.source != id).then(|| rope.fitting.binary_search(&id).is_ok())
    }
}
