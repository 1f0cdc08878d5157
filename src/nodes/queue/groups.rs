//! Waiting messages by group, after the FIFO queues of Amazon SQS: a group is handed out in order,
//! and only up to the first message that is in flight. A group that opens again is last in turn.

use std::collections::{BTreeMap, VecDeque};

use super::shelf::{Waiting, insert, take_out};
use crate::engine::Key;

/// Groups.
#[derive(Clone, Default)]
pub(super) struct Groups {
    groups: BTreeMap<Key, Group>,
    /// The groups that may be open, the next one first.
    turns: VecDeque<Key>,
    len: usize,
}

#[derive(Clone, Default)]
struct Group {
    waiting: VecDeque<Waiting>,
    /// The places of what is in flight.
    lent: Vec<u64>,
    in_turn: bool,
}

impl Group {
    /// The next message, unless an earlier one is in flight.
    fn front(&self) -> Option<&Waiting> {
        let next = self.waiting.front()?;
        let is_open = self.lent.iter().all(|lent| *lent > next.place);
        is_open.then_some(next)
    }
}

impl Groups {
    /// The same groups with nothing that waits: what is in flight goes on to close them.
    pub(super) fn emptied(mut self) -> Self {
        self.clear();
        self
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// How many groups of the first ones wait behind what is in flight, and how many wait at all.
    pub(super) fn locked(&self, most: usize) -> (usize, usize) {
        let groups = self.groups.values().take(most);
        let waiting = groups.filter(|group| !group.waiting.is_empty());
        waiting.fold((0, 0), |(locked, all), group| {
            (locked + usize::from(group.front().is_none()), all + 1)
        })
    }

    /// Lets a group wait for its turn, if it is open.
    fn offer(&mut self, key: Key) {
        if let Some(group) = self.groups.get_mut(&key)
            && !group.in_turn
            && group.front().is_some()
        {
            group.in_turn = true;
            self.turns.push_back(key);
        }
    }

    pub(super) fn push(&mut self, waiting: Waiting) {
        self.len += 1;
        let key = waiting.message.key;
        let group = self.groups.entry(key).or_default();
        group.waiting.push_back(waiting);
        self.offer(key);
    }

    pub(super) fn put_back(&mut self, waiting: Waiting) {
        self.len += 1;
        let key = waiting.message.key;
        let group = self.groups.entry(key).or_default();
        group.lent.retain(|place| *place != waiting.place);
        insert(&mut group.waiting, waiting);
        self.offer(key);
    }

    fn open(&self) -> Option<(Key, &Waiting)> {
        let of = |key: &Key| Some((*key, self.groups.get(key)?.front()?));
        self.turns.iter().find_map(of)
    }

    pub(super) fn front(&self) -> Option<&Waiting> {
        self.open().map(|(_, waiting)| waiting)
    }

    pub(super) fn pop(&mut self) -> Option<Waiting> {
        let (key, _) = self.open()?;
        let group = self.groups.get_mut(&key)?;
        let popped = group.waiting.pop_front()?;
        self.len -= 1;
        if group.waiting.is_empty() {
            self.leave_turn(key);
        }
        Some(popped)
    }

    fn leave_turn(&mut self, key: Key) {
        if let Some(group) = self.groups.get_mut(&key)
            && std::mem::take(&mut group.in_turn)
        {
            self.turns.retain(|other| *other != key);
        }
        self.tidy(key);
    }

    /// Forgets a group of which there is nothing.
    fn tidy(&mut self, key: Key) {
        let is_empty = |group: &Group| group.waiting.is_empty() && group.lent.is_empty();
        if self.groups.get(&key).is_some_and(is_empty) {
            self.groups.remove(&key);
        }
    }

    pub(super) fn note_lent(&mut self, key: Key, place: u64) {
        let group = self.groups.entry(key).or_default();
        group.lent.push(place);
        if group.front().is_none() {
            self.leave_turn(key);
        }
    }

    pub(super) fn note_settled(&mut self, key: Key, place: u64) {
        if let Some(group) = self.groups.get_mut(&key) {
            group.lent.retain(|lent| *lent != place);
        }
        self.offer(key);
        self.tidy(key);
    }

    pub(super) fn remove(&mut self, place: u64) -> Option<Waiting> {
        let mut groups = self.groups.values_mut();
        let removed = groups.find_map(|group| take_out(&mut group.waiting, place))?;
        self.len -= 1;
        self.tidy(removed.message.key);
        Some(removed)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Waiting> {
        self.groups.values().flat_map(|group| &group.waiting)
    }

    pub(super) fn clear(&mut self) {
        for group in self.groups.values_mut() {
            group.waiting.clear();
            group.in_turn = false;
        }
        self.groups.retain(|_, group| !group.lent.is_empty());
        self.turns.clear();
        self.len = 0;
    }
}
