//! Waiting messages by priority: a lane for each, the most important one first. What came back is
//! before all of them, if it goes to the front.

use std::collections::VecDeque;

use super::shelf::{Requeue, Waiting, insert, take_out};
use crate::units::SimTime;

/// How many of the first lane go before one of the second, where they take turns.
const FIRST_IN_TURN: u8 = 2;

/// Lanes.
#[derive(Clone)]
pub(super) struct Lanes {
    back: VecDeque<Waiting>,
    lanes: Vec<VecDeque<Waiting>>,
    in_turns: bool,
    /// How many were taken in this turn.
    taken: u8,
    len: usize,
}

impl Lanes {
    pub(super) fn new(count: usize, in_turns: bool) -> Self {
        Self {
            back: VecDeque::new(),
            lanes: vec![VecDeque::new(); count.max(1)],
            in_turns,
            taken: 0,
            len: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    fn lane(&mut self, lane: usize) -> &mut VecDeque<Waiting> {
        let last = self.lanes.len() - 1;
        &mut self.lanes[lane.min(last)]
    }

    pub(super) fn push(&mut self, waiting: Waiting, lane: usize) {
        self.len += 1;
        self.lane(lane).push_back(waiting);
    }

    pub(super) fn put_back(&mut self, waiting: Waiting, lane: usize, to: Requeue) {
        self.len += 1;
        match to {
            Requeue::Original => insert(self.lane(lane), waiting),
            Requeue::Front => self.back.push_back(waiting),
            Requeue::Tail => self.lane(lane).push_back(waiting),
        }
    }

    /// The lane whose turn it is; `None` for what came back.
    fn next_lane(&self) -> Option<usize> {
        if !self.back.is_empty() {
            return None;
        }
        let mut filled = (0..self.lanes.len()).filter(|lane| !self.lanes[*lane].is_empty());
        let first = filled.next();
        let is_over = self.in_turns && self.taken == FIRST_IN_TURN;
        match filled.next() {
            Some(second) if is_over => Some(second),
            _ => first,
        }
    }

    pub(super) fn front(&self) -> Option<&Waiting> {
        match self.next_lane() {
            Some(lane) => self.lanes[lane].front(),
            None => self.back.front(),
        }
    }

    /// Since when the one waits that has waited longest: it is the first of its lane, and may be
    /// everybody's last.
    pub(super) fn oldest(&self) -> Option<SimTime> {
        let lanes = std::iter::once(&self.back).chain(&self.lanes);
        let fronts = lanes.filter_map(VecDeque::front);
        fronts.map(|waiting| waiting.message.since).min()
    }

    pub(super) fn pop(&mut self) -> Option<Waiting> {
        let popped = match self.next_lane() {
            Some(lane) => {
                self.taken = match self.taken {
                    FIRST_IN_TURN => 0,
                    taken => taken + 1,
                };
                self.lanes[lane].pop_front()
            }
            None => self.back.pop_front(),
        };
        self.len -= usize::from(popped.is_some());
        popped
    }

    pub(super) fn remove(&mut self, place: u64) -> Option<Waiting> {
        let mut all = std::iter::once(&mut self.back).chain(&mut self.lanes);
        let removed = all.find_map(|lane| take_out(lane, place));
        self.len -= usize::from(removed.is_some());
        removed
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Waiting> {
        self.back.iter().chain(self.lanes.iter().flatten())
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.lanes.len(), self.in_turns);
    }
}
