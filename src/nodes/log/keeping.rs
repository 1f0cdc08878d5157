//! What happens without anybody asking: brokers are missed, elections, retention, compaction.

use super::behaviour::{CHECK, MISSED, PartitionedLog};
use super::cluster::{Broker, Partition};
use super::settings::{Acks, Cleanup};
use crate::engine::{Context, EventType, Message, Reason, What};
use crate::units::SimTime;

impl PartitionedLog {
    /// Brokers were stopped, cut off, or are there again.
    pub(super) fn look_at_brokers(&mut self, context: &mut Context<'_>) {
        for (n, number) in (0..self.topic.brokers.len()).zip(1..) {
            let before = self.topic.brokers[n];
            let mut broker = Broker {
                stopped: self.down || self.settings.stopped.contains(&number),
                cut_off: self.settings.cut_off.contains(&number),
                missed: before.missed,
            };
            broker.missed &= !broker.is_there();
            self.topic.brokers[n] = broker;
            if !broker.is_there() && before.is_there() {
                context.wake_after(self.settings.broker_timeout, MISSED, n as u64);
            }
        }
        self.reconsider(context);
    }

    /// The controller has not heard of a broker for too long.
    pub(super) fn miss_broker(&mut self, context: &mut Context<'_>, n: usize) {
        // If all are down there is no controller either.
        if let Some(broker) = self.topic.brokers.get_mut(n)
            && !broker.is_there()
            && !self.down
        {
            broker.missed = true;
            self.reconsider(context);
        }
    }

    /// Finds out who leads each partition, and what is lost by it.
    fn reconsider(&mut self, context: &mut Context<'_>) {
        for n in 0..self.topic.partitions.len() as u32 {
            let lane = &mut self.topic.partitions[n as usize];
            let high = lane.high();
            let elected = lane.reconsider(&self.topic.brokers, self.settings.unclean_election);
            if let Some(end) = elected {
                context.record_node(What::Elected);
                self.cut_off(context, n, end, high);
            }
            // Only a leader that runs moves its high watermark.
            let lane = &mut self.topic.partitions[n as usize];
            if lane.is_served() {
                lane.advance();
            }
            self.fetch(context, n);
            self.show(context, n, None);
        }
        self.write_markers(context);
        self.send_pending(context);
        self.answer_asks(context);
        self.tend_clients(context);
    }

    /// Another broker leads, and has what lies before `end`. Clients that were told nothing yet,
    /// which is all from `high` on with acks=all, send again.
    fn cut_off(&mut self, context: &mut Context<'_>, n: u32, end: u64, high: u64) {
        let lane = &mut self.topic.partitions[n as usize];
        let labels = &self.topic.labels;
        let mut gone: Vec<(u64, Message, u64)> = Vec::new();
        let unstable = &lane.unstable;
        let mut was_over = Vec::new();
        lane.store.truncate(end, |offset, record| {
            let transaction = unstable.open_at(offset);
            let word = transaction.map_or(0, |transaction| transaction.word());
            if word == 0 && unstable.has(offset) {
                was_over.push(offset);
            }
            gone.push((offset, labels.message(record), word));
        });
        gone.sort_unstable_by_key(|(offset, ..)| *offset);
        lane.unstable.cut(end);
        let all = self.settings.acks == Acks::All;
        if all && !self.settings.idempotent {
            // They are there, but nobody said so: they come a second time.
            let clients = &mut self.clients;
            let unstable = &lane.unstable;
            let mut is_untold =
                |offset| offset >= high && !clients.sends_again(n, offset) && !unstable.has(offset);
            let untold = lane.store.iter().filter(|(offset, _)| is_untold(*offset));
            let untold: Vec<Message> = untold.map(|(_, record)| labels.message(record)).collect();
            for message in untold {
                let mut again = context.copy(&message);
                again.duplicate = true;
                context.record(What::Queued, &again);
                self.hold(context, &again, (n, 0));
            }
        }
        for (offset, message, word) in gone {
            let is_sent_again = (all || word != 0) && !was_over.contains(&offset);
            if is_sent_again && offset >= high {
                context.record_stored(What::Requeued, &message, Reason::NoLeader);
                if word != 0 || !self.clients.take_back(n, offset, &message) {
                    self.hold(context, &message, (n, word));
                }
            } else {
                context.record_stored(What::Dropped, &message, Reason::Truncated);
            }
        }
        self.asks.cut_off(n, end);
        self.clients.cut_off(n, end);
        self.find_out_of_range(context);
    }

