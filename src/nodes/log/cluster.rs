//! Partitions on brokers: who leads, who follows, what is committed, and what an election loses.
//!
//! A follower has always a beginning of what its leader has, so that one number says what it has.
//! It knows no consumer and no producer: whoever calls it says what becomes of what was cut off.

use super::settings::Isolation;
use super::settings::Settings;
use super::store::Store;
use super::unstable::Unstable;
use crate::engine::NodeIndex;

/// A broker, as its controller and its neighbours see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Broker {
    pub(super) stopped: bool,
    pub(super) cut_off: bool,
    /// Whether the controller has noticed that it is gone.
    pub(super) missed: bool,
}

impl Broker {
    /// Whether other brokers reach it.
    pub(super) fn is_there(self) -> bool {
        !self.stopped && !self.cut_off
    }
}

/// A copy of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Replica {
    /// On which broker, from 0.
    pub(super) broker: u32,
    /// How far it goes, unless it leads: then it has all.
    pub(super) end: u64,
    pub(super) in_sync: bool,
}

/// A partition with its copies.
#[derive(Clone, Debug, Default)]
pub(super) struct Partition {
    pub(super) store: Store,
    /// Records of closed segments that the last compaction left.
    pub(super) cleaned: u64,
    /// The high watermark: what lies before it has reached all that are in sync.
    high: u64,
    pub(super) replicas: Vec<Replica>,
    /// The place of the replica that leads.
    leader: Option<usize>,
    /// Whether clients reach a leader.
    is_served: bool,
    /// How far followers will be when what they fetch has come.
    fetching: Option<u64>,
    /// Raised by each election: what an earlier leader sent no longer counts.
    epoch: u32,
    /// The last number of each source that was appended.
    latest: Vec<(NodeIndex, u32)>,
    /// What it has of transactions.
    pub(super) unstable: Unstable,
}

impl Partition {
    /// A partition whose copies are on the brokers that follow `first`.
    pub(super) fn new(first: u32, settings: &Settings) -> Self {
        let mut partition = Self::default();
        partition.place(first, settings);
        partition
    }

    /// Puts copies on the brokers that follow `first`. New ones have all at once.
    pub(super) fn place(&mut self, first: u32, settings: &Settings) {
        let leads = self.leader_broker();
        let end = self.store.end();
        let wanted = (0..settings.copies()).map(|n| (first + n) % settings.brokers);
        let known = &self.replicas;
        self.replicas = wanted
            .map(|broker| {
                let there = known.iter().find(|known| known.broker == broker);
                there.copied().unwrap_or(Replica {
                    broker,
                    end,
                    in_sync: true,
                })
            })
            .collect();
        let leads = |replica: &Replica| Some(replica.broker) == leads;
        self.leader = self.replicas.iter().position(leads).or(Some(0));
    }

    /// The high watermark.
    #[inline]
    pub(super) fn high(&self) -> u64 {
        self.high
    }

    /// How far consumers can read now.
    #[inline]
    pub(super) fn readable(&self) -> u64 {
        if self.is_served { self.high } else { 0 }
    }

    /// How far consumers can read now that see no transaction before it is committed: before the
    /// last stable offset.
    #[inline]
    pub(super) fn readable_to(&self, isolation: Isolation) -> u64 {
        match isolation == Isolation::ReadCommitted && !self.unstable.is_empty() {
            true => self.readable().min(self.stable()),
            false => self.readable(),
        }
    }

    /// Where what comes next begins, for those who read so.
    pub(super) fn end_for(&self, isolation: Isolation) -> u64 {
        match isolation {
            Isolation::ReadUncommitted => self.high,
            Isolation::ReadCommitted => self.stable(),
        }
    }

    /// The last stable offset: what lies before it will count, or not, for ever.
    #[inline(never)]
    pub(super) fn stable(&self) -> u64 {
        self.unstable.first().unwrap_or(u64::MAX).min(self.high)
    }

    /// Whether consumers with this isolation pass over the record at an offset.
    #[inline]
    pub(super) fn hides(&self, isolation: Isolation, offset: u64) -> bool {
        isolation == Isolation::ReadCommitted && self.unstable.is_aborted(offset)
    }

    /// How many transactions are open.
    #[cfg(test)]
    pub(super) fn open_transactions(&self) -> usize {
        self.unstable.open()
    }

    /// Whether clients reach a leader.
    pub(super) fn is_served(&self) -> bool {
        self.is_served
    }

    /// The broker that leads, from 0.
    pub(super) fn leader_broker(&self) -> Option<u32> {
        Some(self.replicas.get(self.leader?)?.broker)
    }

    /// Raised by each election.
    pub(super) fn epoch(&self) -> u32 {
        self.epoch
    }

    /// How many copies are in sync, as the leader knows.
    pub(super) fn in_sync(&self) -> u32 {
        self.replicas.iter().filter(|it| it.in_sync).count() as u32
    }

    /// Whether the only copy that there is leads, so that nothing has to be fetched.
    #[inline]
    pub(super) fn is_alone(&self) -> bool {
        self.replicas.len() == 1
    }

