//! States of a run that were saved on the way, so that going back need not start over.

use std::sync::Arc;

use super::state::State;
use crate::topology::Topology;
use crate::units::SimTime;

/// Saved states in order of time, under a budget of memory.
#[derive(Clone)]
pub(super) struct Keyframes {
    frames: Vec<Frame>,
    /// Dispatches from one keyframe to the next.
    spacing: u64,
    bytes_most: usize,
}

#[derive(Clone)]
struct Frame {
    state: State,
    bytes: usize,
}

/// Dispatches from one keyframe to the next at first: some milliseconds of running.
const SPACING: u64 = 20_000;

/// Bytes of a keyframe for each dispatch until the next one, at most. Saving a large world takes
/// time, and running must not slow down for nodes in which nothing happens.
const BYTES_A_DISPATCH: u64 = 4;

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
        let spacing_after = |last: &Frame| {
            let by_size = last.bytes as u64 / BYTES_A_DISPATCH;
            last.state.steps() + self.spacing.max(by_size)
        };
        self.frames.last().map_or(self.spacing, spacing_after)
    }

    /// Saves a state. Over the budget every second keyframe goes, and they come half as often.
    pub(super) fn save(&mut self, state: &State) {
        let bytes = state.bytes();
        if bytes > self.bytes_most / 4 {
            // A state that large would leave room for few; running is cheaper than cloning.
            self.spacing = self.spacing.saturating_mul(2);
            return;
        }
        let state = state.clone();
        self.frames.push(Frame { state, bytes });
        while self.frames.iter().map(|frame| frame.bytes).sum::<usize>() > self.bytes_most {
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
        let mut states = self.frames.iter().rev().map(|frame| &frame.state);
        states.find(|state| state.now() <= time)
    }

    /// Forgets all states at `time` or later, and all that know more than `played` entries of the
    /// script: the future has changed.
    pub(super) fn forget_from(&mut self, time: SimTime, played: usize) {
        self.frames
            .retain(|frame| frame.state.now() < time && frame.state.played <= played);
    }

    /// Changes what is drawn in all of them.
    pub(super) fn redraw(&mut self, change: impl Fn(&mut Arc<Topology>)) {
        for frame in &mut self.frames {
            change(&mut frame.state.topology);
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.frames.clear();
        self.spacing = SPACING;
    }
}
