//! The desk: where a document is changed, at a moment of its run. Every change that a person makes
//! goes over it, so that the document stays one that loads and the script stays true.
//!
//! Before the first event a change is the topology. Later it is written into the script for that
//! moment, or changes the start, as the person prefers.

mod clip;
mod draw;
mod nodes;
mod script;

pub use clip::Clip;
pub use nodes::End;

use serde_json::Value;

use super::selection::Item;
use crate::scenario::Scenario;
use crate::simulation::{Intervention, Stamp};
use crate::topology::{Problem, Topology};
use crate::units::NodeId;

/// A document on the desk.
pub struct Desk<'a> {
    /// The document. What decides a run is changed through the desk only.
    document: &'a mut Scenario,
    /// What is drawn at the moment.
    topology: Topology,
    stamp: Stamp,
    reach: Reach,
}

/// From when on a change of the topology holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// From this moment on.
    #[default]
    FromNow,
    /// From the start on, as if it had always been so.
    FromStart,
}

impl<'a> Desk<'a> {
    /// Puts a document on the desk, at a moment of its run at which `topology` is drawn.
    pub fn new(document: &'a mut Scenario, topology: Topology, stamp: Stamp, reach: Reach) -> Self {
        Self {
            document,
            topology,
            stamp,
            reach,
        }
    }

    /// What is drawn at the moment.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Takes the document off the desk. What named things that are gone goes as well; says how
    /// many entries of the script and checks that were.
    pub fn finish(self) -> usize {
        self.document.mend()
    }

    /// An id that was never used.
    fn fresh_id(&mut self) -> u32 {
        let id = self.document.next_id;
        self.document.next_id += 1;
        id
    }

    /// Lets something happen to the system at this moment: a fault, or a message.
    ///
    /// # Errors
    /// What keeps it from being done.
    pub fn intervene(&mut self, what: Intervention) -> Result<(), Problem> {
        if what.changes_topology() {
            return self.change(what);
        }
        what.apply_to(&mut self.topology)?;
        self.write(what)
    }

    /// Gives a setting of a node another value at this moment, whatever holds for other changes.
    ///
    /// # Errors
    /// What is wrong with the value.
    pub(super) fn set_now(
        &mut self,
        node: NodeId,
        field: &str,
        value: Value,
    ) -> Result<(), Problem> {
        let field = field.to_owned();
        let what = Intervention::SetNode { node, field, value };
        what.apply_to(&mut self.topology)?;
        match self.stamp.is_start {
            true => self.change_start(what),
            false => self.write(what),
        }
    }

    /// Changes what is drawn, from this moment or from the start on.
    fn change(&mut self, what: Intervention) -> Result<(), Problem> {
        what.apply_to(&mut self.topology)?;
        if self.stamp.is_start || self.reach == Reach::FromStart {
            self.change_start(what)
        } else {
            self.write(what)
        }
    }

    /// Removes items, with the links of nodes.
    ///
    /// # Errors
    /// What keeps them from being removed.
    pub fn remove(&mut self, items: &[Item]) -> Result<(), Problem> {
        for item in items {
            match *item {
                Item::Node(node) => self.change(Intervention::RemoveNode { node })?,
                // It may have gone with one of its nodes.
                Item::Link(link) if self.topology.link(link).is_some() => {
                    self.change(Intervention::RemoveLink { link })?;
                }
                Item::Link(_) => {}
                Item::Note(id) => self.document.drawing.notes.retain(|note| note.id != id),
                Item::Frame(id) => self.document.drawing.frames.retain(|frame| frame.id != id),
            }
        }
        Ok(())
    }
}
