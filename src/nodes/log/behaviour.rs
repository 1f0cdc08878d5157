//! What a partitioned log does: it appends, and shows its groups what they have not read.

use std::collections::VecDeque;

use super::client::Clients;
use super::cluster::Partition;
use super::confirms::Asks;
use super::consumers::Seat;
use super::group::Group;
use super::readers::Reader;
use super::settings::{Acks, Cleanup, Settings};
use super::share::ShareGroup;
use super::topic::Topic;
use super::transactions::{EXPIRE, Transactions};
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Holdings, Key, LinkIndex, Loan, Message, MessageId,
    Operation, Reason, Signal, What,
};
use crate::nodes::Role;
use crate::nodes::shared::transaction::Transaction;
use crate::units::SimTime;

/// A group is to be tended; the word is its number.
pub(super) const TEND: u32 = 0;
/// Somebody may not have polled for too long; the word is the group's number.
pub(super) const POLLS: u32 = 1;
/// A group commits; the word is its number.
pub(super) const COMMIT: u32 = 2;
/// Followers have fetched; the word is the epoch and the partition.
const FETCHED: u32 = 3;
/// A broker is missed; the word is its number.
pub(super) const MISSED: u32 = 4;
/// Old records are looked for.
pub(super) const CHECK: u32 = 5;
/// A client may give up a record.
const GIVE_UP: u32 = 6;
/// A client has something to do; the word is its number.
pub(super) const CLIENT: u32 = 20;
/// A client may give up a batch; the word is its number.
pub(super) const CLIENT_GIVES_UP: u32 = 21;

/// Something that is lent may be overdue; the word is the number of the group.
pub(super) const LENT: u32 = 30;

/// How far back an event is looked for that may have come before.
const KNOWN_MOST: usize = 1000;
/// How many of the latest records of a partition are looked through for a message.
const LOOK_MOST: usize = 500;

/// A running partitioned log.
#[derive(Clone)]
pub struct PartitionedLog {
    pub(super) settings: Settings,
    pub(super) topic: Topic,
    pub(super) groups: Vec<Group>,
    /// The groups that share records, or did once.
    pub(super) shares: Vec<ShareGroup>,
    /// What links said, by their places.
    pub(super) seats: Vec<Seat>,
    pub(super) readers: Vec<Reader>,
    /// What clients hold back until a broker takes it.
    pub(super) pending: VecDeque<Pending>,
    /// What clients have in batches and requests.
    pub(super) clients: Clients,
    /// Whether records go through batches, and not the straight way.
    pub(super) by_batches: bool,
    /// Publishers that want to know whether their records are safe.
    pub(super) asks: Asks,
    pub(super) transactions: Transactions,
    pub(super) checks: bool,
    gives_up: bool,
    pub(super) down: bool,
}

/// A record that no broker has taken yet.
#[derive(Clone, Copy)]
pub(super) struct Pending {
    pub(super) message: Message,
    pub(super) partition: u32,
    pub(super) since: SimTime,
    /// The transaction to which it belongs, if it is not 0.
    pub(super) word: u64,
}

