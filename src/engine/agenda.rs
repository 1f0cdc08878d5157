//! What the run has still to do: entries in order of time, first-in first-out among equals.
//!
//! An entry says whom it is for and carries two numbers that only its receiver understands. The
//! heap holds packed keys of 16 bytes and no entries, so that ordering touches little memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::NodeIndex;
use crate::units::SimTime;

/// What is due: for whom, and two numbers that its receiver understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The node that is woken, or [`NodeIndex::LINKS`] for an arrival.
    pub node: NodeIndex,
    /// What it is about.
    pub tag: u32,
    /// Its detail.
    pub word: u64,
}

/// Names an entry that was planned, so that it can be cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    key: Key,
}

/// Time in the upper half; the order of planning and the entry's slot in the lower half.
type Key = u128;

const SLOT_BITS: u32 = 24;
const SLOT_MASK: u64 = (1 << SLOT_BITS) - 1;

#[derive(Clone, Debug)]
enum Slot {
    Planned(Key, Due),
    Cancelled,
    Free,
}

/// The entries still to come.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    heap: BinaryHeap<Reverse<Key>>,
    slots: Vec<Slot>,
    free: Vec<u32>,
    planned: u64,
    cancelled: usize,
}

impl Agenda {
    /// Most entries that can be waiting at once.
    pub const ENTRIES_MAX: usize = 1 << SLOT_BITS;

    /// Plans an entry. Entries for the same moment come in the order in which they were planned.
    #[inline]
    pub fn plan(&mut self, at: SimTime, due: Due) -> Ticket {
        let slot = self.free.pop().unwrap_or_else(|| {
            assert!(self.slots.len() < Self::ENTRIES_MAX, "the agenda is full");
            self.slots.push(Slot::Free);
            self.slots.len() as u32 - 1
        });
        let order = self.planned << SLOT_BITS | u64::from(slot);
        self.planned += 1;
        let key = u128::from(at.nanos()) << 64 | u128::from(order);
        self.slots[slot as usize] = Slot::Planned(key, due);
        self.heap.push(Reverse(key));
        Ticket { key }
    }

    /// Takes an entry back. Nothing happens if it has come already.
    pub fn cancel(&mut self, ticket: Ticket) {
        let slot = &mut self.slots[slot_of(ticket.key)];
        if matches!(slot, Slot::Planned(key, _) if *key == ticket.key) {
            *slot = Slot::Cancelled;
            self.cancelled += 1;
            if self.cancelled > 64 && self.cancelled * 2 > self.heap.len() {
                self.sweep();
            }
        }
    }

    /// The moment of the next entry.
    #[inline]
    pub fn next_at(&mut self) -> Option<SimTime> {
        if self.cancelled > 0 {
            self.drop_cancelled();
        }
        self.heap.peek().map(|Reverse(key)| time_of(*key))
    }

    /// Takes the next entry out.
    #[inline]
    pub fn pop(&mut self) -> Option<(SimTime, Due)> {
        loop {
            let Reverse(key) = self.heap.pop()?;
            let slot = slot_of(key);
            let entry = std::mem::replace(&mut self.slots[slot], Slot::Free);
            self.free.push(slot as u32);
            match entry {
                Slot::Planned(_, due) => return Some((time_of(key), due)),
                _ => self.cancelled -= 1,
            }
        }
    }

    /// How many entries are still to come.
    pub fn len(&self) -> usize {
        self.heap.len() - self.cancelled
    }

    /// Whether nothing is left to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn drop_cancelled(&mut self) {
        while let Some(Reverse(key)) = self.heap.peek() {
            let slot = slot_of(*key);
            if !matches!(self.slots[slot], Slot::Cancelled) {
                return;
            }
            self.heap.pop();
            self.slots[slot] = Slot::Free;
            self.free.push(slot as u32);
            self.cancelled -= 1;
        }
    }

    /// Removes all cancelled entries at once, so that they never outweigh the others.
    fn sweep(&mut self) {
        let slots = &mut self.slots;
        let free = &mut self.free;
        self.heap.retain(|Reverse(key)| {
            let slot = slot_of(*key);
            let cancelled = matches!(slots[slot], Slot::Cancelled);
            if cancelled {
                slots[slot] = Slot::Free;
                free.push(slot as u32);
            }
            !cancelled
        });
        self.cancelled = 0;
    }
}

fn slot_of(key: Key) -> usize {
    (key as u64 & SLOT_MASK) as usize
}

fn time_of(key: Key) -> SimTime {
    SimTime::from_nanos((key >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(tag: u32) -> Due {
        Due {
            node: NodeIndex(0),
            tag,
            word: 0,
        }
    }

    fn at(nanos: u64) -> SimTime {
        SimTime::from_nanos(nanos)
    }

    fn tags(agenda: &mut Agenda) -> Vec<u32> {
        std::iter::from_fn(|| agenda.pop())
            .map(|(_, due)| due.tag)
            .collect()
    }

    #[test]
    fn entries_come_by_time_and_then_by_order_of_planning() {
        let mut agenda = Agenda::default();
        for (tag, nanos) in [(0, 5), (1, 3), (2, 5), (3, 3), (4, 0), (5, 5)] {
            agenda.plan(at(nanos), due(tag));
        }
        assert_eq!(tags(&mut agenda), [4, 1, 3, 0, 2, 5]);
    }

    #[test]
    fn a_cancelled_entry_never_comes_and_a_stale_ticket_harms_nobody() {
        let mut agenda = Agenda::default();
        let first = agenda.plan(at(1), due(1));
        agenda.plan(at(2), due(2));
        agenda.cancel(first);
        agenda.cancel(first);
        assert_eq!(agenda.len(), 1);
        assert_eq!(agenda.next_at(), Some(at(2)));
        let reused = agenda.plan(at(3), due(3));
        agenda.cancel(first);
        assert_eq!(tags(&mut agenda), [2, 3]);
        agenda.cancel(reused);
        assert!(agenda.is_empty());
    }

    #[test]
    fn cancelled_entries_do_not_fill_the_heap() {
        let mut agenda = Agenda::default();
        agenda.plan(at(1_000_000), due(7));
        for n in 0..100_000 {
            let ticket = agenda.plan(at(500 + n), due(1));
            agenda.cancel(ticket);
        }
        assert!(agenda.heap.len() < 200 && agenda.slots.len() < 200);
        assert_eq!(tags(&mut agenda), [7]);
    }
}
