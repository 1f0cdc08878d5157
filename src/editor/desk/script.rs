//! Changes of the script, and of the start that lies before it.

use super::Desk;
use crate::simulation::{Intervention, Plan, ScriptEntry};
use crate::topology::{Problem, Topology};

impl Desk<'_> {
    /// Writes what happens now into the script.
    pub(super) fn write(&mut self, what: Intervention) -> Result<(), Problem> {
        let script = &mut self.document.script;
        if script.len() >= Plan::SCRIPT_MAX {
            let text = format!("there are {} entries already", Plan::SCRIPT_MAX);
            return Err(Problem::new("script", text, "remove marks first"));
        }
        let mut place = self.stamp.played.min(script.len());
        // What is set once more at the same moment is one entry: a number that is dragged leaves
        // one mark.
        let moment = (self.stamp.at, self.stamp.after);
        let before = script[..place].iter().enumerate().rev();
        let mut same =
            before.take_while(|(_, entry)| (entry.at, entry.after) == moment && sets(&entry.what));
        if let Some((again, _)) = same.find(|(_, entry)| overrides(&entry.what, &what)) {
            script.remove(again);
            self.stamp.played -= 1;
            place -= 1;
        }
        let at = self.stamp.at;
        // Entries stay in order, also where an instant has become shorter than it was.
        let last = script[..place].last().filter(|last| last.at == at);
        let after = last.map_or(self.stamp.after, |last| last.after.max(self.stamp.after));
        script.insert(place, ScriptEntry { at, after, what });
        self.stamp.played += 1;
        Ok(())
    }

    /// Changes the start, or the entry of the script that brings what is to be changed.
    pub(super) fn change_start(&mut self, what: Intervention) -> Result<(), Problem> {
        self.forget_overridden(&what);
        if what.apply_to(&mut self.document.topology).is_ok() {
            return Ok(());
        }
        let script = &mut self.document.script;
        match &what {
            Intervention::SetNode { node, .. } => {
                let added = script.iter_mut().find_map(|entry| match &mut entry.what {
                    Intervention::AddNode(added) if added.id == *node => Some(added),
                    _ => None,
                });
                if let Some(added) = added {
                    let mut alone = Topology {
                        nodes: vec![(**added).clone()],
                        links: Vec::new(),
                    };
                    what.apply_to(&mut alone)?;
                    **added = alone.nodes.swap_remove(0);
                }
                Ok(())
            }
            Intervention::SetLink { link, .. } => {
                let added = script.iter_mut().find_map(|entry| match &mut entry.what {
                    Intervention::AddLink(added) if added.id == *link => Some(added),
                    _ => None,
                });
                if let Some(added) = added {
                    // Its ends are not needed for its settings.
                    let mut alone = Topology {
                        nodes: Vec::new(),
                        links: vec![(**added).clone()],
                    };
                    what.apply_to(&mut alone)?;
                    **added = alone.links.swap_remove(0);
                }
                Ok(())
            }
            Intervention::RemoveNode { node } => {
                script.retain(|entry| match &entry.what {
                    Intervention::AddNode(added) => added.id != *node,
                    _ => true,
                });
                Ok(())
            }
            Intervention::RemoveLink { link } => {
                script.retain(|entry| match &entry.what {
                    Intervention::AddLink(added) => added.id != *link,
                    _ => true,
                });
                Ok(())
            }
            // A link to a node that the script brings cannot be there at the start.
            _ => self.write(what),
        }
    }

    /// Entries that have happened and set what is set anew would hide the change.
    fn forget_overridden(&mut self, what: &Intervention) {
        let played = self.stamp.played;
        let mut place = 0;
        let mut gone = 0;
        self.document.script.retain(|entry| {
            let goes = place < played && overrides(&entry.what, what);
            place += 1;
            gone += usize::from(goes);
            !goes
        });
        self.stamp.played -= gone;
    }

    /// Removes an entry of the script.
    pub fn remove_mark(&mut self, index: usize) {
        if index < self.document.script.len() {
            self.document.script.remove(index);
        }
    }

    /// Removes all entries of the script.
    pub fn clear_script(&mut self) {
        self.document.script.clear();
    }

    /// Makes what is drawn now the start: changes of the topology that have happened leave the
    /// script; faults and messages stay.
    pub fn make_start(&mut self) {
        self.document.topology = self.topology.clone();
        let played = self.stamp.played;
        let mut place = 0;
        self.document.script.retain(|entry| {
            place += 1;
            place > played || !entry.what.changes_topology()
        });
    }

    /// Changes the seed.
    pub fn set_seed(&mut self, seed: u64) {
        self.document.seed = seed;
    }

    /// Changes the name of the document.
    pub fn set_name(&mut self, name: &str) {
        self.document.name = super::nodes::fitting_name(name, "Untitled");
    }
}

/// Whether it gives a setting another value.
fn sets(what: &Intervention) -> bool {
    matches!(
        what,
        Intervention::SetNode { .. } | Intervention::SetLink { .. }
    )
}

/// Whether both set the same setting of the same node or link.
fn overrides(entry: &Intervention, what: &Intervention) -> bool {
    match (entry, what) {
        (
            Intervention::SetNode { node, field, .. },
            Intervention::SetNode {
                node: other,
                field: same,
                ..
            },
        ) => node == other && field == same,
        (
            Intervention::SetLink { link, field, .. },
            Intervention::SetLink {
                link: other,
                field: same,
                ..
            },
        ) => link == other && field == same,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::editor::{Desk, Reach};
    use crate::scenario::{Scenario, examples};
    use crate::simulation::Run;
    use crate::units::{NodeId, SimTime};

    fn set(document: &mut Scenario, run: &mut Run, field: &str, value: u64) {
        let nodes: Vec<NodeId> = document.topology.nodes.iter().map(|node| node.id).collect();
        let has = |id: &&NodeId| {
            let node = document.topology.node(**id);
            node.is_some_and(|node| node.settings.to_json().get(field).is_some())
        };
        let nodes: Vec<NodeId> = nodes.iter().filter(has).take(2).copied().collect();
        assert_eq!(nodes.len(), 2);
        let topology = run.topology().clone();
        let mut desk = Desk::new(document, topology, run.stamp(), Reach::FromNow);
        desk.set(&nodes, field, &json!(value)).unwrap();
        desk.finish();
        let now = run.now();
        run.follow(document.plan()).unwrap();
        // What was overridden had happened already: the run is made again up to this moment.
        run.seek(now, u64::MAX);
    }

    #[test]
    fn what_is_dragged_while_time_stands_still_leaves_one_entry_for_each_node() {
        let mut document = examples()[0].scenario();
        let mut run = Run::new(document.plan()).unwrap();
        let first = document.script.len();
        run.advance(SimTime::from_nanos(2_000_000_000), u64::MAX);
        for value in 2..9 {
            set(&mut document, &mut run, "workers", value);
        }
        assert_eq!(document.script.len(), first + 2);
        set(&mut document, &mut run, "prefetch", 17);
        set(&mut document, &mut run, "workers", 12);
        assert_eq!(document.script.len(), first + 4);
        run.advance(SimTime::from_nanos(3_000_000_000), u64::MAX);
        set(&mut document, &mut run, "workers", 4);
        assert_eq!(document.script.len(), first + 6, "another moment");
        let topology = run.topology();
        let workers = topology
            .nodes
            .iter()
            .filter(|node| node.settings.to_json().get("workers") == Some(&json!(4)));
        assert!(workers.count() >= 2);
    }
}
