//! What a node that gives on what it gets, and keeps nothing, has to tell those who send to it:
//! whether all that it gave on was taken, and whether there is room.
//!
//! It follows RabbitMQ 4.0: a message is confirmed once every queue that it was routed to has it,
//! and refused as soon as one of them refuses it, though the others have it. What is lost on the
//! way, or comes to a node that is down, is never answered.

use std::collections::BTreeMap;

use crate::engine::{Arrival, CONFIRM, Context, Handed, LinkIndex, Message, MessageId, Signal};

/// What is to be told to those who send.
#[derive(Clone, Default)]
pub struct Relay {
    asks: BTreeMap<u64, Ask>,
    /// What was given on and not answered, with the question that it belongs to.
    open: BTreeMap<MessageId, u64>,
    asked: u64,
    /// Links whose receivers have no room.
    full: Vec<LinkIndex>,
    /// Whether somebody was ever told to wait.
    has_blocked: bool,
}

/// A message whose sender wants to know what becomes of it.
#[derive(Clone)]
struct Ask {
    link: LinkIndex,
    message: Message,
    word: u64,
    open: Vec<MessageId>,
}

/// Most questions that are open at once; then the oldest one is never answered.
const ASKS_MOST: usize = 10_000;

impl Relay {
    /// Gives a message on with this number: a copy along each of the links, and the message itself
    /// along `last` if there is one. Its sender hears what becomes of them if it wants to.
    pub fn give_on(
        &mut self,
        context: &mut Context<'_>,
        arrival: &Arrival<'_>,
        (copies, last): (&[LinkIndex], Option<LinkIndex>),
        word: u64,
    ) {
        let is_asked = arrival.word & CONFIRM != 0;
        let mut open = Vec::new();
        for link in copies {
            let copy = context.copy(arrival.message);
            if is_asked {
                open.push(copy.id);
            }
            context.hand(*link, &copy, Handed::Over, word);
        }
        if let Some(link) = last {
            if is_asked {
                open.push(arrival.message.id);
            }
            context.hand(link, arrival.message, Handed::Over, word);
        }
        if is_asked && let Some(link) = arrival.link.filter(|_| !open.is_empty()) {
            self.ask(context, link, arrival, open);
        }
    }

    fn ask(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        arrival: &Arrival<'_>,
        open: Vec<MessageId>,
    ) {
        context.confirm_later();
        if self.asks.len() >= ASKS_MOST
            && let Some((_, oldest)) = self.asks.pop_first()
        {
            self.forget(&oldest);
        }
        self.asked += 1;
        self.open.extend(open.iter().map(|id| (*id, self.asked)));
        let ask = Ask {
            link,
            message: *arrival.message,
            word: arrival.word,
            open,
        };
        self.asks.insert(self.asked, ask);
    }

    fn forget(&mut self, ask: &Ask) {
        for id in &ask.open {
            self.open.remove(id);
        }
    }

    /// An answer came along a link that leaves the node.
    pub fn heard(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        match signal {
            Signal::Confirmed(id) => self.answered(context, id, true),
            Signal::Unconfirmed(id) => self.answered(context, id, false),
            Signal::Blocked if !self.full.contains(&link) => {
                self.full.push(link);
                if self.full.len() == 1 {
                    self.tell(context);
                }
            }
            Signal::Unblocked => self.keep_full(context, |other| other != link),
            _ => {}
        }
    }

    fn answered(&mut self, context: &mut Context<'_>, id: MessageId, taken: bool) {
        let Some(number) = self.open.remove(&id) else {
            return;
        };
        let Some(ask) = self.asks.get_mut(&number) else {
            return;
        };
        ask.open.retain(|other| *other != id);
        if taken && !ask.open.is_empty() {
            return;
        }
        if let Some(ask) = self.asks.remove(&number) {
            self.forget(&ask);
            context.confirm(ask.link, &ask.message, ask.word, taken);
        }
    }

    fn keep_full(&mut self, context: &mut Context<'_>, keeps: impl Fn(LinkIndex) -> bool) {
        let was_full = !self.full.is_empty();
        self.full.retain(|link| keeps(*link));
        if was_full && self.full.is_empty() {
            self.tell(context);
        }
    }

    /// Tells all who send whether there is room.
    fn tell(&mut self, context: &mut Context<'_>) {
        self.has_blocked = true;
        let signal = match self.full.is_empty() {
            true => Signal::Unblocked,
            false => Signal::Blocked,
        };
        for link in context.incoming() {
            if context.is_up(link) {
                context.signal(link, signal);
            }
        }
    }

    /// Links came, went, were cut or mended: those who send are told again.
    pub fn relink(&mut self, context: &mut Context<'_>) {
        let links = (0..context.outgoing_count()).map(|n| context.outgoing(n));
        let there: Vec<LinkIndex> = links.collect();
        self.full.retain(|link| there.contains(link));
        if self.has_blocked {
            self.tell(context);
        }
    }

    /// Forgets what it was asked, in a crash.
    pub fn lose(&mut self) {
        self.asks.clear();
        self.open.clear();
    }

    /// Bytes of it, roughly.
    pub fn bytes(&self) -> usize {
        self.asks.len() * (size_of::<Ask>() + 64)
    }
}
