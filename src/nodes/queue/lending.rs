//! Lending with care: what is overdue, what comes back, who leaves, and who asks by itself.

use super::Requeue;
use super::behaviour::{From, Lent, OVERDUE, PLACE_STEP, Queue};
use super::consumers::Consumer;
use super::shelf::Waiting;
use crate::engine::{Context, Handed, LinkIndex, MessageId, Reason, Signal, What};
use crate::units::{SimDuration, SimTime};

impl Queue {
    /// Hands out what can be handed out, if messages or consumers differ.
    #[inline(never)]
    pub(super) fn serve_with_care(&mut self, context: &mut Context<'_>) {
        self.hand_out(context);
        self.check_room(context);
        self.plan_expiry(context);
        context.set_depth(self.ready.len() + self.later.len());
    }

    fn hand_out(&mut self, context: &mut Context<'_>) {
        while !self.down && !self.gone {
            if self.ready.front().is_none() {
                break;
            }
            // What may not be received any more goes when it would be, and is nobody's turn.
            if self.consumers.has_free() && self.front(context).is_none() {
                break;
            }
            let Some(chosen) = self.consumers.next() else {
                break;
            };
            if let Some(waiting) = self.pop(context) {
                self.lend(context, chosen, waiting, None);
            }
        }
    }

    /// The next message that may be handed out. What may not any more is given up first.
    fn front(&mut self, context: &mut Context<'_>) -> Option<Waiting> {
        loop {
            let front = *self.ready.front()?;
            let reason = match self.settings.max_receives {
                _ if self.is_expired(context, &front) => Reason::Age,
                Some(most) if u32::from(front.message.attempt) >= most => Reason::Attempts,
                _ => return Some(front),
            };
            if let Some(waiting) = self.pop(context) {
                self.give_up(context, waiting, From::Waiting, reason);
            }
        }
    }

    /// Takes the next message out.
    pub(super) fn pop(&mut self, context: &Context<'_>) -> Option<Waiting> {
        let popped = self.ready.pop()?;
        self.note_gone(context, &popped.message);
        Some(popped)
    }

    /// Hands a message that was taken out to a consumer.
    pub(super) fn lend(
        &mut self,
        context: &mut Context<'_>,
        chosen: usize,
        mut waiting: Waiting,
        hide: Option<SimDuration>,
    ) {
        let now = context.now();
        let message = &mut waiting.message;
        message.attempt = message.attempt.saturating_add(1);
        context.metrics().wait.record(now.since(message.since));
        context.record_waiting(What::Delivered, message, Reason::None);
        let Consumer {
            link,
            session,
            auto_ack,
            ..
        } = *self.consumers.get(chosen);
        if auto_ack {
            return context.hand(link, message, Handed::Over, u64::from(session));
        }
        self.consumers.note_lent(chosen);
        context.hand(link, message, Handed::Lent, u64::from(session));
        self.ready.note_lent(message.key, waiting.place);
        let timeout = hide.or(self.settings.ack_timeout);
        let until = timeout.map_or(SimTime::MAX, |timeout| now.after(timeout));
        let lent = Lent {
            waiting,
            link,
            until,
        };
        self.lent.push(lent);
        if hide == Some(SimDuration::ZERO) {
            // Whoever asked looked at it, and it stays where it was.
            self.take_back_where(context, Reason::Timeout, |lent| lent.until <= now);
        } else if until < self.overdue_at {
            self.plan_overdue(context, until);
        }
    }

    #[inline(never)]
    pub(super) fn plan_overdue(&mut self, context: &mut Context<'_>, at: SimTime) {
        self.overdue_at = at;
        context.wake_at(at, OVERDUE, 0);
    }

    /// Deliveries that are overdue come back; then the next one is waited for.
    pub(super) fn check_overdue(&mut self, context: &mut Context<'_>) {
        self.overdue_at = SimTime::MAX;
        let now = context.now();
        self.take_back_where(context, Reason::Timeout, |lent| lent.until <= now);
        let earliest = self.lent.iter().map(|lent| lent.until).min();
        if let Some(earliest) = earliest.filter(|at| *at < SimTime::MAX) {
            self.plan_overdue(context, earliest);
        }
    }

    /// What comes from a consumer, or from where dead letters go, other than an acknowledgement.
    #[inline(never)]
    pub(super) fn answer(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        match signal {
            Signal::Nack { message, requeue } => self.reject(context, link, message, requeue),
            Signal::Subscribe { prefetch, session } => {
                self.subscribe(context, link, prefetch, session);
            }
            Signal::Closed => self.forget(context, link),
            Signal::Take { most, hide } => {
                let hide = Some(hide).filter(|hide| *hide != SimDuration::MAX);
                self.hand_to(context, link, most, hide);
            }
            Signal::Extend { message, time } => self.extend(context, link, message, time),
            Signal::Confirmed(copy) => self.redriven(context, link, copy, true),
            Signal::Unconfirmed(copy) | Signal::Returned(copy) => {
                self.redriven(context, link, copy, false);
            }
            _ => context.record_node(What::Ignored),
        }
    }

    fn reject(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        message: MessageId,
        requeue: bool,
    ) {
        let Some(found) = self.find_lent(link, message) else {
            return context.record_node(What::Ignored);
        };
        // In the order in which they were lent, some come back.
        let waiting = self.lent.remove(found).waiting;
        self.consumers.release(link);
        if requeue {
            self.take_back(context, waiting, Reason::Rejected);
        } else {
            let key = waiting.message.key;
            self.ready.note_settled(key, waiting.place);
            self.give_up(context, waiting, From::Hand, Reason::Rejected);
        }
    }

