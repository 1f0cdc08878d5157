//! A running queue, and the way of most messages through it: in, lent in turn, acknowledged.
//!
//! A queue whose settings look at no single message is *simple*; all else happens with care, in
//! the other files of this folder.

use super::consumers::Consumers;
use super::letters::Letters;
use super::shelf::{Later, Order, Shelf, Waiting};
use super::{Rules, Settings};
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Handed, Holdings, LinkIndex, Loan, Message, MessageId,
    Operation, Reason, Signal, Stock, What,
};
use crate::nodes::queue::admission::Gate;
use crate::nodes::shared::routing::origin;
use crate::units::SimTime;

/// The earliest delivery that may be overdue.
pub(super) const OVERDUE: u32 = 0;
/// The head that may have waited too long.
pub(super) const EXPIRY: u32 = 1;
/// A message that was hidden.
pub(super) const HIDDEN: u32 = 2;
/// The queue itself may not be wanted any more.
pub(super) const UNUSED: u32 = 3;
/// The next message that is sent on by hand.
pub(super) const REDRIVE: u32 = 4;

/// The bits of a place that are no order.
pub(super) const PLACE_STEP: u64 = 1 << 16;

/// A running queue.
#[derive(Clone)]
pub struct Queue {
    pub(super) settings: Settings,
    /// Waiting messages.
    pub(super) ready: Shelf,
    /// Waiting messages that are hidden.
    pub(super) later: Later,
    /// Delivered and not settled.
    pub(super) lent: Vec<Lent>,
    pub(super) consumers: Consumers,
    /// The place of the latest message that came.
    pub(super) places: u64,
    /// When the next delivery that may be overdue is looked for.
    pub(super) overdue_at: SimTime,
    /// When the next message is looked at that may have waited too long.
    pub(super) expiry_at: SimTime,
    /// Whether it works, and nothing looks at single messages or consumers.
    pub(super) simple: bool,
    /// Whether a message that waits or is lent may expire.
    pub(super) may_expire: bool,
    pub(super) down: bool,
    /// Whether it is gone for good, because nobody used it.
    pub(super) gone: bool,
    /// Whether those who send were told to wait.
    pub(super) blocked: bool,
    pub(super) gate: Box<Gate>,
    pub(super) letters: Letters,
}

#[derive(Clone, Copy)]
pub(super) struct Lent {
    pub(super) waiting: Waiting,
    pub(super) link: LinkIndex,
    /// Until when it is to be settled.
    pub(super) until: SimTime,
}

/// Where a message was when it was given up.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum From {
    Waiting,
    Hand,
}

impl Queue {
    /// A queue that has not started.
    pub fn new(settings: Settings) -> Self {
        let mut queue = Self {
            settings,
            ready: Shelf::default(),
            later: Later::new(),
            lent: Vec::new(),
            consumers: Consumers::default(),
            places: 0,
            overdue_at: SimTime::MAX,
            expiry_at: SimTime::MAX,
            simple: true,
            may_expire: false,
            down: false,
            gone: false,
            blocked: false,
            gate: Box::default(),
            letters: Letters::default(),
        };
        queue.learn();
        queue.ready.arrange(queue.order(), |_| 0);
        queue
    }

