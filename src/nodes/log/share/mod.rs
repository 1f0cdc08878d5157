//! A consumer group that shares records, and no partitions: whoever is free gets the next one.
//!
//! There is no assignment and no rebalance, and no order is kept. A record is lent to one consumer
//! at a time. When it is not acknowledged in time, or comes back, it is lent again, until it was
//! lent as often as it may be; then the group goes on without it, and it stays in the log. That is
//! what a consumer of NATS JetStream does (`ack_wait`, `max_deliver`, `max_ack_pending`), a share
//! group of Apache Kafka (KIP-932: a lock on each record, and a limit of deliveries), and a group
//! of a Redis stream, where somebody must claim what was pending for too long (`XAUTOCLAIM`). None
//! of them has dead letters for it. Nobody hears of a crash: its records come back when their time
//! is over, or when the consumer is there again.
//!
//! How far the group is in a partition is the first offset that is not acknowledged. Its lag is all
//! that is not: what was never lent, and what was and is open. It sees all records, also those of
//! transactions that are open or were aborted.

mod members;
mod told;

use std::collections::VecDeque;

use super::behaviour::LENT;
use super::cluster::Partition;
use super::settings::{Reset, Seek, Settings};
use super::topic::Topic;
use crate::engine::{Context, Handed, LinkIndex, Message, MessageId, Reason, What};
use crate::units::{SimDuration, SimTime};

/// A running group that shares records.
#[derive(Clone, Debug)]
pub(super) struct ShareGroup {
    pub(super) name: String,
    number: u32,
    /// Whether the group shares records now: it can be told to share partitions.
    pub(super) is_used: bool,
    reset: Reset,
    seek: Option<Seek>,
    /// How long what is lent now is waited for.
    wait: Option<SimDuration>,
    pub(super) consumers: Vec<Consumer>,
    /// One for each partition.
    pub(super) places: Vec<Place>,
    /// Records that are there and not acknowledged.
    pub(super) lag: u64,
    /// Records that were lent and are not acknowledged.
    pub(super) open: u32,
    /// The partition and the consumer whose turn it is.
    turn: usize,
    consumers_turn: usize,
    /// When it is next looked for what is overdue.
    overdue_at: SimTime,
}

/// A consumer.
#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub(super) link: LinkIndex,
    session: u32,
    /// Most records that it has in hand.
    pub(super) prefetch: u32,
    /// Whether it takes part, and whether its link is up.
    is_there: bool,
    is_up: bool,
    /// Whether it had something for too long, and has not answered since: others come first.
    is_late: bool,
    pub(super) lent: VecDeque<Lent>,
}

/// A record that a consumer has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lent {
    pub(super) message: MessageId,
    pub(super) partition: u32,
    pub(super) offset: u64,
    /// Until when it is to be acknowledged.
    until: SimTime,
}

/// How far a group is in a partition.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) has_begun: bool,
    /// Where it began, or was sent back to: what lies before was never read.
    first: u64,
    /// The offset of the next record that was never lent.
    pub(super) next: u64,
    /// What was lent and is not acknowledged, in order.
    pub(super) open: VecDeque<Open>,
    /// How many of them are lent to nobody.
    pub(super) back: u32,
    /// All before this offset was lent at least once, some of it again so many times by a seek.
    reached: u64,
    rewinds: u16,
}

/// A record that was lent and is not acknowledged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) offset: u64,
    attempt: u16,
    /// How often it was lent since the group came here.
    tries: u16,
    pub(super) is_lent: bool,
}

impl Consumer {
    fn is_free(&self) -> bool {
        self.is_there && self.is_up && (self.lent.len() as u64) < u64::from(self.prefetch)
    }
}

impl Place {
    /// The first offset that is not acknowledged.
    pub(super) fn floor(&self) -> u64 {
        self.open.front().map_or(self.next, |open| open.offset)
    }

    /// Whether a record is read here for good, or is none of the group's.
    pub(super) fn is_done(&self, offset: u64) -> bool {
        !self.has_begun || (offset < self.next && self.find(offset).is_none())
    }

