//! Who takes part in groups that share records, and what they say along their links.

use std::collections::VecDeque;

use super::{Consumer, Place, ShareGroup};
use crate::engine::{Context, LinkIndex, Loan, MessageId, Reason, SeekTo, Signal, What};
use crate::nodes::log::behaviour::PartitionedLog;
use crate::nodes::log::group::Cursor;
use crate::nodes::log::settings::{Rules, Sharing};
use crate::units::{SimDuration, SimTime};

impl PartitionedLog {
    /// The group that shares records, and the place in it of the consumer at a link.
    fn sharer(&self, link: LinkIndex) -> Option<(usize, usize)> {
        let mut shares = self.shares.iter().enumerate();
        shares.find_map(|(number, share)| {
            let found = share.consumers.iter().position(|it| it.link == link)?;
            Some((number, found))
        })
    }

    /// The group of this name that shares records; it is made if there is none.
    fn share_called(&mut self, name: &str, rules: Rules) -> usize {
        let known = self.shares.iter().position(|share| share.name == name);
        let number = known.unwrap_or(self.shares.len());
        if known.is_none() {
            self.shares.push(ShareGroup {
                name: name.to_owned(),
                number: number as u32,
                is_used: false,
                reset: rules.reset,
                seek: rules.seek,
                wait: self.settings.ack_wait,
                consumers: Vec::new(),
                places: Vec::new(),
                lag: 0,
                open: 0,
                turn: 0,
                consumers_turn: 0,
                overdue_at: SimTime::MAX,
            });
        }
        let share = &mut self.shares[number];
        if !std::mem::replace(&mut share.is_used, true) {
            (share.reset, share.seek) = (rules.reset, rules.seek);
            share.wait = self.settings.ack_wait;
        }
        let partitions = self.topic.partitions.len();
        share.places.resize(partitions, Place::default());
        number
    }

    /// A consumer of a group that shares records says that it is there. What an earlier one had
    /// comes back.
    pub(in crate::nodes::log) fn subscribe_sharer(
        &mut self,
        context: &mut Context<'_>,
        (link, prefetch, session): (LinkIndex, u32, u32),
        (name, rules): (&str, Rules),
    ) {
        let number = self.share_called(name, rules);
        if self.sharer(link).is_some_and(|known| known.0 != number) {
            self.leave_share(context, link);
        }
        let share = &mut self.shares[number];
        share.begin(&self.topic);
        let known = share.consumers.iter().position(|it| it.link == link);
        let n = known.unwrap_or_else(|| {
            share.consumers.push(Consumer {
                link,
                session,
                prefetch,
                is_there: true,
                is_up: true,
                is_late: false,
                lent: VecDeque::new(),
            });
            share.consumers.len() - 1
        });
        let consumer = &mut share.consumers[n];
        let is_new = std::mem::replace(&mut consumer.session, session) != session;
        consumer.prefetch = prefetch;
        consumer.is_there = true;
        consumer.is_late = false;
        consumer.is_up = context.is_up(link);
        if is_new {
            self.return_all(context, (number, n));
        }
        self.serve_share(context, number);
    }

    /// A consumer takes no part any more, in good order.
    pub(in crate::nodes::log) fn leave_share(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
    ) {
        if let Some((number, n)) = self.sharer(link) {
            self.return_all(context, (number, n));
            self.shares[number].consumers.remove(n);
            self.serve_share(context, number);
        }
    }

    /// All that a consumer has is lent to nobody again.
    fn return_all(&mut self, context: &mut Context<'_>, (number, n): (usize, usize)) {
        let share = &mut self.shares[number];
        let lent = std::mem::take(&mut share.consumers[n].lent);
        let reason = Reason::ConsumerGone;
        share.give_back(context, (&self.topic, &self.settings), lent, reason);
    }

    pub(in crate::nodes::log) fn serve_share(&mut self, context: &mut Context<'_>, number: usize) {
        self.shares[number].serve(context, &self.topic, &self.settings);
        self.gauge(context);
    }

