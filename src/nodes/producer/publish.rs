//! How a producer gives its events away when there is more to it: in batches, with confirms, and
//! to a broker that has no room.

use std::collections::{BTreeMap, VecDeque};

use super::behaviour::Producer;
use super::{Settings, WhenBlocked};
use crate::engine::{
    CONFIRM, Context, Handed, LinkIndex, Message, MessageId, Reason, Signal, What,
};
use crate::nodes::{Capsule, Part, ROW_MOST, Role, Tone};
use crate::units::SimTime;

/// The oldest event of a batch has waited long enough; the word is the life.
pub(super) const LINGER: u32 = 2;
/// A confirm may be overdue; the word is the life.
pub(super) const OVERDUE: u32 = 3;

/// What a producer keeps in mind of what it publishes.
#[derive(Clone, Default)]
pub(super) struct Publisher {
    /// Events that were not sent yet, the oldest first.
    pub(super) held: VecDeque<Message>,
    /// When the oldest of them was made, if its batch waits.
    lingers_until: Option<SimTime>,
    /// What was sent and is not confirmed.
    pending: BTreeMap<MessageId, Pending>,
    /// The same with the moments at which they are overdue, the earliest first.
    deadlines: VecDeque<(SimTime, MessageId)>,
    overdue_planned: bool,
    /// Links whose receivers have no room.
    blocking: Vec<LinkIndex>,
    confirmed: u64,
    again: u64,
    given_up: u64,
    skipped: u64,
}

#[derive(Clone, Copy)]
struct Pending {
    message: Message,
    link: LinkIndex,
    tries: u16,
    /// Whether the broker said that it did not take it.
    refused: bool,
}

impl Settings {
    /// Whether events are sent as they are made, and nobody asks what became of them.
    pub(super) fn is_straight(&self) -> bool {
        self.batch <= 1 && !self.confirms
    }
}

impl Publisher {
    pub(super) fn is_blocked(&self) -> bool {
        !self.blocking.is_empty()
    }

    pub(super) fn bytes(&self) -> usize {
        self.held.len() * size_of::<Message>() + self.pending.len() * size_of::<Pending>()
    }
}

impl Producer {
    /// Whether it may send nothing now.
    pub(super) fn must_wait(&self) -> bool {
        let most = self.settings.max_unconfirmed;
        let is_full = || {
            let pending = self.publisher.pending.len();
            most.is_some_and(|most| self.settings.confirms && pending >= most as usize)
        };
        self.publisher.is_blocked() || is_full()
    }

    /// Whether the next event does not even come into being.
    pub(super) fn holds_back(&mut self) -> bool {
        let holds = self.settings.when_blocked == WhenBlocked::Wait && self.must_wait();
        self.publisher.skipped += u64::from(holds);
        holds
    }

    /// Sends an event, or keeps it until it may be sent.
    #[inline(never)]
    pub(super) fn publish(&mut self, context: &mut Context<'_>, message: &Message) {
        let batch = self.settings.batch.max(1) as usize;
        let must_wait = self.must_wait();
        let most = match self.settings.when_blocked {
            WhenBlocked::Wait => usize::MAX,
            WhenBlocked::Drop => 0,
            WhenBlocked::Buffer => self.settings.buffer as usize,
        };
        if must_wait && self.publisher.held.len() >= most {
            return context.record_because(What::Dropped, message, Reason::Full);
        }
        self.publisher.held.push_back(*message);
        if must_wait {
            return context.set_depth(self.publisher.held.len());
        }
        if self.publisher.held.len() >= batch || self.settings.linger.is_zero() {
            return self.flush(context);
        }
        if self.publisher.lingers_until.is_none() {
            let until = context.now().after(self.settings.linger);
            self.publisher.lingers_until = Some(until);
            context.wake_at(until, LINGER, u64::from(self.life));
        }
        context.set_depth(self.publisher.held.len());
    }

    /// Sends what is held, as far as it may be.
    pub(super) fn flush(&mut self, context: &mut Context<'_>) {
        self.publisher.lingers_until = None;
        while !self.must_wait()
            && let Some(message) = self.publisher.held.pop_front()
        {
            self.send(context, &message);
        }
        context.set_depth(self.publisher.held.len());
    }

    /// The time of a batch is over, if it is still the same.
    pub(super) fn linger_over(&mut self, context: &mut Context<'_>) {
        let until = self.publisher.lingers_until;
        if until.is_some_and(|until| until <= context.now()) {
            self.flush(context);
        }
    }

    /// Sends an event to all who take it, and asks for confirms if they are wanted.
    fn send(&mut self, context: &mut Context<'_>, message: &Message) {
        if !self.settings.confirms {
            return context.send_to_role(Role::Sends.number(), message);
        }
        let links = (0..context.outgoing_count()).map(|n| context.outgoing(n));
        let links: Vec<LinkIndex> = links
            .filter(|link| {
                context.role(*link) == Role::Sends.number()
                    && context.takes(*link, message.event_type)
            })
            .collect();
        if links.is_empty() {
            return context.record_because(What::Dropped, message, Reason::NoReceiver);
        }
        for (n, link) in links.into_iter().enumerate() {
            let message = match n {
                0 => *message,
                _ => context.copy(message),
            };
            self.send_once(context, link, message, 0);
        }
    }