    /// Whether a number of a source was appended before; if not, it is from now on.
    #[inline]
    pub(super) fn may_be_known(&mut self, source: NodeIndex, sequence: u32) -> bool {
        let known = self.latest.iter_mut().find(|known| known.0 == source);
        let Some((_, latest)) = known else {
            self.latest.push((source, sequence));
            return false;
        };
        if sequence > *latest {
            *latest = sequence;
            return false;
        }
        true
    }

    /// Moves the high watermark to what all that are in sync have. Whether it moved.
    #[inline]
    pub(super) fn advance(&mut self) -> bool {
        let end = self.store.end();
        if self.is_alone() && self.leader == Some(0) && self.unstable.is_empty() {
            let moved = end > self.high;
            self.high = self.high.max(end);
            return moved;
        }
        let of = |(n, replica): (usize, &Replica)| match Some(n) == self.leader {
            true => Some(end),
            false => replica.in_sync.then_some(replica.end),
        };
        let least = self.replicas.iter().enumerate().filter_map(of).min();
        let moved = least.is_some_and(|least| least > self.high);
        self.high = self.high.max(least.unwrap_or(0));
        if !self.unstable.is_empty() {
            self.unstable.settle(self.high);
        }
        moved
    }

    /// Whether some follower can fetch something and none does yet; if so, they do now.
    #[inline]
    pub(super) fn begins_to_fetch(&mut self, brokers: &[Broker]) -> bool {
        if self.is_alone() || self.fetching.is_some() || !self.has_behind(brokers) {
            return false;
        }
        self.fetching = Some(self.store.end());
        true
    }

    fn has_behind(&self, brokers: &[Broker]) -> bool {
        let end = self.store.end();
        self.followers(brokers)
            .any(|n| self.replicas[n].end < end || !self.replicas[n].in_sync)
    }

    /// The followers that reach the leader.
    fn followers(&self, brokers: &[Broker]) -> impl Iterator<Item = usize> {
        let there = |broker: u32| brokers.get(broker as usize).is_some_and(|it| it.is_there());
        let leads = self.leader_broker().is_some_and(there);
        (0..self.replicas.len())
            .filter(move |n| leads && Some(*n) != self.leader && there(self.replicas[*n].broker))
    }

    /// What followers had fetched is there, if it came from the leader of this epoch. Whether the
    /// high watermark moved.
    pub(super) fn fetched(&mut self, epoch: u32, brokers: &[Broker]) -> bool {
        if epoch != self.epoch {
            return false;
        }
        let Some(end) = self.fetching.take() else {
            return false;
        };
        let followers: Vec<usize> = self.followers(brokers).collect();
        for n in followers {
            let replica = &mut self.replicas[n];
            replica.end = replica.end.max(end);
            // Whoever has all that is committed counts as in sync again.
            replica.in_sync |= replica.end >= self.high;
        }
        self.advance()
    }

    /// Brokers came, went, or were missed. If another replica leads now, how far it goes: all
    /// behind that is to be cut off.
    pub(super) fn reconsider(&mut self, brokers: &[Broker], unclean: bool) -> Option<u64> {
        let of = |replica: &Replica| brokers.get(replica.broker as usize).copied();
        let of = |replica: &Replica| of(replica).unwrap_or_default();
        self.leave_sync(|replica| of(replica).missed);
        let leads = self.leader.and_then(|n| self.replicas.get(n));
        let must_go = leads.is_none_or(|leader| of(leader).missed || of(leader).stopped);
        let noticed = leads.is_none_or(|leader| of(leader).missed);
        let mut elected = None;
        if must_go && noticed {
            elected = self.elect(|replica| of(replica).is_there(), unclean);
        }
        let leads = self.leader.and_then(|n| self.replicas.get(n));
        self.is_served = leads.is_some_and(|leader| !of(leader).stopped);
        if elected.is_some() {
            self.epoch += 1;
            self.fetching = None;
            self.leave_sync(|replica| of(replica).missed);
        }
        elected
    }

    /// Those go that are missed, but never the last that is in sync.
    fn leave_sync(&mut self, is_missed: impl Fn(&Replica) -> bool) {
        let stays = |replica: &Replica| replica.in_sync && !is_missed(replica);
        if self.replicas.iter().any(stays) {
            self.replicas
                .iter_mut()
                .for_each(|replica| replica.in_sync &= !is_missed(replica));
        }
    }

    /// The first that is there and in sync leads; if there is none and it may be unclean, the first
    /// that is there. How far it goes.
    fn elect(&mut self, is_there: impl Fn(&Replica) -> bool, unclean: bool) -> Option<u64> {
        let before = self.leader;
        let clean = |replica: &Replica| replica.in_sync && is_there(replica);
        let found = self.replicas.iter().position(clean);
        let chosen = match found {
            None if unclean => self.replicas.iter().position(&is_there),
            found => found,
        };
        let chosen = chosen.filter(|chosen| Some(*chosen) != before)?;
        let end = self.replicas[chosen].end;
        if let Some(before) = before.and_then(|n| self.replicas.get_mut(n)) {
            before.end = self.store.end();
        }
        for (n, replica) in self.replicas.iter_mut().enumerate() {
            replica.end = replica.end.min(end);
            replica.in_sync = if found.is_none() {
                n == chosen
            } else {
                replica.in_sync
            };
        }
        self.leader = Some(chosen);
        self.high = self.high.min(end);
        Some(end)
    }
}