    /// Groups whose place is no longer there go where they go without one.
    fn find_out_of_range(&mut self, context: &mut Context<'_>) {
        for group in &mut self.groups {
            for partition in 0..group.cursors.len() as u32 {
                let store = &self.topic.partitions[partition as usize].store;
                let range = store.start()..=store.end();
                let cursor = &mut group.cursors[partition as usize];
                cursor.reached = cursor.reached.min(store.end());
                if cursor.has_begun && !range.contains(&cursor.position) {
                    cursor.has_committed = false;
                    let owner = cursor.owner as usize;
                    group.drop_in_hand(partition);
                    group.begin(&self.topic, partition);
                    if owner < group.members.len() {
                        group.offer(owner, partition);
                    }
                } else if cursor.has_begun && !range.contains(&cursor.committed) {
                    cursor.committed = cursor.committed.clamp(store.start(), store.end());
                }
            }
            group.count_lag(&self.topic);
        }
        for number in 0..self.groups.len() {
            self.serve_all(context, number);
        }
        for number in 0..self.shares.len() {
            self.shares[number].fit_to(&self.topic);
            self.serve_share(context, number);
        }
        self.gauge(context);
    }

    /// Looks for old records after a while.
    #[inline(never)]
    pub(super) fn plan_check(&mut self, context: &mut Context<'_>) {
        self.checks = true;
        context.wake_after(self.settings.check_every, CHECK, 0);
    }

    /// Takes away what is old: whole segments, never the active one.
    pub(super) fn check(&mut self, context: &mut Context<'_>) {
        self.checks = false;
        let cleanup = self.settings.cleanup;
        for n in 0..self.topic.partitions.len() {
            if cleanup != Cleanup::Compact {
                while self.is_first_old(n, context.now()) {
                    self.drop_first(context, n);
                }
            }
            if cleanup != Cleanup::Delete {
                self.compact(context, n);
            }
        }
        self.find_out_of_range(context);
        let is_kept = |lane: &Partition| lane.store.count() > 0;
        if self.topic.partitions.iter().any(is_kept) {
            self.plan_check(context);
        }
    }

    fn is_first_old(&self, n: usize, now: SimTime) -> bool {
        let store = &self.topic.partitions[n].store;
        let (Some(latest), Some(first)) = (store.oldest_segment(), store.first_segment_count())
        else {
            return false;
        };
        let each = u64::from(self.settings.record_bytes);
        let is_old = |stays| latest.after(stays) < now;
        let is_much = |most| store.count().saturating_sub(first).saturating_mul(each) >= most;
        self.settings.retention.is_some_and(is_old)
            || self.settings.retention_bytes.is_some_and(is_much)
    }

    /// The first segment goes. It is no loss if every group has read it.
    fn drop_first(&mut self, context: &mut Context<'_>, n: usize) {
        let (groups, shares) = (&self.groups, &self.shares);
        let is_read = |offset: u64| {
            let mut cursors = groups.iter().map(|group| &group.cursors[n]);
            let mut places = shares.iter().filter_map(|share| share.places.get(n));
            cursors.all(|cursor| !cursor.has_begun || cursor.committed > offset)
                && places.all(|place| place.is_done(offset))
        };
        let labels = &self.topic.labels;
        self.topic.partitions[n]
            .store
            .drop_segment(|offset, record| {
                let message = labels.message(record);
                let what = if is_read(offset) {
                    What::Done
                } else {
                    What::Expired
                };
                context.record_stored(what, &message, Reason::Age);
            });
        let lane = &mut self.topic.partitions[n];
        lane.unstable.forget(lane.store.start());
    }

    /// Of each key the last record of the closed segments stays; tombstones for a while.
    fn compact(&mut self, context: &mut Context<'_>, n: usize) {
        let lane = &mut self.topic.partitions[n];
        let closed = lane.store.closed_records().count() as u64;
        let new = closed.saturating_sub(lane.cleaned);
        let needed = u64::from(self.settings.dirty_ratio.millionths());
        if new == 0 || new * 1_000_000 < closed * needed {
            return;
        }
        let tombstone = match self.settings.tombstone.as_str() {
            "" => None,
            name => Some(context.event_type(name)),
        };
        let now = context.now();
        let stays = self.settings.delete_retention;
        let is_over =
            |event: EventType, born: SimTime| Some(event) == tombstone && born.after(stays) <= now;
        // What is not stable is left alone, and what was aborted goes.
        let stable = lane.stable();
        let unstable = &lane.unstable;
        let counts = |offset: u64| offset < stable && !unstable.is_aborted(offset);
        let last = lane.store.last_of_keys(counts);
        let labels = &self.topic.labels;
        lane.cleaned = lane.store.compact(
            |offset, record| {
                offset >= stable
                    || last.get(&record.key) == Some(&offset)
                        && !is_over(labels.message(record).event_type, record.born())
            },
            |record| {
                context.record_stored(What::Done, &labels.message(record), Reason::Compacted);
            },
        );
        let is_there = |offset: u64| lane.store.from(offset).is_some_and(|it| it.0 == offset);
        lane.unstable.keep_aborted(is_there);
    }
}
