//! What is done to a queue from outside: other settings, other links, and what a person does.

use super::Queue;
use super::behaviour::Lent;
use crate::engine::{Context, LinkIndex, Message, Operation, Reason, Stock, Stocked, What};
use crate::units::SimTime;

impl Queue {
    /// Goes on with other settings, also for what it has already.
    pub(super) fn reconfigure(&mut self, context: &mut Context<'_>, settings: super::Settings) {
        let (order, timeout) = (self.order(), self.settings.ack_timeout);
        self.settings = settings;
        self.letters.clear();
        let headed = |message: &Message| message.body.has_headers();
        let lent = self.lent.iter().map(|lent| &lent.waiting.message);
        let may_expire = self.waiting().chain(lent).any(headed);
        self.may_expire = may_expire;
        self.learn();
        if order != self.order() {
            let mut ready = std::mem::take(&mut self.ready);
            ready.arrange(self.order(), |message| self.lane_of(context, message));
            self.ready = ready;
            for lent in &self.lent {
                let (key, place) = (lent.waiting.message.key, lent.waiting.place);
                self.ready.note_lent(key, place);
            }
        }
        self.weigh(context);
        self.drop_surplus(context);
        self.check_room(context);
        if timeout != self.settings.ack_timeout {
            let since = |lent: &Lent| match timeout {
                Some(timeout) => lent.until.nanos().saturating_sub(timeout.nanos()),
                None => context.now().nanos(),
            };
            for lent in &mut self.lent {
                let since = SimTime::from_nanos(since(lent));
                let timeout = self.settings.ack_timeout;
                lent.until = timeout.map_or(SimTime::MAX, |timeout| since.after(timeout));
            }
        }
        // What was planned for other times finds nothing due and plans anew.
        self.check_expiry(context);
        self.check_overdue(context);
        self.note_use(context);
    }

    /// Finds out which links are there, and which of them are up.
    pub(super) fn look_at_links(&mut self, context: &mut Context<'_>) {
        let there: Vec<LinkIndex> = (0..context.outgoing_count())
            .map(|n| context.outgoing(n))
            .collect();
        let known = self.consumers.iter().map(|consumer| consumer.link);
        let gone: Vec<LinkIndex> = known.filter(|link| !there.contains(link)).collect();
        for link in gone {
            self.forget(context, link);
        }
        for consumer in self.consumers.iter_mut() {
            consumer.up = context.is_up(consumer.link);
            let terms = context.link_settings(consumer.link);
            consumer.auto_ack = terms.auto_ack;
            consumer.priority = terms.consumer_priority;
        }
        self.consumers.elect();
        self.judge();
        self.letters.clear();
        if self.settings.overflow == super::Overflow::Block {
            // A link that was cut may have lost what was said about it.
            self.tell_senders(context);
        }
    }

    /// What waits, for a person who does something with it.
    pub(super) fn waiting_stock(&self, most: usize) -> Stock {
        let stocked = |message: &Message| Stocked {
            message: *message,
            link: None,
            lent: false,
        };
        Stock {
            in_hand: false,
            total: self.ready.len() as u64,
            first: self.waiting().take(most).map(stocked).collect(),
        }
    }

    /// Does what a person asks for.
    pub(super) fn operate_by_hand(&mut self, context: &mut Context<'_>, operation: Operation) {
        match operation {
            Operation::Purge => {
                self.drop_waiting(context, Reason::Purged);
                if self.settings.late_ack || self.settings.groups {
                    // In Amazon SQS what is in flight goes, too.
                    self.drop_all(context, Reason::Purged);
                }
                self.gate.forget_all();
            }
            Operation::Redrive {
                which,
                most,
                every,
                to,
            } => self.begin_redrive(context, which, most, (every, to)),
            _ => context.record_node(What::Ignored),
        }
    }
}
