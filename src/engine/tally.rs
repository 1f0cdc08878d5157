//! Conservation: every message is somewhere, at every instant.

use super::{Origin, What};

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

/// How often each thing happened, told apart by where the message was until then. Where all
/// messages are follows from it.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    counts: [[u64; Origin::COUNT]; What::COUNT],
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            counts: [[0; Origin::COUNT]; What::COUNT],
        }
    }
}

impl Ledger {
    /// Counts what happened to a message.
    #[inline]
    pub(super) fn count(&mut self, what: What, origin: Origin) {
        self.counts[what as usize][origin as usize] += 1;
    }

    /// Where all messages are.
    pub(super) fn tally(&self) -> Tally {
        let sum = |what: &[What]| {
            let of = |what: &What| self.counts[*what as usize].iter().sum::<u64>();
            what.iter().map(of).sum::<u64>()
        };
        let left = |origin: Origin| {
            let of = |counts: &[u64; Origin::COUNT]| counts[origin as usize];
            self.counts.iter().map(of).sum::<u64>()
        };
        let mut tally = Tally {
            created: sum(&[What::Created, What::Copied, What::Duplicated]),
            delivered: sum(&[What::Delivered]),
            done: sum(&[What::Acked, What::Done]),
            waiting: sum(&[What::Queued, What::Requeued]) - left(Origin::Waiting),
            in_flight: 0,
            stored: sum(&[What::Stored]) - left(Origin::Stored),
            dropped: sum(&[What::Lost, What::Dropped]),
            expired: sum(&[What::Expired]),
            dead_lettered: sum(&[What::DeadLettered]),
        };
        tally.in_flight = tally.created - tally.ended() - tally.waiting - tally.stored;
        tally
    }
}

impl Tally {
    /// Messages that exist: waiting, in flight or stored.
    pub fn alive(&self) -> u64 {
        self.waiting + self.in_flight + self.stored
    }

    /// Messages that exist no more.
    fn ended(&self) -> u64 {
        self.done + self.dropped + self.expired + self.dead_lettered
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