impl PartitionedLog {
    /// A partitioned log that has not started.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            topic: Topic::default(),
            groups: Vec::new(),
            shares: Vec::new(),
            seats: Vec::new(),
            readers: Vec::new(),
            pending: VecDeque::new(),
            clients: Clients::default(),
            by_batches: false,
            asks: Asks::default(),
            transactions: Transactions::default(),
            checks: false,
            gives_up: false,
            down: false,
        }
    }

    /// The message with this id, if it is one of the latest.
    pub(crate) fn message(&self, id: MessageId) -> Option<Message> {
        let mut held = self.held_back();
        let kept = || {
            let latest = |lane: &Partition| {
                let mut latest = lane.store.iter().rev().take(LOOK_MOST);
                latest.find_map(|(_, record)| (record.id() == id).then_some(*record))
            };
            let record = self.topic.partitions.iter().find_map(latest)?;
            Some(self.topic.labels.message(&record))
        };
        let found = held.find(|message| message.id == id);
        found.copied().or_else(kept)
    }

    /// What clients have: no broker has taken it yet.
    pub(super) fn held_back(&self) -> impl Iterator<Item = &Message> {
        let pending = self.pending.iter().map(|pending| &pending.message);
        pending.chain(self.clients.held())
    }

    /// How many records that are.
    pub(super) fn held_back_count(&self) -> u64 {
        self.pending.len() as u64 + self.clients.count()
    }

    /// How many records wait in batches of clients, and how many of their requests are on the way.
    pub(super) fn client_waiting(&self) -> (u64, u64) {
        self.clients.waiting()
    }

    /// Takes a record to a partition, if a broker takes it; else the client holds it back.
    #[inline]
    pub(super) fn take(
        &mut self,
        context: &mut Context<'_>,
        message: &Message,
        (partition, word): (u32, u64),
    ) {
        if self.is_open(partition, word != 0) {
            return self.append(context, message, (partition, word), false);
        }
        if self.settings.acks == Acks::None && word == 0 {
            return context.record_because(What::Dropped, message, Reason::NoLeader);
        }
        context.record(What::Queued, message);
        self.hold(context, message, (partition, word));
    }

    /// Whether a broker takes records of a partition, also those that all must have.
    #[inline]
    pub(super) fn is_open(&self, partition: u32, all: bool) -> bool {
        let lane = &self.topic.partitions[partition as usize];
        lane.is_served()
            && ((self.settings.acks != Acks::All && !all)
                || lane.in_sync() >= self.settings.min_in_sync)
    }

    #[inline(never)]
    pub(super) fn hold(
        &mut self,
        context: &mut Context<'_>,
        message: &Message,
        (partition, word): (u32, u64),
    ) {
        let since = context.now();
        self.pending.push_back(Pending {
            message: *message,
            partition,
            since,
            word,
        });
        if !std::mem::replace(&mut self.gives_up, true) {
            context.wake_after(self.settings.delivery_timeout, GIVE_UP, 0);
        }
    }

    /// Appends a record, and shows it to whoever can read it.
    #[inline]
    fn append(
        &mut self,
        context: &mut Context<'_>,
        message: &Message,
        (partition, word): (u32, u64),
        was_waiting: bool,
    ) {
        if self.write(context, message, (partition, word), was_waiting) {
            self.written(context, partition);
        }
    }

    /// Records were appended: followers fetch them, and one day they are old.
    #[inline]
    pub(super) fn written(&mut self, context: &mut Context<'_>, partition: u32) {
        if !self.topic.partitions[partition as usize].is_alone() {
            self.fetch(context, partition);
        }
        if !self.checks {
            self.plan_check(context);
        }
    }

    /// Appends a record, which followers do not fetch yet. Whether it was new.
    #[inline]
    pub(super) fn write(
        &mut self,
        context: &mut Context<'_>,
        message: &Message,
        (partition, word): (u32, u64),
        was_waiting: bool,
    ) -> bool {
        let lane = &mut self.topic.partitions[partition as usize];
        let record = |context: &mut Context<'_>, what, reason| match was_waiting {
            true => context.record_waiting(what, message, reason),
            false => context.record_because(what, message, reason),
        };
        if (self.settings.is_idempotent() || word != 0)
            && lane.may_be_known(message.source, message.sequence)
        {
            let mut latest = lane.store.iter().rev().take(KNOWN_MOST);
            if latest.any(|(_, known)| known.is_of(message)) {
                record(context, What::Done, Reason::Duplicate);
                return false;
            }
        }
        record(context, What::Stored, Reason::None);
        let kept = self.topic.labels.record(message);
        let segment = self.settings.segment();
        let offset = lane.store.append(context.now(), kept, segment);
        if let Some(transaction) = Transaction::of(word) {
            lane.unstable.enter(transaction, offset);
        }
        for group in &mut self.groups {
            group.grow(partition);
        }
        for share in &mut self.shares {
            share.grow(partition);
        }
        if lane.advance() {
            let new = Message {
                since: message.born,
                attempt: 1,
                ..*message
            };
            self.show(context, partition, Some(&new));
        }
        true
    }

    /// Lets followers fetch what is new.
    #[inline]
    pub(super) fn fetch(&mut self, context: &mut Context<'_>, partition: u32) {
        let lane = &mut self.topic.partitions[partition as usize];
        if lane.begins_to_fetch(&self.topic.brokers) {
            let word = u64::from(lane.epoch()) << 32 | u64::from(partition);
            context.wake_after(self.settings.replication_time, FETCHED, word);
        }
    }

    fn fetched(&mut self, context: &mut Context<'_>, epoch: u32, partition: u32) {
        let lane = &mut self.topic.partitions[partition as usize];
        if lane.fetched(epoch, &self.topic.brokers) {
            self.show(context, partition, None);
        }
        self.fetch(context, partition);
        self.write_markers(context);
        self.send_pending(context);
        self.answer_asks(context);
        self.look_at_requests(context);
    }

    /// Something more can be read in a partition; `new`, if it is known to be the last there.
    #[inline]
    pub(super) fn show(
        &mut self,
        context: &mut Context<'_>,
        partition: u32,
        new: Option<&Message>,
    ) {
        for group in &mut self.groups {
            group.can_read(context, &self.topic, &self.settings, (partition, new));
        }
        for share in &mut self.shares {
            share.serve(context, &self.topic, &self.settings);
        }
        if !self.readers.is_empty() {
            self.feed_all(context);
        }
        self.gauge(context);
    }

    /// Sets the depth to the lag of the group that is furthest behind.
    #[inline]
    pub(super) fn gauge(&self, context: &mut Context<'_>) {
        let lags = self.groups.iter().map(|group| group.lag);
        let shared = self.shares.iter().map(|share| share.lag);
        let most = lags.chain(shared).max().unwrap_or(0);
        context.set_depth(most as usize);
        if context.watches_lags() {
            self.tell_lags(context, most);
        }
    }

    #[inline(never)]
    fn tell_lags(&self, context: &mut Context<'_>, most: u64) {
        context.tell_lag("", most);
        for group in &self.groups {
            context.tell_lag(&group.name, group.lag);
        }
        for share in &self.shares {
            context.tell_lag(&share.name, share.lag);
        }
    }

    /// Appends what was held back, as far as brokers take it now.
    pub(super) fn send_pending(&mut self, context: &mut Context<'_>) {
        if self.pending.is_empty() {
            return;
        }
        for held in std::mem::take(&mut self.pending) {
            if self.is_open(held.partition, held.word != 0) {
                let (partition, word) = (held.partition, held.word);
                self.append(context, &held.message, (partition, word), true);
                let end = self.topic.partitions[held.partition as usize].store.end();
                self.asks.appended(held.message.id, end.saturating_sub(1));
            } else {
                self.pending.push_back(held);
            }
        }
    }

    /// Clients give up what no broker took in time.
    fn give_up(&mut self, context: &mut Context<'_>) {
        let timeout = self.settings.delivery_timeout;
        while let Some(oldest) = self.pending.front()
            && oldest.since.after(timeout) <= context.now()
        {
            context.record_waiting(What::Dropped, &oldest.message, Reason::NoLeader);
            self.asks.settle(context, oldest.message.id, false);
            self.pending.pop_front();
        }
        let oldest = self.pending.front().map(|oldest| oldest.since);
        self.gives_up = oldest.is_some();
        if let Some(oldest) = oldest {
            context.wake_at(oldest.after(timeout), GIVE_UP, 0);
        }
    }

    fn clear(&mut self, context: &mut Context<'_>) {
        self.abort_those_without(context, &[]);
        for held in std::mem::take(&mut self.pending) {
            context.record_waiting(What::Dropped, &held.message, Reason::Removal);
        }
        self.clear_clients(context);
        let Topic {
            partitions, labels, ..
        } = std::mem::take(&mut self.topic);
        for lane in &partitions {
            for (_, record) in lane.store.iter() {
                context.record_stored(What::Dropped, &labels.message(record), Reason::Removal);
            }
        }
        self.groups.clear();
        self.shares.clear();
        self.seats.clear();
        self.readers.clear();
        self.asks = Asks::default();
        self.transactions = Transactions::default();
        context.set_depth(0);
    }
}