    /// A consumer is done with a record, or gives it up for the group. `false` if it shares none.
    pub(in crate::nodes::log) fn settled_in_share(
        &mut self,
        context: &mut Context<'_>,
        (link, message): (LinkIndex, MessageId),
        gives_up: bool,
    ) -> bool {
        let Some((number, n)) = self.sharer(link) else {
            return false;
        };
        let share = &mut self.shares[number];
        share.consumers[n].is_late = false;
        let is_his = share.settle(context, &self.topic, n, message, gives_up);
        let counts = is_his
            || (self.settings.late_acks
                && !gives_up
                && share.settle_late(context, &self.topic, message));
        if !counts {
            context.record_node(What::Ignored);
        }
        self.serve_share(context, number);
        true
    }

    /// A consumer gives a record back. `false` if it shares none.
    pub(in crate::nodes::log) fn returned_to_share(
        &mut self,
        context: &mut Context<'_>,
        (link, message): (LinkIndex, MessageId),
    ) -> bool {
        let Some((number, n)) = self.sharer(link) else {
            return false;
        };
        let share = &mut self.shares[number];
        share.consumers[n].is_late = false;
        match share.take_lent(n, message) {
            Some(lent) => {
                let log = (&self.topic, &self.settings);
                share.give_back(context, log, [lent], Reason::Rejected);
            }
            None => context.record_node(What::Ignored),
        }
        self.serve_share(context, number);
        true
    }

    /// A consumer takes so many now, whatever it subscribed to, and says how long they are waited
    /// for.
    pub(in crate::nodes::log) fn take_from_share(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        (most, hide): (u32, SimDuration),
    ) {
        let Some((number, n)) = self.sharer(link) else {
            return context.record_node(What::Ignored);
        };
        let share = &mut self.shares[number];
        let wait = match hide {
            SimDuration::MAX => share.wait,
            hide => Some(hide),
        };
        for _ in 0..most {
            match share.next_record(&self.topic, self.settings.max_unacked) {
                Some(next) => share.lend(context, n, next, wait),
                None => break,
            }
        }
        self.gauge(context);
    }

    /// A consumer asks for more time for a record.
    pub(in crate::nodes::log) fn extend_in_share(
        &mut self,
        context: &mut Context<'_>,
        (link, message): (LinkIndex, MessageId),
        time: SimDuration,
    ) {
        let until = context.now().after(time);
        if let Some((number, n)) = self.sharer(link) {
            let share = &mut self.shares[number];
            let mut lent = share.consumers[n].lent.iter_mut();
            if let Some(lent) = lent.find(|it| it.message == message) {
                lent.until = until;
                return share.plan(context, until);
            }
        }
        context.record_node(What::Ignored);
    }

    /// What was not acknowledged in time comes back.
    pub(in crate::nodes::log) fn check_lent(&mut self, context: &mut Context<'_>, number: usize) {
        if let Some(share) = self.shares.get_mut(number) {
            share.check_overdue(context, &self.topic, &self.settings);
            self.gauge(context);
        }
    }

    /// A consumer crashed. `false` if it shares no records.
    pub(in crate::nodes::log) fn sharer_closed(&mut self, link: LinkIndex) -> bool {
        let found = self.sharer(link);
        if let Some((number, n)) = found {
            self.shares[number].consumers[n].is_there = false;
        }
        found.is_some()
    }

    /// Links were removed, cut or mended. Without a time limit what got lost on a link that was cut
    /// is lent anew when it is mended.
    pub(in crate::nodes::log) fn relink_sharers(
        &mut self,
        context: &mut Context<'_>,
        there: &[LinkIndex],
    ) {
        for number in 0..self.shares.len() {
            for n in (0..self.shares[number].consumers.len()).rev() {
                let Consumer { link, is_up, .. } = self.shares[number].consumers[n];
                if !there.contains(&link) {
                    self.leave_share(context, link);
                    continue;
                }
                let is_mended = !is_up && context.is_up(link);
                self.shares[number].consumers[n].is_up = context.is_up(link);
                if is_mended && self.shares[number].wait.is_none() {
                    self.return_all(context, (number, n));
                }
            }
            self.serve_share(context, number);
        }
    }

    /// How a record stands that is lent.
    pub(in crate::nodes::log) fn loan_of(&self, message: MessageId) -> Option<Loan> {
        self.shares.iter().find_map(|share| {
            let of = |it: &Consumer| {
                let lent = it.lent.iter().find(|lent| lent.message == message)?;
                Some((it.link, *lent))
            };
            let (link, lent) = share.consumers.iter().find_map(of)?;
            let place = &share.places[lent.partition as usize];
            let attempt = place.open[place.find(lent.offset)?].attempt;
            Some(Loan {
                link,
                attempt,
                until: lent.until,
            })
        })
    }

