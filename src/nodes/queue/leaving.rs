//! How messages leave a queue unprocessed, and how it goes away itself.

use super::Rules;
use super::admission::Death;
use super::behaviour::{EXPIRY, From, Queue, UNUSED};
use super::shelf::Waiting;
use crate::engine::{Context, Message, Reason, What};
use crate::nodes::Role;
use crate::units::{SimDuration, SimTime};

/// The header with the most time that a message may wait.
pub(super) const EXPIRATION: &str = "expiration";

impl Queue {
    /// A message leaves for good: to the dead letters if there is a link for them.
    pub(super) fn give_up(
        &mut self,
        context: &mut Context<'_>,
        waiting: Waiting,
        from: From,
        reason: Reason,
    ) {
        self.gate.deaths[Death::of(reason) as usize] += 1;
        let dead_letters = (0..context.outgoing_count())
            .map(|n| context.outgoing(n))
            .find(|link| context.role(*link) == Role::DeadLetters.number());
        let what = match (dead_letters, reason) {
            (Some(_), _) => What::DeadLettered,
            (None, Reason::Age) => What::Expired,
            (None, _) => What::Dropped,
        };
        let message = waiting.message;
        match from {
            From::Waiting => context.record_waiting(what, &message, reason),
            From::Hand => context.record_because(what, &message, reason),
        }
        if let Some(link) = dead_letters {
            let attempt = match self.settings.rules {
                Rules::Classic => 0,
                Rules::Quorum => message.attempt,
            };
            let letter = Message {
                attempt,
                dead: true,
                body: self.letter_body(context, &waiting, reason),
                ..message
            };
            let letter = context.copy(&letter);
            context.send(link, &letter);
        }
    }

    /// Until when a message may wait.
    fn deadline(&self, context: &Context<'_>, message: &Message) -> Option<SimTime> {
        let own = context.header(message, EXPIRATION);
        let own = own.and_then(|value| super::admission::time_in(&value));
        let life = match (self.settings.time_to_live, own) {
            (Some(all), Some(own)) => Some(all.min(own)),
            (all, own) => all.or(own),
        };
        let since = match message.dead && self.settings.letters_keep_age {
            true => message.born,
            false => message.since,
        };
        life.map(|life: SimDuration| since.after(life))
    }

    /// Whether it is too late to hand out a message. At its very last moment it is not.
    pub(super) fn is_expired(&self, context: &Context<'_>, waiting: &Waiting) -> bool {
        let past = |until| until < context.now();
        self.may_expire && self.deadline(context, &waiting.message).is_some_and(past)
    }

    /// Asks to be woken when the next message has waited too long. Those behind it may have, too:
    /// brokers look at the next one only.
    pub(super) fn plan_expiry(&mut self, context: &mut Context<'_>) {
        if self.may_expire
            && let Some(head) = self.ready.front().copied()
            && let Some(until) = self.deadline(context, &head.message)
            && until < self.expiry_at
        {
            self.expiry_at = until;
            context.wake_at(until, EXPIRY, 0);
        }
    }

    pub(super) fn check_expiry(&mut self, context: &mut Context<'_>) {
        self.expiry_at = SimTime::MAX;
        let now = context.now();
        while let Some(head) = self.ready.front().copied()
            && self.may_expire
            && (self.deadline(context, &head.message)).is_some_and(|until| until <= now)
        {
            if let Some(head) = self.pop(context) {
                self.give_up(context, head, From::Waiting, Reason::Age);
            }
        }
        self.plan_expiry(context);
    }

    /// A message came to a queue that is not there.
    pub(super) fn turn_away(&self, context: &mut Context<'_>, message: &Message) {
        let reason = match self.gone {
            true => Reason::NoReceiver,
            false => Reason::Crash,
        };
        context.record_because(What::Dropped, message, reason);
    }

    pub(super) fn crash(&mut self, context: &mut Context<'_>) {
        self.down = true;
        self.gate.redrive = None;
        self.judge();
        context.record_node(What::Crashed);
        if self.settings.durable {
            self.take_back_where(context, Reason::Crash, |_| true);
        } else {
            self.drop_all(context, Reason::Crash);
        }
        context.set_depth(self.ready.len() + self.later.len());
    }

    /// Gives up all that it has, and its consumers.
    pub(super) fn clear(&mut self, context: &mut Context<'_>, reason: Reason) {
        self.drop_all(context, reason);
        self.consumers.clear();
    }

    /// Gives up all that it has. None of it becomes a dead letter.
    pub(super) fn drop_all(&mut self, context: &mut Context<'_>, reason: Reason) {
        self.drop_waiting(context, reason);
        for lent in std::mem::take(&mut self.lent) {
            let message = &lent.waiting.message;
            context.record_because(What::Dropped, message, reason);
            self.ready.note_settled(message.key, lent.waiting.place);
            self.consumers.release(lent.link);
        }
    }

    /// Gives up all that waits.
    pub(super) fn drop_waiting(&mut self, context: &mut Context<'_>, reason: Reason) {
        let later = std::mem::take(&mut self.later).into_values();
        for waiting in self.ready.take_all().into_iter().chain(later) {
            context.record_waiting(What::Dropped, &waiting.message, reason);
        }
        self.weigh(context);
        context.set_depth(0);
    }

    /// Somebody used the queue: it stays for a while.
    pub(super) fn note_use(&mut self, context: &mut Context<'_>) {
        if let Some(after) = self.settings.expires_after {
            self.gate.last_used = context.now();
            context.wake_after(after, UNUSED, 0);
        }
    }

    pub(super) fn check_use(&mut self, context: &mut Context<'_>) {
        if let Some(after) = self.settings.expires_after
            && self.consumers() == 0
            && self.gate.last_used.after(after) <= context.now()
        {
            self.vanish(context);
        }
    }

    /// A consumer left.
    pub(super) fn note_left(&mut self, context: &mut Context<'_>) {
        if self.settings.auto_delete && self.consumers() == 0 {
            self.vanish(context);
        }
    }

    fn vanish(&mut self, context: &mut Context<'_>) {
        if !self.gone {
            self.clear(context, Reason::Removal);
            self.gone = true;
            self.judge();
        }
    }
}