impl Behaviour for PartitionedLog {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.post_transactions(context);
        self.topic.fit(&self.settings);
        self.fit_clients();
        self.look_at_brokers(context);
    }

    #[inline]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let message = arrival.message;
        let now = context.now();
        context.metrics().arrivals.count(now);
        if self.settings.cleanup != Cleanup::Delete && message.key == Key::default() {
            return context.record_because(What::Dropped, message, Reason::NoKey);
        }
        if self.by_batches {
            return self.produce(context, arrival, None);
        }
        let partition = self.topic.choose(context, &self.settings, message);
        self.take(context, message, (partition, 0));
    }

    fn receive_asked(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        self.take_asked(context, arrival);
    }

    #[inline]
    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        match signal {
            Signal::Ack(message) => self.settled(context, link, message),
            Signal::Nack { message, requeue } => match requeue {
                true => self.again(context, link, message),
                false => self.rejected(context, link, message),
            },
            Signal::Subscribe { prefetch, session } => {
                self.subscribe(context, (link, prefetch, session));
            }
            Signal::Closed => self.closed(context, link),
            Signal::Take { most, hide } => self.take_from_share(context, link, (most, hide)),
            Signal::Extend { message, time } => {
                self.extend_in_share(context, (link, message), time);
            }
            Signal::CatchUp { from, credit } => self.catch_up(context, (link, from, credit)),
            Signal::Applied { position } => self.applied(context, link, position),
            Signal::Transacted { message, number } => {
                self.transacted(context, link, (number, message));
            }
            Signal::EndTransaction {
                number,
                count,
                commit,
            } => self.end_transaction(context, link, (number, count, commit)),
            Signal::Enlisted { transaction } => self.enlisted(context, link, transaction),
            Signal::Decided {
                transaction,
                committed,
            } => self.decided(context, transaction, committed),
            _ => context.record_node(What::Ignored),
        }
    }

    #[inline]
    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        let number = word as u32 as usize;
        match tag {
            FETCHED => self.fetched(context, (word >> 32) as u32, word as u32),
            TEND => self.tend(context, number),
            POLLS => self.miss_stuck(context, number),
            COMMIT => self.commit(context, number),
            MISSED => self.miss_broker(context, number),
            CHECK => self.check(context),
            EXPIRE => self.expire(context, word),
            LENT => self.check_lent(context, number),
            CLIENT => self.wake_client(context, number),
            CLIENT_GIVES_UP => self.give_up_batches(context, number),
            _ => self.give_up(context),
        }
    }

    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
        self.post_transactions(context);
        self.topic.fit(&self.settings);
        self.fit_clients();
        // Groups have to know of new partitions before there is something to read in them.
        self.fit_groups(context);
        self.look_at_brokers(context);
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        match fault {
            Fault::Crash if !self.down => {
                self.down = true;
                context.record_node(What::Crashed);
                self.look_at_brokers(context);
            }
            Fault::Restart if self.down => {
                self.down = false;
                context.record_node(What::Restarted);
                self.look_at_brokers(context);
            }
            Fault::Remove => self.clear(context),
            _ => {}
        }
    }

    fn operate(&mut self, context: &mut Context<'_>, operation: Operation) {
        self.operate_by_hand(context, &operation);
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        let there: Vec<LinkIndex> = (0..context.outgoing_count())
            .map(|n| context.outgoing(n))
            .filter(|link| context.role(*link) == Role::Delivers.number())
            .collect();
        self.forget_readers(context);
        self.abort_those_without(context, &there);
        let now = context.now();
        for place in 0..self.seats.len() {
            let link = LinkIndex(place as u32);
            if !context.is_up(link) {
                // Its answers do not come, so nobody waits for them.
                self.seats[place].stray_no_more();
            }
            let Some((group, n)) = self.member(link) else {
                continue;
            };
            let group_of_it = &mut self.groups[group];
            if !there.contains(&link) {
                self.seats[place].is_taken = false;
                group_of_it.leave(n, now, &self.settings);
            } else if !context.is_up(link) {
                group_of_it.fall_silent(n, now, &self.settings);
                group_of_it.members[n].in_hand.clear();
            }
            self.tend(context, group);
        }
        self.relink_sharers(context, &there);
    }

    fn loan(&self, message: MessageId) -> Option<Loan> {
        self.loan_of(message)
    }

    fn holdings(&self) -> Holdings {
        let lanes = self.topic.partitions.iter();
        Holdings {
            waiting: self.held_back_count(),
            in_flight: 0,
            stored: lanes.map(|lane| lane.store.count()).sum(),
        }
    }

    fn bytes(&self) -> usize {
        let lanes = self.topic.partitions.iter();
        let cursors = self.groups.iter().map(|group| group.cursors.len());
        let of = |lane: &Partition| lane.store.own_bytes() + lane.unstable.own_bytes();
        lanes.map(of).sum::<usize>()
            + cursors.sum::<usize>() * size_of::<super::group::Cursor>()
            + self.pending.len() * size_of::<Pending>()
            + self.clients.bytes()
            + self.asks.bytes()
            + self.transactions.bytes()
            + self.shares.iter().map(ShareGroup::bytes).sum::<usize>()
            + self.reader_bytes()
    }
}
