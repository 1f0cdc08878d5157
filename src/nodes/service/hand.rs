//! A service that is operated by hand: it holds what it is given until a person answers.
//!
//! It keeps what the queue has taken back meanwhile, as a person does who has not heard of it: an
//! answer that comes too late is the queue's business.

use crate::engine::{
    Arrival, Context, Delivery, Handed, LinkIndex, Message, MessageId, Operation, Reason, Signal,
    Stock, Stocked, Verdict, What,
};
use crate::nodes::{Capsule, Part, ROW_MOST, Role};
use crate::units::SimDuration;

/// What a person holds.
#[derive(Clone, Default)]
pub(super) struct Hand {
    held: Vec<Held>,
}

#[derive(Clone, Copy)]
struct Held {
    link: Option<LinkIndex>,
    message: Message,
    handed: Handed,
}

impl Hand {
    /// Takes what came into the hand.
    pub(super) fn hold(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let Arrival { link, handed, .. } = *arrival;
        let mut message = Message {
            since: context.now(),
            ..*arrival.message
        };
        let by_queue = link.is_some_and(|link| context.role(link) == Role::Delivers.number());
        if !by_queue {
            let now = context.now();
            context.metrics().arrivals.count(now);
            message.attempt = message.attempt.saturating_add(1);
            context.record(What::Delivered, &message);
        }
        context.record(What::Started, &message);
        self.held.push(Held {
            link,
            message,
            handed,
        });
    }

    /// The messages in the hand, the oldest first, with whether they are lent.
    pub(super) fn messages(&self) -> impl Iterator<Item = (&Message, bool)> {
        let held = self.held.iter();
        held.map(|held| (&held.message, held.handed == Handed::Lent))
    }

    /// The message with this id.
    pub(super) fn message(&self, id: MessageId) -> Option<&Message> {
        let mut all = self.messages().map(|(message, _)| message);
        all.find(|message| message.id == id)
    }

    /// What a person holds, for whoever shows it.
    pub(super) fn stock(&self, most: usize) -> Stock {
        let stocked = |held: &Held| Stocked {
            message: held.message,
            link: held.link,
            lent: held.handed == Handed::Lent,
        };
        Stock {
            in_hand: true,
            total: self.held.len() as u64,
            first: self.held.iter().take(most).map(stocked).collect(),
        }
    }

    /// How many of them nobody else answers for.
    pub(super) fn owned(&self) -> u64 {
        self.messages().filter(|(_, lent)| !lent).count() as u64
    }

    /// What the card shows.
    pub(super) fn part(&self) -> Part {
        let capsules = self.messages().take(ROW_MOST);
        Part::Row {
            capsules: capsules.map(|(it, _)| Capsule::in_hand(it)).collect(),
            total: self.held.len() as u64,
            room: None,
        }
    }

    /// Lets go of all. What was lent is safe with its queue.
    pub(super) fn lose(&mut self, context: &mut Context<'_>, reason: Reason) {
        for held in std::mem::take(&mut self.held) {
            if held.handed == Handed::Over {
                context.record_because(What::Dropped, &held.message, reason);
            }
        }
    }

    /// Does what a person asks for.
    pub(super) fn operate(&mut self, context: &mut Context<'_>, operation: Operation) {
        match operation {
            Operation::Take { most, hide } => {
                let hide = hide.unwrap_or(SimDuration::MAX);
                for link in context.incoming() {
                    if context.role(link) == Role::Delivers.number() {
                        context.signal(link, Signal::Take { most, hide });
                    }
                }
            }
            Operation::Settle { which, verdict } => match self.find(which) {
                Some(found) => {
                    let held = self.held.remove(found);
                    settle(context, &held, verdict);
                }
                None => context.record_node(What::Ignored),
            },
            Operation::Extend { which, time } => match self.find(which) {
                Some(found) => {
                    let Held { link, message, .. } = &self.held[found];
                    if let Some(link) = *link {
                        let message_id = message.id;
                        let signal = Signal::Extend {
                            message: message_id,
                            time,
                        };
                        context.answer(link, signal, message);
                    }
                }
                None => context.record_node(What::Ignored),
            },
            _ => context.record_node(What::Ignored),
        }
    }

    fn find(&self, which: Delivery) -> Option<usize> {
        let fits = |held: &Held| {
            held.message.root == which.root
                && which.attempt.is_none_or(|it| it == held.message.attempt)
        };
        let mut found = self.held.iter().enumerate().filter(|(_, held)| fits(held));
        let found = match which.nth {
            Some(nth) => found.nth(usize::from(nth).saturating_sub(1)),
            None => found.next_back(),
        };
        found.map(|(place, _)| place)
    }
}

fn settle(context: &mut Context<'_>, held: &Held, verdict: Verdict) {
    let message = &held.message;
    if verdict == Verdict::Ack {
        let age = context.now().since(message.born);
        context.metrics().age.record(age);
        context.record(What::Finished, message);
    } else {
        context.record(What::Failed, message);
    }
    match (held.handed, held.link) {
        (Handed::Lent, Some(link)) => context.answer(link, verdict.signal(message.id), message),
        (Handed::Over, _) if verdict == Verdict::Ack => context.record(What::Done, message),
        (Handed::Over, _) => context.record_because(What::Dropped, message, Reason::Rejected),
        _ => {}
    }
}
