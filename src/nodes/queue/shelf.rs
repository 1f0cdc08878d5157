//! Where messages wait, and which of them is next: in a line, in lanes by priority, or in groups.

use std::collections::{BTreeMap, VecDeque};

use super::lanes::Lanes;
use crate::engine::{Key, Message};
use crate::nodes::queue::groups::Groups;
use crate::units::SimTime;

/// A message that waits.
#[derive(Clone, Copy)]
pub(super) struct Waiting {
    pub(super) message: Message,
    /// Order of coming: what is put back returns to it. The lower 16 bits are no order, but say by
    /// which exchange it came.
    pub(super) place: u64,
}

impl Waiting {
    /// The exchange to which it was published: its place in the world, and one.
    pub(super) fn origin(&self) -> u16 {
        self.place as u16
    }
}

/// Where what comes back goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requeue {
    /// To its original place.
    Original,
    /// Before all others, behind what came back earlier.
    Front,
    /// Behind all others.
    Tail,
}

/// Waiting messages.
#[derive(Clone, Default)]
pub(super) struct Shelf {
    /// All of them, in order of their places, unless they are sorted.
    pub(super) line: VecDeque<Waiting>,
    sorted: Option<Box<Sorted>>,
}

#[derive(Clone)]
enum Sorted {
    Lanes(Lanes),
    Groups(Groups),
}

impl Shelf {
    /// Sorts by other rules from here on. `lane` says in which lane a message belongs.
    pub(super) fn arrange(&mut self, order: Order, lane: impl Fn(&Message) -> usize) {
        let mut all: Vec<Waiting> = self.iter().copied().collect();
        all.sort_unstable_by_key(|waiting| waiting.place);
        let groups = match self.sorted.take().map(|sorted| *sorted) {
            Some(Sorted::Groups(groups)) => Some(groups.emptied()),
            _ => None,
        };
        self.line.clear();
        self.sorted = match order {
            Order::Line => None,
            Order::Lanes { count, in_turns } => Some(Sorted::Lanes(Lanes::new(count, in_turns))),
            Order::Groups => Some(Sorted::Groups(groups.unwrap_or_default())),
        }
        .map(Box::new);
        for waiting in all {
            let lane = lane(&waiting.message);
            self.push(waiting, lane);
        }
    }

    /// How many of the first groups wait behind what is in flight, of how many that wait.
    pub(super) fn locked_groups(&self, most: usize) -> Option<(usize, usize)> {
        match self.sorted.as_deref()? {
            Sorted::Groups(groups) => Some(groups.locked(most)),
            Sorted::Lanes(_) => None,
        }
    }

    /// How many wait.
    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        match &self.sorted {
            None => self.line.len(),
            Some(sorted) => sorted.len(),
        }
    }

    /// Since when the oldest waits; of groups, the oldest whose turn it can be.
    pub(super) fn oldest(&self) -> Option<SimTime> {
        match self.sorted.as_deref() {
            Some(Sorted::Lanes(lanes)) => lanes.oldest(),
            _ => self.front().map(|waiting| waiting.message.since),
        }
    }

    /// Adds one behind all others of its lane.
    pub(super) fn push(&mut self, waiting: Waiting, lane: usize) {
        match self.sorted.as_deref_mut() {
            None => self.line.push_back(waiting),
            Some(Sorted::Lanes(lanes)) => lanes.push(waiting, lane),
            Some(Sorted::Groups(groups)) => groups.push(waiting),
        }
    }

    /// Puts one back that was lent.
    pub(super) fn put_back(&mut self, waiting: Waiting, lane: usize, to: Requeue) {
        match self.sorted.as_deref_mut() {
            None if to == Requeue::Tail => self.line.push_back(waiting),
            None => insert(&mut self.line, waiting),
            Some(Sorted::Lanes(lanes)) => lanes.put_back(waiting, lane, to),
            Some(Sorted::Groups(groups)) => groups.put_back(waiting),
        }
    }

    /// The next one, if any may be handed out.
    pub(super) fn front(&self) -> Option<&Waiting> {
        match self.sorted.as_deref() {
            None => self.line.front(),
            Some(Sorted::Lanes(lanes)) => lanes.front(),
            Some(Sorted::Groups(groups)) => groups.front(),
        }
    }

    /// Takes the next one out.
    pub(super) fn pop(&mut self) -> Option<Waiting> {
        match self.sorted.as_deref_mut() {
            None => self.line.pop_front(),
            Some(Sorted::Lanes(lanes)) => lanes.pop(),
            Some(Sorted::Groups(groups)) => groups.pop(),
        }
    }

    /// Takes one out wherever it stands.
    pub(super) fn remove(&mut self, which: impl Fn(&Message) -> bool) -> Option<Waiting> {
        let place = self.iter().find(|it| which(&it.message))?.place;
        match self.sorted.as_deref_mut() {
            None => take_out(&mut self.line, place),
            Some(Sorted::Lanes(lanes)) => lanes.remove(place),
            Some(Sorted::Groups(groups)) => groups.remove(place),
        }
    }

    /// One that was taken out was lent: its group waits for it.
    pub(super) fn note_lent(&mut self, key: Key, place: u64) {
        if let Some(Sorted::Groups(groups)) = self.sorted.as_deref_mut() {
            groups.note_lent(key, place);
        }
    }

    /// One that was lent is settled: its group goes on.
    pub(super) fn note_settled(&mut self, key: Key, place: u64) {
        if let Some(Sorted::Groups(groups)) = self.sorted.as_deref_mut() {
            groups.note_settled(key, place);
        }
    }

    /// All of them, roughly in the order in which they will go.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Waiting> {
        let sorted = self.sorted.iter().flat_map(|sorted| sorted.iter());
        self.line.iter().chain(sorted)
    }

    /// Takes out all of them.
    pub(super) fn take_all(&mut self) -> Vec<Waiting> {
        let all = self.iter().copied().collect();
        self.line.clear();
        match self.sorted.as_deref_mut() {
            None => {}
            Some(Sorted::Lanes(lanes)) => lanes.clear(),
            Some(Sorted::Groups(groups)) => groups.clear(),
        }
        all
    }
}

/// By what waiting messages are sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Not at all.
    Line,
    /// By priority.
    Lanes {
        /// How many lanes.
        count: usize,
        /// Whether two of the first lane are followed by one of the second.
        in_turns: bool,
    },
    /// By message group.
    Groups,
}

impl Sorted {
    fn len(&self) -> usize {
        match self {
            Self::Lanes(lanes) => lanes.len(),
            Self::Groups(groups) => groups.len(),
        }
    }

    fn iter(&self) -> Box<dyn Iterator<Item = &Waiting> + '_> {
        match self {
            Self::Lanes(lanes) => Box::new(lanes.iter()),
            Self::Groups(groups) => Box::new(groups.iter()),
        }
    }
}

/// Puts one in at its place.
pub(super) fn insert(line: &mut VecDeque<Waiting>, waiting: Waiting) {
    let at = line.partition_point(|other| other.place < waiting.place);
    line.insert(at, waiting);
}

/// Takes out the one at a place.
pub(super) fn take_out(line: &mut VecDeque<Waiting>, place: u64) -> Option<Waiting> {
    let at = line.iter().position(|waiting| waiting.place == place)?;
    line.remove(at)
}

/// What is to come later, by its moment.
pub(super) type Later = BTreeMap<(crate::units::SimTime, u64), Waiting>;