    /// A delivery is settled for good.
    pub(super) fn settle_with_care(&mut self, found: usize) {
        let Lent { waiting, link, .. } = self.lent.remove(found);
        let key = waiting.message.key;
        self.ready.note_settled(key, waiting.place);
        self.consumers.release(link);
    }

    /// An answer for what is not lent (any more) to who gives it.
    #[inline(never)]
    pub(super) fn acknowledge_late(&mut self, context: &mut Context<'_>, message: MessageId) {
        let is_it = |other: &crate::engine::Message| other.id == message;
        if self.settings.late_ack {
            if let Some(waiting) = self.ready.remove(is_it) {
                self.note_gone(context, &waiting.message);
                return context.record_waiting(What::Acked, &waiting.message, Reason::None);
            }
            let lent = |lent: &Lent| is_it(&lent.waiting.message);
            if let Some(found) = self.lent.iter().position(lent) {
                context.record(What::Acked, &self.lent[found].waiting.message);
                return self.settle_with_care(found);
            }
        }
        context.record_node(What::Ignored);
    }

    /// Waits for an answer longer, or no longer at all.
    fn extend(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        message: MessageId,
        time: SimDuration,
    ) {
        let Some(found) = self.find_lent(link, message) else {
            return context.record_node(What::Ignored);
        };
        let until = context.now().after(time);
        self.lent[found].until = until;
        if time.is_zero() {
            self.check_overdue(context);
        } else if until < self.overdue_at {
            self.plan_overdue(context, until);
        }
    }

    /// Hands out up to `most` messages to one who asks, whatever its credit.
    fn hand_to(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        most: u32,
        hide: Option<SimDuration>,
    ) {
        self.note_use(context);
        let Some(consumer) = self.consumers.position(link) else {
            return;
        };
        if self.down || self.gone {
            return;
        }
        // First all are taken out: what comes back at once is not taken twice.
        let mut taken: Vec<Waiting> = Vec::new();
        while taken.len() < most as usize && self.front(context).is_some() {
            taken.extend(self.pop(context));
        }
        for waiting in taken {
            self.lend(context, consumer, waiting, hide);
        }
    }

    /// Puts a delivery back, or gives it up if it came back too often.
    pub(super) fn take_back(
        &mut self,
        context: &mut Context<'_>,
        mut waiting: Waiting,
        reason: Reason,
    ) {
        let message = waiting.message;
        let over = |limit: u32| u32::from(message.attempt) > limit;
        if self.settings.delivery_limit.is_some_and(over) {
            self.ready.note_settled(message.key, waiting.place);
            return self.give_up(context, waiting, From::Hand, Reason::Attempts);
        }
        context.record_because(What::Requeued, &message, reason);
        if self.settings.requeue == Requeue::Tail {
            self.ready.note_settled(message.key, waiting.place);
            self.places += PLACE_STEP;
            waiting.place = self.places | u64::from(waiting.origin());
        }
        let lane = self.lane_of(context, &message);
        self.ready.put_back(waiting, lane, self.settings.requeue);
        self.note_came(context, &message);
        self.drop_surplus(context);
        self.plan_expiry(context);
    }

    /// Takes back all deliveries for which `which` holds, in the order of their places, or in that
    /// in which they were lent if they go to the front.
    pub(super) fn take_back_where(
        &mut self,
        context: &mut Context<'_>,
        reason: Reason,
        which: impl Fn(&Lent) -> bool,
    ) {
        let lent = self.lent.iter().copied();
        let mut back: Vec<Lent> = lent.filter(|lent| which(lent)).collect();
        if back.is_empty() {
            return;
        }
        self.lent.retain(|lent| !which(lent));
        if self.settings.requeue != Requeue::Front {
            back.sort_unstable_by_key(|lent| lent.waiting.place);
        }
        for lent in back {
            self.consumers.release(lent.link);
            self.take_back(context, lent.waiting, reason);
        }
    }

    /// A consumer says how much it takes: nothing, if it only keeps what it has. With a new
    /// session, what the old one had comes back.
    fn subscribe(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        prefetch: u32,
        session: u32,
    ) {
        let known = self.consumers.position(link);
        let known = known.map(|index| *self.consumers.get(index));
        if known.is_some_and(|known| known.session != session) {
            self.forget(context, link);
        }
        let terms = context.link_settings(link);
        self.consumers.put(Consumer {
            prefetch,
            up: context.is_up(link),
            auto_ack: terms.auto_ack,
            priority: terms.consumer_priority,
            ..Consumer::new(link, session)
        });
        self.judge();
        if prefetch == 0 && known.is_some_and(|known| known.is_subscribed()) {
            self.note_left(context);
        }
        self.note_use(context);
    }

    /// A consumer is gone. The others are served before what it had is taken back.
    pub(super) fn forget(&mut self, context: &mut Context<'_>, link: LinkIndex) {
        let Some(index) = self.consumers.position(link) else {
            return;
        };
        let was_subscribed = self.consumers.get(index).is_subscribed();
        self.consumers.remove(link);
        if !self.simple {
            self.hand_out(context);
        }
        self.take_back_where(context, Reason::ConsumerGone, |lent| lent.link == link);
        self.judge();
        if was_subscribed {
            self.note_left(context);
        }
        self.note_use(context);
    }
}