    fn find(&self, offset: u64) -> Option<usize> {
        self.open.binary_search_by_key(&offset, |it| it.offset).ok()
    }

    fn go_to(&mut self, offset: u64) {
        self.first = match self.has_begun {
            true => self.first.min(offset),
            false => offset,
        };
        self.has_begun = true;
        self.open.clear();
        self.back = 0;
        self.next = offset;
        if offset < self.reached {
            self.rewinds = self.rewinds.saturating_add(1);
        }
    }
}

impl ShareGroup {
    /// Lends what can be read to whoever is free.
    #[inline(never)]
    pub(super) fn serve(&mut self, context: &mut Context<'_>, topic: &Topic, settings: &Settings) {
        while let Some(n) = self.free_consumer()
            && let Some((lent, message)) = self.next_record(topic, settings.max_unacked)
        {
            self.lend(context, n, (lent, message), self.wait);
        }
    }

    fn free_consumer(&self) -> Option<usize> {
        let all = self.consumers.len();
        let turns = (0..all).map(|n| (self.consumers_turn + n) % all);
        let mut free = turns.filter(|n| self.consumers[*n].is_free());
        let first = free.next()?;
        match self.consumers[first].is_late {
            true => free.find(|n| !self.consumers[*n].is_late).or(Some(first)),
            false => Some(first),
        }
    }

    /// Lends a record to a consumer. One that does not take it is done with it at once.
    fn lend(
        &mut self,
        context: &mut Context<'_>,
        n: usize,
        (mut lent, message): (Lent, Message),
        wait: Option<SimDuration>,
    ) {
        let consumer = &mut self.consumers[n];
        let link = consumer.link;
        if !context.takes(link, message.event_type) {
            self.close(lent.partition, lent.offset);
            return;
        }
        let now = context.now();
        lent.until = wait.map_or(SimTime::MAX, |wait| now.after(wait));
        consumer.lent.push_back(lent);
        self.consumers_turn = n + 1;
        context.record(What::Delivered, &message);
        context.hand(link, &message, Handed::Lent, u64::from(consumer.session));
        self.plan(context, lent.until);
    }

    /// The next record to be lent: one that came back, or one that was never lent as long as not
    /// too many are open. Partitions take turns.
    fn next_record(&mut self, topic: &Topic, most: u32) -> Option<(Lent, Message)> {
        for _ in 0..self.places.len() {
            let n = self.turn % self.places.len();
            self.turn = n + 1;
            let lane = &topic.partitions[n];
            let offset = self.next_back(n, lane).or_else(|| {
                let is_open = self.open < most;
                is_open.then(|| self.next_new(n, lane)).flatten()
            });
            if let Some(at) = offset
                && let Some((offset, record)) = lane.store.from(self.places[n].open[at].offset)
            {
                let mut message = topic.labels.message(record);
                message.attempt = self.places[n].open[at].attempt;
                let lent = Lent {
                    message: message.id,
                    partition: n as u32,
                    offset,
                    until: SimTime::MAX,
                };
                return Some((lent, message));
            }
        }
        None
    }

    /// The first record of a partition that came back. Those that the log does not have any more
    /// are forgotten.
    fn next_back(&mut self, n: usize, lane: &Partition) -> Option<usize> {
        let readable = lane.readable();
        while self.places[n].back > 0 {
            let place = &mut self.places[n];
            let is_next = |it: &Open| !it.is_lent && it.offset < readable;
            let at = place.open.iter().position(is_next)?;
            let open = &mut place.open[at];
            if lane.store.from(open.offset).map(|found| found.0) == Some(open.offset) {
                open.is_lent = true;
                open.attempt = open.attempt.saturating_add(1);
                open.tries = open.tries.saturating_add(1);
                place.back -= 1;
                return Some(at);
            }
            let offset = open.offset;
            self.close(n as u32, offset);
        }
        None
    }

