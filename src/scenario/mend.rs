//! What must go when something else has gone: a document that a person edits stays one that loads.

use super::Scenario;
use crate::simulation::{Caption, Check, Cue, Pointer};
use crate::topology::Topology;
use crate::units::{LinkId, NodeId};

impl Scenario {
    /// Takes out what names something that is no longer there: entries of the script, checks,
    /// captions, members of frames and views, steps of walks. Says how many entries and checks
    /// went.
    pub fn mend(&mut self) -> usize {
        let mut topology = self.topology.clone();
        let entries = self.script.len();
        self.script
            .retain(|entry| entry.what.apply_to(&mut topology).is_ok());
        let checks = self.checks.len();
        let start = &self.topology;
        let holds = |check: &Check| check.problem(&topology, start, "check").is_none();
        let kept: Vec<bool> = self.checks.iter().map(holds).collect();
        self.checks.retain(holds);
        let mut captions = std::mem::take(&mut self.captions);
        captions.retain_mut(|caption| {
            mend_caption(caption, &kept, |id| {
                let has = |topology: &Topology| {
                    topology.node(NodeId(id)).is_some() || topology.link(LinkId(id)).is_some()
                };
                has(start) || has(&topology)
            })
        });
        self.captions = captions;
        let there = self.node_ids();
        self.drawing.keep_nodes(|id| there.contains(&id));
        (entries - self.script.len()) + (checks - self.checks.len())
    }
}

/// Whether a caption stays. One that waits for what cannot come goes. One that points at what has
/// gone points at nothing, and checks have other numbers when some of them went.
fn mend_caption(caption: &mut Caption, kept: &[bool], is_there: impl Fn(u32) -> bool) -> bool {
    if let Pointer::Thing(id) = caption.points
        && !is_there(id)
    {
        caption.points = Pointer::Nothing;
    }
    if let Cue::Broken { check } = &mut caption.cue {
        let before = kept.iter().take(*check);
        let stays = kept.get(*check) == Some(&true);
        *check = before.filter(|kept| **kept).count();
        return stays;
    }
    caption.place().is_none_or(is_there)
}