    /// Settings changed: for groups that share records, and for those that do no more.
    pub(in crate::nodes::log) fn fit_shares(&mut self, context: &mut Context<'_>) {
        for number in 0..self.shares.len() {
            let share = &mut self.shares[number];
            let rules = self.settings.rules(&share.name);
            if !share.is_used {
                continue;
            }
            if rules.sharing == Sharing::Partitions {
                self.share_partitions(context, number);
                continue;
            }
            share.reset = rules.reset;
            let seek = std::mem::replace(&mut share.seek, rules.seek) != rules.seek;
            share.begin(&self.topic);
            self.wait_anew(context, number);
            if let Some(to) = rules.seek.filter(|_| seek) {
                self.seek_share(number, to.into());
            }
            self.serve_share(context, number);
        }
    }

    /// What is lent is waited for as long as the settings say now.
    fn wait_anew(&mut self, context: &mut Context<'_>, number: usize) {
        let share = &mut self.shares[number];
        let before = std::mem::replace(&mut share.wait, self.settings.ack_wait);
        if before == share.wait {
            return;
        }
        let (wait, now) = (share.wait, context.now());
        for lent in share.consumers.iter_mut().flat_map(|it| &mut it.lent) {
            let since = match before {
                Some(before) => SimTime::from_nanos(lent.until.nanos() - before.nanos()),
                None => now,
            };
            lent.until = wait.map_or(SimTime::MAX, |wait| since.after(wait));
        }
        share.overdue_at = now;
        self.check_lent(context, number);
    }

    /// A group goes to another place, and reads on from there.
    pub(in crate::nodes::log) fn seek_share(&mut self, number: usize, to: SeekTo) {
        for partition in 0..self.topic.partitions.len() as u32 {
            if let Some(offset) = self.place_in(partition, to) {
                self.shares[number].go_to(&self.topic, partition, offset);
            }
        }
    }

    /// The consumers of a group share records from now on, beginning with what is not committed.
    pub(in crate::nodes::log) fn share_records(
        &mut self,
        context: &mut Context<'_>,
        number: usize,
    ) {
        let of = self.topic.partitions.len() as u32;
        let sitting = self.stand_up(number);
        for (link, ..) in &sitting {
            // Nobody is without a partition where there is nothing to own.
            let partitions = of;
            context.signal(*link, Signal::Owns { partitions, of });
        }
        let group = &mut self.groups[number];
        let (name, rules) = (group.name.clone(), group.rules);
        let cursors = group.forget();
        let share = self.share_called(&name, rules);
        let share = &mut self.shares[share];
        for (place, cursor) in share.places.iter_mut().zip(cursors) {
            if cursor.has_begun {
                place.reached = cursor.reached;
                place.rewinds = cursor.rewinds;
                place.go_to(cursor.committed);
                place.first = cursor.first;
            }
        }
        share.count(&self.topic);
        for seat in sitting {
            self.subscribe_sharer(context, seat, (&name, rules));
        }
    }

    /// The consumers of a group share partitions from now on.
    fn share_partitions(&mut self, context: &mut Context<'_>, number: usize) {
        let share = &mut self.shares[number];
        share.is_used = false;
        let (places, consumers) = (
            std::mem::take(&mut share.places),
            std::mem::take(&mut share.consumers),
        );
        share.count(&self.topic);
        let name = share.name.clone();
        let group = self.group_called(name, context.now());
        for (cursor, place) in self.groups[group].cursors.iter_mut().zip(&places) {
            if place.has_begun {
                let (floor, again) = (place.floor(), place.floor() < place.reached);
                *cursor = Cursor {
                    position: floor,
                    committed: floor,
                    has_begun: true,
                    has_committed: true,
                    reached: place.reached,
                    first: place.first,
                    rewinds: place.rewinds.saturating_add(u16::from(again)),
                    ..Cursor::NEW
                };
            }
        }
        self.groups[group].count_lag(&self.topic);
        for consumer in consumers.into_iter().filter(|it| it.is_there) {
            let Consumer {
                link,
                prefetch,
                session,
                ..
            } = consumer;
            self.subscribe(context, (link, prefetch, session));
        }
        self.gauge(context);
    }
}