    /// The message with this id, if it waits here or was delivered from here.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        let lent = self.lent.iter().map(|lent| &lent.waiting.message);
        let later = self.later.values().map(|waiting| &waiting.message);
        let mut all = self.waiting().chain(lent).chain(later);
        all.find(|message| message.id == id)
    }

    /// Since when the oldest message waits.
    pub fn oldest(&self) -> Option<SimTime> {
        self.ready.oldest()
    }

    /// Waiting messages that can be handed out, the next one first.
    pub fn waiting(&self) -> impl Iterator<Item = &Message> {
        self.ready.iter().map(|waiting| &waiting.message)
    }

    /// How many consumers messages are pushed to.
    pub fn consumers(&self) -> usize {
        self.consumers.subscribed()
    }

    /// Whether it went away by itself, because nobody used it.
    pub fn is_gone(&self) -> bool {
        self.gone
    }

    /// What follows from the settings.
    pub(super) fn learn(&mut self) {
        self.consumers.single = self.settings.single_active;
        self.consumers.eager = self.settings.rules == Rules::Quorum;
        self.consumers.elect();
        self.may_expire |= self.settings.time_to_live.is_some();
        self.judge();
    }

    /// Finds out whether the straight way is enough.
    pub(super) fn judge(&mut self) {
        let is_up = !self.down && !self.gone;
        let is_plain = !self.may_expire && self.later.is_empty();
        self.simple =
            is_up && is_plain && self.settings.are_simple() && !self.consumers.any_auto_ack();
    }

    /// By what waiting messages are sorted.
    pub(super) fn order(&self) -> Order {
        let is_quorum = self.settings.rules == Rules::Quorum;
        match self.settings.max_priority {
            _ if self.settings.groups => Order::Groups,
            Some(most) => Order::Lanes {
                count: most as usize + 1,
                in_turns: false,
            },
            None if is_quorum => Order::Lanes {
                count: 2,
                in_turns: true,
            },
            None if self.settings.requeue == super::Requeue::Front => Order::Lanes {
                count: 1,
                in_turns: false,
            },
            None => Order::Line,
        }
    }

    #[inline(always)]
    fn enqueue(&mut self, context: &mut Context<'_>, message: &Message, origin: u16) {
        let now = context.now();
        context.metrics().arrivals.count(now);
        context.record(What::Queued, message);
        self.places += PLACE_STEP;
        let place = self.places | u64::from(origin);
        self.ready.line.push_back(Waiting {
            message: Message {
                since: now,
                ..*message
            },
            place,
        });
    }

    /// Hands out what can be handed out: in turn, to whom has credit.
    #[inline(always)]
    pub(super) fn serve(&mut self, context: &mut Context<'_>) {
        if !self.simple {
            return self.serve_with_care(context);
        }
        while !self.ready.line.is_empty() {
            let Some(chosen) = self.consumers.next() else {
                break;
            };
            self.lend_next(context, chosen);
        }
        context.set_depth(self.ready.line.len());
    }

    #[inline(always)]
    fn lend_next(&mut self, context: &mut Context<'_>, chosen: usize) {
        let Some(waiting) = self.ready.line.front_mut() else {
            return;
        };
        let now = context.now();
        let message = &mut waiting.message;
        let attempt = message.attempt.saturating_add(1);
        message.attempt = attempt;
        context.metrics().wait.record(now.since(message.since));
        context.record_waiting(What::Delivered, message, Reason::None);
        let consumer = self.consumers.lend(chosen);
        let (link, session) = (consumer.link, u64::from(consumer.session));
        context.hand(link, message, Handed::Lent, session);
        // Field by field, as a copy of so many bytes at one go is a call in wasm.
        let message = Message {
            attempt,
            ..*message
        };
        let place = waiting.place;
        let until = match self.settings.ack_timeout {
            Some(timeout) => now.after(timeout),
            None => SimTime::MAX,
        };
        self.lent.push(Lent {
            waiting: Waiting { message, place },
            link,
            until,
        });
        self.ready.line.pop_front();
        if until < self.overdue_at {
            self.plan_overdue(context, until);
        }
    }

    /// Where a delivery stands in the books; `None` if it is not there (any more).
    #[inline]
    pub(super) fn find_lent(&self, link: LinkIndex, message: MessageId) -> Option<usize> {
        let there = |lent: &Lent| lent.waiting.message.id == message && lent.link == link;
        self.lent.iter().position(there)
    }

    #[inline(always)]
    fn acknowledge(&mut self, context: &mut Context<'_>, link: LinkIndex, message: MessageId) {
        match self.find_lent(link, message) {
            Some(found) => {
                let waiting = &self.lent[found].waiting;
                context.record(What::Acked, &waiting.message);
                if !self.simple {
                    return self.settle_with_care(found);
                }
                // The last comes to its place; mostly it is the last itself.
                if let Some(last) = self.lent.pop()
                    && let Some(freed) = self.lent.get_mut(found)
                {
                    *freed = last;
                }
                self.consumers.release(link);
            }
            None => self.acknowledge_late(context, message),
        }
    }
}

impl Behaviour for Queue {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.note_use(context);
    }

    #[inline(always)]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let message = arrival.message;
        if self.simple && !message.dead && !message.body.has_headers() {
            self.enqueue(context, message, origin(arrival.word));
            self.serve(context);
        } else {
            self.receive_with_care(context, arrival);
        }
    }

    #[inline(always)]
    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        match signal {
            Signal::Ack(message) => self.acknowledge(context, link, message),
            other => self.answer(context, link, other),
        }
        self.serve(context);
    }

    #[inline(never)]
    fn wake(&mut self, context: &mut Context<'_>, tag: u32, word: u64) {
        match tag {
            OVERDUE => self.check_overdue(context),
            EXPIRY => self.check_expiry(context),
            HIDDEN => self.show_hidden(context),
            UNUSED => self.check_use(context),
            _ => self.redrive_next(context, word),
        }
        self.serve(context);
    }

    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        self.reconfigure(context, settings);
        self.serve(context);
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        match fault {
            Fault::Crash if !self.down => self.crash(context),
            Fault::Restart if self.down => {
                self.down = false;
                self.judge();
                context.record_node(What::Restarted);
                self.serve(context);
            }
            Fault::Remove => self.clear(context, Reason::Removal),
            _ => {}
        }
    }

    fn operate(&mut self, context: &mut Context<'_>, operation: Operation) {
        self.operate_by_hand(context, operation);
        self.serve(context);
    }

    fn stock(&self, most: usize) -> Option<Stock> {
        Some(self.waiting_stock(most))
    }

    fn loan(&self, message: MessageId) -> Option<Loan> {
        let mut lent = self.lent.iter();
        let found = lent.find(|lent| lent.waiting.message.id == message)?;
        Some(Loan {
            link: found.link,
            attempt: found.waiting.message.attempt,
            until: found.until,
        })
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        self.look_at_links(context);
        self.serve(context);
    }

    fn holdings(&self) -> Holdings {
        Holdings {
            waiting: (self.ready.len() + self.later.len()) as u64,
            in_flight: self.lent.len() as u64,
            stored: 0,
        }
    }

    fn bytes(&self) -> usize {
        (self.ready.len() + self.later.len()) * size_of::<Waiting>()
            + self.lent.len() * size_of::<Lent>()
    }
}
