//! What the run has still to do: entries in order of time, first-in first-out among equals.
//!
//! An entry says whom it is for and carries two numbers that only its receiver understands. The
//! heap holds keys of 16 bytes and no entries, so that ordering touches little memory.

use super::NodeIndex;
use super::heap::{Heap, Key};
use crate::units::SimTime;

/// What is due: for whom, and two numbers that its receiver understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    order: Order,
}

/// The order of planning, with the entry's slot in the lowest bits.
type Order = u64;

const SLOT_BITS: u32 = 24;
const SLOT_MASK: u64 = (1 << SLOT_BITS) - 1;

/// A slot of this order has no entry.
const FREE: Order = 0;
/// The entry of a slot of this order was cancelled.
const CANCELLED: Order = u64::MAX;

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    order: Order,
    due: Due,
}

/// The entries still to come.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    heap: Heap,
    slots: Vec<Slot>,
    free: Vec<u32>,
    planned: u64,
    cancelled: usize,
    /// Whether the entry at the top was taken already. The next one that is planned takes its
    /// place, which is what mostly happens and costs half as much as removing one and adding one.
    top_taken: bool,
}

impl Agenda {
    /// Most entries that can be waiting at once.
    pub const ENTRIES_MAX: usize = 1 << SLOT_BITS;

    /// Plans an entry. Entries for the same moment come in the order in which they were planned.
    #[inline(always)]
    pub fn plan(&mut self, at: SimTime, due: Due) -> Ticket {
        // From one on, so that no entry has the order of a free slot.
        self.planned += 1;
        let serial = self.planned << SLOT_BITS;
        let time = at.nanos();
        let taken = self.heap.top().filter(|_| self.top_taken);
        let slot = taken.map_or_else(|| self.free_slot(), slot_of);
        let order = serial | slot as u64;
        self.slots[slot] = Slot { order, due };
        if taken.is_some() {
            self.top_taken = false;
            self.heap.replace_top(Key { time, order });
        } else {
            self.heap.push(Key { time, order });
        }
        Ticket { order }
    }

    /// A slot for one more entry.
    #[inline(never)]
    fn free_slot(&mut self) -> usize {
        if let Some(slot) = self.free.pop() {
            return slot as usize;
        }
        let slot = self.slots.len();
        assert!(slot < Self::ENTRIES_MAX, "the agenda is full");
        self.slots.push(Slot::default());
        slot
    }

    /// Removes the entry at the top if it was taken already.
    #[inline]
    fn clear_top(&mut self) {
        if self.top_taken {
            self.top_taken = false;
            if let Some(top) = self.heap.top() {
                self.heap.pop();
                self.free.push(slot_of(top) as u32);
            }
        }
    }

    /// Takes an entry back. Nothing happens if it has come already.
    pub fn cancel(&mut self, ticket: Ticket) {
        let slot = &mut self.slots[(ticket.order & SLOT_MASK) as usize];
        if slot.order == ticket.order {
            slot.order = CANCELLED;
            self.cancelled += 1;
            if self.cancelled > 64 && self.cancelled * 2 > self.heap.len() {
                self.sweep();
            }
        }
    }

    /// The moment of the next entry.
    pub fn next_at(&mut self) -> Option<SimTime> {
        loop {
            self.clear_top();
            let key = self.heap.top()?;
            if self.slots[slot_of(key)].order != CANCELLED {
                return Some(time_of(key));
            }
            self.take_top(key);
        }
    }

    /// Takes the next entry out, if it is due until `until`, which included.
    #[inline]
    pub fn pop_until(&mut self, until: SimTime) -> Option<(SimTime, Due)> {
        loop {
            self.clear_top();
            let key = self.heap.top()?;
            if time_of(key) > until {
                return None;
            }
            if let Some(due) = self.take_top(key) {
                return Some((time_of(key), due));
            }
        }
    }

    /// Takes the entry at the top, which has this key; `None` if it was cancelled.
    #[inline]
    fn take_top(&mut self, key: Key) -> Option<Due> {
        self.top_taken = true;
        let slot = &mut self.slots[slot_of(key)];
        if std::mem::replace(&mut slot.order, FREE) == CANCELLED {
            self.cancelled -= 1;
            return None;
        }
        Some(slot.due)
    }

    /// How many entries are still to come.
    pub fn len(&self) -> usize {
        self.heap.len() - self.cancelled - usize::from(self.top_taken)
    }

    /// Whether nothing is left to do.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all cancelled entries at once, so that they never outweigh the others.
    fn sweep(&mut self) {
        self.clear_top();
        let (slots, free) = (&mut self.slots, &mut self.free);
        self.heap.retain(|key| {
            let slot = slot_of(*key);
            let cancelled = slots[slot].order == CANCELLED;
            if cancelled {
                slots[slot].order = FREE;
                free.push(slot as u32);
            }
            !cancelled
        });
        self.cancelled = 0;
    }
}

fn slot_of(key: Key) -> usize {
    (key.order & SLOT_MASK) as usize
}

fn time_of(key: Key) -> SimTime {
    SimTime::from_nanos(key.time)
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
        std::iter::from_fn(|| agenda.pop_until(SimTime::MAX))
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
