//! States of a run that were saved on the way, so that going back need not start over.

use std::sync::Arc;

use super::state::State;
use crate::topology::Node;
use crate::units::{NodeId, SimTime};

/// Saved states in order of time, under a budget of memory.
#[derive(Clone)]
pub(super) struct Keyframes {
    frames: Vec<State>,
    /// Dispatches from one keyframe to the next.
    spacing: u64,
    bytes_most: usize,
}

/// Dispatches from one keyframe to the next at first: some milliseconds of running.
const SPACING: u64 = 20_000;

impl Keyframes {
    /// No keyframes yet, and at most `bytes_most` bytes of them.
    pub(super) fn new(bytes_most: usize) -> Self {
        Self {
            frames: Vec::new(),
            spacing: SPACING,
            bytes_most,
        }
    }

    /// The number of dispatches after which the next keyframe is due.
    pub(super) fn next_due(&self) -> u64 {
        self.frames.last().map_or(0, State::steps) + self.spacing
    }

    /// Saves a state. Over the budget every second keyframe goes, and they come half as often.
    pub(super) fn save(&mut self, state: &State) {
        if state.bytes() > self.bytes_most / 4 {
            // A state that large would leave room for few; running is cheaper than cloning.
            self.spacing = self.spacing.saturating_mul(2);
            return;
        }
        self.frames.push(state.clone());
        while self.frames.iter().map(State::bytes).sum::<usize>() > self.bytes_most {
            self.spacing = self.spacing.saturating_mul(2);
            let mut keep = false;
            self.frames.retain(|_| {
                keep = !keep;
                keep
            });
        }
    }

    /// The latest state that is not after `time`.
    pub(super) fn before(&self, time: SimTime) -> Option<&State> {
        self.frames.iter().rev().find(|state| state.now() <= time)
    }

    /// Forgets all that comes after `steps` dispatches: the future has changed.
    pub(super) fn forget_after(&mut self, steps: u64) {
        self.frames.retain(|state| state.steps() <= steps);
    }

    /// Changes how a node is drawn in all of them.
    pub(super) fn redraw(&mut self, id: NodeId, change: &impl Fn(&mut Node)) {
        for state in &mut self.frames {
            if let Some(node) = Arc::make_mut(&mut state.topology).node_mut(id) {
                change(node);
            }
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.spacing = SPACING;
    }
}