    /// The next record of a partition that was never lent.
    fn next_new(&mut self, n: usize, lane: &Partition) -> Option<usize> {
        let place = &mut self.places[n];
        let Some((offset, _)) = lane.store.from(place.next) else {
            // Nothing but control markers is left.
            let end = lane.readable();
            if place.has_begun && end > place.next {
                self.lag = self.lag.saturating_sub(end - place.next);
                place.next = end;
            }
            return None;
        };
        if offset >= lane.readable() || !place.has_begun {
            return None;
        }
        self.lag = self.lag.saturating_sub(offset - place.next);
        place.next = offset + 1;
        let known = offset < place.reached;
        place.reached = place.reached.max(offset + 1);
        place.open.push_back(Open {
            offset,
            attempt: if known {
                place.rewinds.saturating_add(1)
            } else {
                1
            },
            tries: 1,
            is_lent: true,
        });
        self.open += 1;
        Some(place.open.len() - 1)
    }

    /// A record is done with: acknowledged, given up, or gone.
    fn close(&mut self, partition: u32, offset: u64) -> Option<Open> {
        let place = &mut self.places[partition as usize];
        let at = place.find(offset)?;
        let open = place.open.remove(at)?;
        place.back -= u32::from(!open.is_lent);
        self.open -= 1;
        self.lag = self.lag.saturating_sub(1);
        Some(open)
    }

    /// A consumer is done with a record. `false` if it is not his.
    #[inline(never)]
    fn settle(
        &mut self,
        context: &mut Context<'_>,
        topic: &Topic,
        n: usize,
        message: MessageId,
        gives_up: bool,
    ) -> bool {
        let Some(lent) = self.take_lent(n, message) else {
            return false;
        };
        let (what, reason) = match gives_up {
            true => (What::Skipped, Reason::Rejected),
            false => (What::Committed, Reason::None),
        };
        if let Some(open) = self.close(lent.partition, lent.offset) {
            note(context, topic, (lent.partition, open), what, reason);
        }
        true
    }

    fn take_lent(&mut self, n: usize, message: MessageId) -> Option<Lent> {
        let lent = &mut self.consumers[n].lent;
        let at = lent.iter().position(|it| it.message == message)?;
        lent.remove(at)
    }

    /// An acknowledgement came for a record that is lent to somebody else by now, or to nobody.
    fn settle_late(
        &mut self,
        context: &mut Context<'_>,
        topic: &Topic,
        message: MessageId,
    ) -> bool {
        let found =
            (0..self.consumers.len()).any(|n| self.settle(context, topic, n, message, false));
        if found {
            return true;
        }
        let is_it = |partition: usize, open: &Open| {
            let found = topic.partitions[partition].store.from(open.offset);
            !open.is_lent && found.is_some_and(|(_, record)| record.id() == message)
        };
        let mut places = self.places.iter().enumerate();
        let found = places.find_map(|(n, place)| {
            let open = place.open.iter().find(|open| is_it(n, open))?;
            Some((n as u32, *open))
        });
        if let Some((partition, open)) = found {
            self.close(partition, open.offset);
            note(
                context,
                topic,
                (partition, open),
                What::Committed,
                Reason::None,
            );
        }
        found.is_some()
    }

    /// Records are lent to nobody again; those go that were lent as often as they may be.
    fn give_back(
        &mut self,
        context: &mut Context<'_>,
        (topic, settings): (&Topic, &Settings),
        all: impl IntoIterator<Item = Lent>,
        reason: Reason,
    ) {
        for lent in all {
            let place = &mut self.places[lent.partition as usize];
            let Some(at) = place.find(lent.offset) else {
                continue;
            };
            let open = &mut place.open[at];
            open.is_lent = false;
            place.back += 1;
            let open = *open;
            let most = settings.max_deliveries.unwrap_or(u32::MAX);
            if u32::from(open.tries) >= most {
                self.close(lent.partition, lent.offset);
                note(
                    context,
                    topic,
                    (lent.partition, open),
                    What::Skipped,
                    Reason::Attempts,
                );
            } else {
                note(
                    context,
                    topic,
                    (lent.partition, open),
                    What::GivenBack,
                    reason,
                );
            }
        }
    }

