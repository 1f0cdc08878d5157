//! Sending on what waits, by hand: to where it died, to another node, or along a link.
//!
//! It follows a shovel of RabbitMQ that acknowledges on confirm: a message is sent first, and
//! removed when the receiver has confirmed it. What goes wrong in between doubles it rather than
//! loses it. As in Amazon SQS the copy is a new message where it arrives, with a time and an id of
//! its own, but the identity of its event stays.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::Queue;
use super::behaviour::{Lent, REDRIVE};
use super::letters::last_death;
use crate::engine::{
    CONFIRM, Chosen, Context, Goal, Handed, LinkIndex, Message, MessageId, NodeIndex, Reason, What,
};
use crate::nodes::Role;
use crate::units::SimDuration;

/// How long a confirm is waited for, if the queue waits for acknowledgements for ever.
const CONFIRM_WITHIN: SimDuration = SimDuration::from_secs(30);

/// What is sent on by hand.
#[derive(Clone, Debug)]
pub(super) struct Redrive {
    /// What is still to be sent, in order.
    left: VecDeque<MessageId>,
    /// Time between two of them.
    every: SimDuration,
    to: Goal,
}

impl Queue {
    /// Begins to send on what waits now; what was still to be sent is left where it is.
    pub(super) fn begin_redrive(
        &mut self,
        context: &mut Context<'_>,
        which: Option<Arc<[Chosen]>>,
        most: u32,
        (every, to): (SimDuration, Goal),
    ) {
        let left = match which {
            Some(which) => self.chosen(&which),
            None => self.waiting().map(|message| message.id).collect(),
        };
        let mut redrive = Redrive { left, every, to };
        redrive.left.truncate(most as usize);
        let lent = &self.lent;
        let is_lent = |id: &MessageId| lent.iter().any(|lent| lent.waiting.message.id == *id);
        self.gate.sent.retain(|(_, original)| is_lent(original));
        self.gate.redrive = Some(redrive);
        self.gate.redrives += 1;
        context.wake_at(context.now(), REDRIVE, self.gate.redrives);
    }

    /// The chosen messages that wait, the next one first.
    fn chosen(&self, which: &[Chosen]) -> VecDeque<MessageId> {
        let mut seen: BTreeMap<u64, u16> = which.iter().map(|it| (it.root, 0)).collect();
        let mut found = VecDeque::new();
        for message in self.waiting() {
            if let Some(seen) = seen.get_mut(&message.root) {
                *seen = seen.saturating_add(1);
                let (root, nth) = (message.root, *seen);
                if which.contains(&Chosen { root, nth }) {
                    found.push_back(message.id);
                }
            }
        }
        found
    }

    /// Sends the next message on.
    pub(super) fn redrive_next(&mut self, context: &mut Context<'_>, redrive: u64) {
        if redrive != self.gate.redrives || self.down {
            return;
        }
        while let Some(plan) = &mut self.gate.redrive
            && let Some(id) = plan.left.pop_front()
        {
            let (every, to) = (plan.every, plan.to);
            let waiting = self.waiting().find(|message| message.id == id).copied();
            if let Some(message) = waiting
                && let Some(link) = self.way(context, to, &message)
            {
                self.send_on(context, link, id);
                context.wake_after(every, REDRIVE, redrive);
                return;
            }
        }
        self.gate.redrive = None;
    }

    /// The way that a message takes, if there is one.
    fn way(&self, context: &mut Context<'_>, to: Goal, message: &Message) -> Option<LinkIndex> {
        let links = (0..context.outgoing_count()).map(|n| context.outgoing(n));
        let mut links = links.filter(|it| context.role(*it) == Role::DeadLetters.number());
        let node = match to {
            Goal::Link => return links.next(),
            Goal::Source => last_death(context.changed_headers(message))?,
            Goal::Node(node) => node,
        };
        let place: NodeIndex = context.place_of(node).filter(|it| *it != context.me())?;
        let drawn = links.find(|link| context.target(*link) == place);
        Some(drawn.unwrap_or_else(|| context.wire(place, Role::DeadLetters.number())))
    }

    fn send_on(&mut self, context: &mut Context<'_>, link: LinkIndex, id: MessageId) {
        let Some(waiting) = self.ready.remove(|message| message.id == id) else {
            return;
        };
        let message = waiting.message;
        self.note_gone(context, &message);
        let waited = context.now().since(message.since);
        context.metrics().wait.record(waited);
        context.record_waiting(What::Delivered, &message, Reason::None);
        let again = Message {
            attempt: 0,
            dead: false,
            ..message
        };
        let again = context.copy(&again);
        context.hand(link, &again, Handed::Over, CONFIRM);
        self.gate.sent.push((again.id, id));
        self.ready.note_lent(message.key, waiting.place);
        let timeout = self.settings.ack_timeout.unwrap_or(CONFIRM_WITHIN);
        let until = context.now().after(timeout);
        self.lent.push(Lent {
            waiting,
            link,
            until,
        });
        if until < self.overdue_at {
            self.plan_overdue(context, until);
        }
    }

    /// The receiver of a copy has it, or has no room for it: then no more is sent.
    pub(super) fn redriven(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        copy: MessageId,
        taken: bool,
    ) {
        let sent = self.gate.sent.iter().position(|(sent, _)| *sent == copy);
        let original = sent.map(|sent| self.gate.sent.remove(sent).1);
        let Some(found) = original.and_then(|original| self.find_lent(link, original)) else {
            return context.record_node(What::Ignored);
        };
        if taken {
            context.record(What::Acked, &self.lent[found].waiting.message);
            return self.settle_with_care(found);
        }
        self.gate.redrive = None;
        let waiting = self.lent.remove(found).waiting;
        self.take_back(context, waiting, Reason::Rejected);
    }
}