    /// Sends along one link, and waits for the confirm.
    fn send_once(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        message: Message,
        tries: u16,
    ) {
        let pending = Pending {
            message,
            link,
            tries,
            refused: false,
        };
        self.publisher.pending.insert(message.id, pending);
        let until = context.now().after(self.settings.confirm_timeout);
        self.publisher.deadlines.push_back((until, message.id));
        self.plan_overdue(context);
        context.hand(link, &message, Handed::Over, CONFIRM | u64::from(tries));
    }

    fn plan_overdue(&mut self, context: &mut Context<'_>) {
        if !self.publisher.overdue_planned
            && let Some((until, _)) = self.publisher.deadlines.front()
        {
            self.publisher.overdue_planned = true;
            context.wake_at(*until, OVERDUE, u64::from(self.life));
        }
    }

    /// A confirm, a refusal, or word that there is room or none.
    pub(super) fn heard(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        match signal {
            Signal::Confirmed(message) => match self.publisher.pending.remove(&message) {
                Some(_) => self.publisher.confirmed += 1,
                None => return context.record_node(What::Ignored),
            },
            // It is sent again when its time is over: at once would be in vain.
            Signal::Unconfirmed(message) => {
                if let Some(pending) = self.publisher.pending.get_mut(&message) {
                    pending.refused = true;
                }
                return;
            }
            Signal::Blocked if !self.publisher.blocking.contains(&link) => {
                self.publisher.blocking.push(link);
            }
            Signal::Unblocked => self.publisher.blocking.retain(|other| *other != link),
            _ => return,
        }
        self.straight = self.settings.is_straight() && !self.publisher.is_blocked();
        self.go_on(context);
    }

    /// Sends what had to wait, if it may be sent now.
    fn go_on(&mut self, context: &mut Context<'_>) {
        if !self.publisher.held.is_empty() && self.publisher.lingers_until.is_none() {
            self.flush(context);
        }
    }

    /// What was not confirmed in time is sent again, or given up.
    pub(super) fn check_overdue(&mut self, context: &mut Context<'_>) {
        let now = context.now();
        self.publisher.overdue_planned = false;
        while let Some((until, id)) = self.publisher.deadlines.front().copied() {
            let pending = self.publisher.pending.get(&id).copied();
            if until > now && pending.is_some() {
                break;
            }
            self.publisher.deadlines.pop_front();
            let Some(Pending {
                message,
                link,
                tries,
                refused,
            }) = pending
            else {
                continue;
            };
            self.publisher.pending.remove(&id);
            let reason = match refused {
                true => Reason::Refused,
                false => Reason::NoAnswer,
            };
            if u32::from(tries) >= self.settings.confirm_retries {
                self.publisher.given_up += 1;
                context.record_because(What::Unconfirmed, &message, reason);
                continue;
            }
            context.record_because(What::Retried, &message, reason);
            self.publisher.again += 1;
            // The same event once more: whoever has it already gets it twice.
            let again = context.copy(&message);
            self.send_once(context, link, again, tries + 1);
        }
        self.plan_overdue(context);
        self.go_on(context);
    }

    /// Links that are gone hold nobody up.
    pub(super) fn forget_links(&mut self, context: &mut Context<'_>) {
        let links = (0..context.outgoing_count()).map(|n| context.outgoing(n));
        let links: Vec<LinkIndex> = links.collect();
        self.publisher.blocking.retain(|link| links.contains(link));
        let pending = &mut self.publisher.pending;
        pending.retain(|_, pending| links.contains(&pending.link));
        if !self.down {
            self.go_on(context);
        }
    }

    /// Forgets all that is in memory. What was sent may have arrived.
    pub(super) fn lose_memory(&mut self, context: &mut Context<'_>, reason: Reason) {
        self.life += 1;
        for message in std::mem::take(&mut self.publisher.held) {
            context.record_because(What::Dropped, &message, reason);
        }
        self.publisher.lingers_until = None;
        self.publisher.pending.clear();
        self.publisher.deadlines.clear();
        self.publisher.overdue_planned = false;
        context.set_depth(0);
    }

    /// What the card shows of it.
    pub(super) fn show_publishing(&self, parts: &mut Vec<Part>) {
        let publisher = &self.publisher;
        if let Some(most) = self.settings.max_unconfirmed
            && self.settings.confirms
        {
            let pending = publisher.pending.len() as u64;
            let tone = match pending >= u64::from(most) {
                true => Tone::Warning,
                false => Tone::Calm,
            };
            parts.push(Part::gauge("not confirmed", pending, most.into(), tone));
        }
        if !publisher.held.is_empty() {
            let capsules = publisher.held.iter().take(ROW_MOST).map(Capsule::in_hand);
            parts.push(Part::Row {
                capsules: capsules.collect(),
                total: publisher.held.len() as u64,
                room: match self.settings.when_blocked {
                    WhenBlocked::Buffer => Some(self.settings.buffer.into()),
                    _ => None,
                },
            });
        }
        if publisher.is_blocked() {
            parts.push(Part::text("broker", "says wait", Tone::Trouble));
        }
        let unlimited = match self.settings.max_unconfirmed {
            None => publisher.pending.len(),
            Some(_) => 0,
        };
        let lines = [
            ("not confirmed", unlimited as u64, Tone::Calm),
            ("confirmed", publisher.confirmed, Tone::Calm),
            ("sent again", publisher.again, Tone::Warning),
            ("never confirmed", publisher.given_up, Tone::Trouble),
            ("waited instead", publisher.skipped, Tone::Warning),
        ];
        for (label, count, tone) in lines.into_iter().filter(|(_, count, _)| *count > 0) {
            parts.push(Part::text(label, count.to_string(), tone));
        }
    }
}
