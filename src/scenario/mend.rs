//! What must go when something else has gone: a document that a person edits stays one that loads.

use super::Scenario;

impl Scenario {
    /// Takes out what names something that is no longer there: entries of the script, checks,
    /// members of frames and views, steps of walks. Says how many entries and checks went.
    pub fn mend(&mut self) -> usize {
        let mut topology = self.topology.clone();
        let entries = self.script.len();
        self.script
            .retain(|entry| entry.what.apply_to(&mut topology).is_ok());
        let checks = self.checks.len();
        let start = &self.topology;
        self.checks
            .retain(|check| check.problem(&topology, start, "check").is_none());
        let there = self.node_ids();
        self.drawing.keep_nodes(|id| there.contains(&id));
        (entries - self.script.len()) + (checks - self.checks.len())
    }
}
