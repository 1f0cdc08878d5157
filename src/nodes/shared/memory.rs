//! What was done lately, by the ids of events: an inbox after *Enterprise Integration Patterns*'
//! Idempotent Receiver.

use std::collections::{BTreeSet, VecDeque};

use crate::units::{SimDuration, SimTime};

/// Ids of events, with the moments at which they were done.
#[derive(Clone, Default)]
pub struct Memory {
    known: BTreeSet<u64>,
    /// The same, the oldest first.
    order: VecDeque<(SimTime, u64)>,
}

/// Most ids that are known at once; then the oldest is forgotten.
pub const IDS_MOST: usize = 200_000;

impl Memory {
    /// Whether an event was done, not longer than `window` ago.
    pub fn knows(&mut self, root: u64, now: SimTime, window: SimDuration) -> bool {
        while let Some((at, oldest)) = self.order.front()
            && at.after(window) < now
        {
            self.known.remove(oldest);
            self.order.pop_front();
        }
        self.known.contains(&root)
    }

    /// An event is done.
    pub fn learn(&mut self, root: u64, now: SimTime) {
        if !self.known.insert(root) {
            return;
        }
        self.order.push_back((now, root));
        if self.order.len() > IDS_MOST
            && let Some((_, oldest)) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// How many are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_known_for_the_window_and_no_longer() {
        let at = |secs| SimTime::ZERO.after(SimDuration::from_secs(secs));
        let window = SimDuration::from_secs(10);
        let mut memory = Memory::default();
        memory.learn(7, at(1));
        memory.learn(7, at(3));
        assert!(memory.knows(7, at(11), window));
        assert!(!memory.knows(8, at(11), window));
        assert!(
            !memory.knows(7, at(12), window),
            "counted from the first time"
        );
        for root in 0..IDS_MOST as u64 + 5 {
            memory.learn(root, at(20));
        }
        assert_eq!(memory.len(), IDS_MOST);
        assert!(!memory.knows(4, at(20), window) && memory.knows(5, at(20), window));
    }
}
