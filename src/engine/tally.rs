//! Conservation: every message is somewhere, at every instant.

use super::{Entry, What};

/// Where the messages of a run are. `created` counts copies, duplicates and arrivals in a
/// dead-letter target anew; `delivered` counts hand-overs and is no place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Came into being.
    pub created: u64,
    /// Were handed to a consumer, every time counted.
    pub delivered: u64,
    /// Reached their end as they should.
    pub done: u64,
    /// Wait in a queue or at a service.
    pub waiting: u64,
    /// Travel, are being worked on, or are delivered and not settled.
    pub in_flight: u64,
    /// Lie in an event store.
    pub stored: u64,
    /// Were given up or lost.
    pub dropped: u64,
    /// Waited longer than they may.
    pub expired: u64,
    /// Went to the dead letters, where they arrive as new ones.
    pub dead_lettered: u64,
}

impl Tally {
    /// Messages that exist: waiting, in flight or stored.
    #[inline]
    pub fn alive(&self) -> u64 {
        self.waiting + self.in_flight + self.stored
    }

    /// Follows what happened to a message.
    #[inline]
    pub fn follow(&mut self, entry: &Entry) {
        if entry.was_waiting() {
            self.waiting -= 1;
            self.in_flight += 1;
        }
        match entry.what {
            What::Created | What::Copied | What::Duplicated => {
                self.created += 1;
                self.in_flight += 1;
            }
            What::Queued | What::Requeued => self.move_to(|tally| &mut tally.waiting),
            What::Delivered => self.delivered += 1,
            What::Acked | What::Done => self.move_to(|tally| &mut tally.done),
            What::Lost | What::Dropped => self.move_to(|tally| &mut tally.dropped),
            What::Expired => self.move_to(|tally| &mut tally.expired),
            What::DeadLettered => self.move_to(|tally| &mut tally.dead_lettered),
            What::Stored => self.move_to(|tally| &mut tally.stored),
            _ => {}
        }
    }

    #[inline]
    fn move_to(&mut self, place: fn(&mut Self) -> &mut u64) {
        self.in_flight -= 1;
        *place(self) += 1;
    }

    /// Whether each message that came into being is in exactly one place.
    pub fn is_balanced(&self) -> bool {
        self.created == self.alive() + self.done + self.dropped + self.expired + self.dead_lettered
    }
}

/// What a node really holds, counted anew; the sum over all nodes and links must be the tally.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Messages that wait in it.
    pub waiting: u64,
    /// Messages that it answers for while they are worked on or delivered.
    pub in_flight: u64,
    /// Events that it stores.
    pub stored: u64,
}

impl std::ops::AddAssign for Holdings {
    fn add_assign(&mut self, other: Self) {
        self.waiting += other.waiting;
        self.in_flight += other.in_flight;
        self.stored += other.stored;
    }
}