    /// What was not acknowledged in time comes back.
    pub(super) fn check_overdue(
        &mut self,
        context: &mut Context<'_>,
        topic: &Topic,
        settings: &Settings,
    ) {
        let now = context.now();
        if now < self.overdue_at {
            return;
        }
        self.overdue_at = SimTime::MAX;
        let mut overdue = Vec::new();
        for consumer in &mut self.consumers {
            let lent = std::mem::take(&mut consumer.lent).into_iter();
            let (late, rest) = lent.partition::<VecDeque<Lent>, _>(|it| it.until <= now);
            consumer.lent = rest;
            consumer.is_late |= !late.is_empty();
            overdue.extend(late);
        }
        self.give_back(context, (topic, settings), overdue, Reason::Timeout);
        let lent = self.consumers.iter().flat_map(|it| &it.lent);
        if let Some(next) = lent.map(|it| it.until).min() {
            self.plan(context, next);
        }
        self.serve(context, topic, settings);
    }

    /// Looks for what is overdue at a moment, unless it is done earlier.
    fn plan(&mut self, context: &mut Context<'_>, at: SimTime) {
        if at < self.overdue_at {
            self.overdue_at = at;
            context.wake_at(at, LENT, u64::from(self.number));
        }
    }

    /// A record was added to a partition.
    #[inline]
    pub(super) fn grow(&mut self, partition: u32) {
        let place = self.places.get(partition as usize);
        self.lag += u64::from(place.is_some_and(|place| place.has_begun));
    }

    /// Begins in all partitions where it is not yet.
    fn begin(&mut self, topic: &Topic) {
        self.places.resize(topic.partitions.len(), Place::default());
        for (place, lane) in self.places.iter_mut().zip(&topic.partitions) {
            if !place.has_begun {
                place.go_to(match self.reset {
                    Reset::Earliest => lane.store.start(),
                    Reset::Latest => lane.high(),
                });
            }
        }
        self.count(topic);
    }

    /// Goes to an offset of a partition. What consumers have of it counts no more.
    pub(super) fn go_to(&mut self, topic: &Topic, partition: u32, offset: u64) {
        for consumer in &mut self.consumers {
            consumer.lent.retain(|lent| lent.partition != partition);
        }
        self.places[partition as usize].go_to(offset);
        self.count(topic);
    }

    /// Forgets what the log does not have any more: what was cut off at once, what was too old when
    /// nobody works on it.
    pub(super) fn fit_to(&mut self, topic: &Topic) {
        for (n, (place, lane)) in self.places.iter_mut().zip(&topic.partitions).enumerate() {
            let (start, end) = (lane.store.start(), lane.store.end());
            for consumer in &mut self.consumers {
                let stays = |it: &Lent| it.partition as usize != n || it.offset < end;
                consumer.lent.retain(stays);
            }
            let stays = |it: &Open| it.offset < end && (it.is_lent || it.offset >= start);
            place.open.retain(stays);
            place.back = place.open.iter().filter(|it| !it.is_lent).count() as u32;
            place.next = place.next.clamp(start, end);
            place.reached = place.reached.min(end);
        }
        self.count(topic);
    }

    /// Counts anew what is not acknowledged.
    fn count(&mut self, topic: &Topic) {
        let pairs = self.places.iter().zip(&topic.partitions);
        let begun = pairs.filter(|(place, _)| place.has_begun);
        self.open = self.places.iter().map(|it| it.open.len() as u32).sum();
        let new = begun.map(|(place, lane)| lane.store.end().saturating_sub(place.next));
        self.lag = new.sum::<u64>() + u64::from(self.open);
    }

    /// Bytes of it, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.open as usize * (size_of::<Open>() + size_of::<Lent>())
            + self.places.len() * size_of::<Place>()
    }
}

/// Records what became of a record, if the log has it still.
fn note(
    context: &mut Context<'_>,
    topic: &Topic,
    (partition, open): (u32, Open),
    what: What,
    reason: Reason,
) {
    let found = topic.partitions[partition as usize].store.from(open.offset);
    if let Some((_, record)) = found.filter(|found| found.0 == open.offset) {
        let mut message = topic.labels.message(record);
        message.attempt = open.attempt;
        context.record_because(what, &message, reason);
    }
}
