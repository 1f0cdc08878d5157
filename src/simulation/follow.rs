//! How a run follows its document: an edit changes the plan, and the run keeps of its past and
//! present whatever the edit leaves as it was.

use std::sync::Arc;

use super::{Intervention, Plan, Run, ScriptEntry};
use crate::topology::{Link, Node, Problem, Topology};
use crate::units::{NodeId, SimTime};

/// The place of a run in its script: what is done now is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The time.
    pub at: SimTime,
    /// How many dispatches of that instant have happened.
    pub after: u32,
    /// How many entries of the script have happened.
    pub played: usize,
    /// Whether nothing has happened yet.
    pub is_start: bool,
}

impl Run {
    /// Where in the script something would be written that is done now.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            at: self.now(),
            after: self.world().steps_now(),
            played: self.state.played,
            is_start: self.now() == SimTime::ZERO && self.world().steps() == 0,
        }
    }

    /// Lets something happen to the system now, and writes it into the script.
    ///
    /// # Errors
    /// What keeps it from being done; nothing has changed then.
    pub fn intervene(&mut self, what: Intervention) -> Result<(), Vec<Problem>> {
        let Stamp {
            at, after, played, ..
        } = self.stamp();
        what.apply_to(&mut self.topology().clone())
            .map_err(|problem| vec![problem])?;
        let mut plan = self.plan.clone();
        plan.script.insert(played, ScriptEntry { at, after, what });
        self.follow(plan)
    }

    /// Goes on with another plan. What is written into the script for this moment happens at once.
    /// If the plan changes what has happened already, the run stands earlier afterwards: seek to
    /// where it was.
    ///
    /// # Errors
    /// Everything that is wrong with the plan; nothing has changed then.
    pub fn follow(&mut self, plan: Plan) -> Result<(), Vec<Problem>> {
        let problems = plan.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let old = std::mem::replace(&mut self.plan, plan);
        let plan = &self.plan;
        let same_start = old.topology.is_like(&plan.topology)
            && (old.seed, &old.checks, old.limits) == (plan.seed, &plan.checks, plan.limits)
            && old.captions == plan.captions;
        if !same_start {
            self.start_over();
            return Ok(());
        }
        self.redraw();
        if let Some(index) = first_difference(&old.script, &self.plan.script) {
            self.follow_script(&old.script, index);
        }
        Ok(())
    }

    /// Shows nodes somewhere else while they are dragged. The plan follows when they are put down.
    pub fn show_at(&mut self, places: &[(NodeId, i32, i32)]) {
        let topology = Arc::make_mut(&mut self.state.topology);
        for (id, x, y) in places {
            if let Some(node) = topology.node_mut(*id) {
                (node.x, node.y) = (*x, *y);
            }
        }
    }

    /// The scripts are the same up to `index`.
    fn follow_script(&mut self, old: &[ScriptEntry], index: usize) {
        let entries = old
            .get(index)
            .into_iter()
            .chain(self.plan.script.get(index));
        let Some(changed_at) = entries.map(|entry| entry.at).min() else {
            return;
        };
        let now = self.now();
        self.furthest = self.furthest().min(changed_at).max(now);
        self.keyframes.forget_from(changed_at, index);
        self.unseen = None;
        if index < self.state.played || changed_at < now {
            self.go_back(changed_at);
            return;
        }
        self.play_due();
        self.watch_on();
    }

    /// Plays what is written for this moment.
    fn play_due(&mut self) {
        let (now, after) = (self.now(), self.world().steps_now());
        let is_over = self.state.world.next_at().is_none_or(|next| next > now);
        while let Some(entry) = self.plan.script.get(self.state.played)
            && entry.at == now
            && (entry.after <= after || is_over)
        {
            let what = entry.what.clone();
            self.state.played += 1;
            self.state.apply(&what);
        }
    }

    /// Names, places and what is known are taken over, whatever the moment.
    fn redraw(&mut self) {
        let script = || self.plan.script.iter().map(|entry| &entry.what);
        let nodes = script().filter_map(|what| match what {
            Intervention::AddNode(node) => Some(&**node),
            _ => None,
        });
        let links = script().filter_map(|what| match what {
            Intervention::AddLink(link) => Some(&**link),
            _ => None,
        });
        let nodes: Vec<&Node> = self.plan.topology.nodes.iter().chain(nodes).collect();
        let links: Vec<&Link> = self.plan.topology.links.iter().chain(links).collect();
        let node = |there: &Node| {
            let drawn = nodes.iter().find(|node| node.id == there.id)?;
            (!drawn.is_drawn_like(there)).then_some(*drawn)
        };
        let link = |there: &Link| {
            let drawn = links.iter().find(|link| link.id == there.id)?;
            (!drawn.is_drawn_like(there)).then_some(*drawn)
        };
        let change = |topology: &mut Arc<Topology>| {
            let differs = topology.nodes.iter().any(|there| node(there).is_some())
                || topology.links.iter().any(|there| link(there).is_some());
            if !differs {
                return;
            }
            let topology = Arc::make_mut(topology);
            for there in &mut topology.nodes {
                if let Some(drawn) = node(there) {
                    there.draw_like(drawn);
                }
            }
            for there in &mut topology.links {
                if let Some(drawn) = link(there) {
                    there.draw_like(drawn);
                }
            }
        };
        change(&mut self.state.topology);
        self.keyframes.redraw(change);
    }
}

fn first_difference(old: &[ScriptEntry], new: &[ScriptEntry]) -> Option<usize> {
    let same = |(old, new): &(&ScriptEntry, &ScriptEntry)| {
        (old.at, old.after) == (new.at, new.after) && old.what.is_like(&new.what)
    };
    let index = old.iter().zip(new).take_while(same).count();
    (index < old.len().max(new.len())).then_some(index)
}
