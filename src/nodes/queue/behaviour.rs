//! What a queue does: it lends messages to its consumers and waits for their answers.

use std::collections::VecDeque;

use super::{Overflow, Settings};
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Handed, Holdings, LinkIndex, Message, MessageId, Names,
    Reason, Signal, What,
};
use crate::nodes::{Capsule, Part, Picture, ROW_MOST, Role, Status, Tone};
use crate::units::SimTime;

/// The earliest delivery that may be overdue.
const OVERDUE: u32 = 0;
/// The head that may have waited too long.
const EXPIRY: u32 = 1;

/// A running queue.
#[derive(Clone)]
pub struct Queue {
    settings: Settings,
    /// Waiting messages in order of their places.
    ready: VecDeque<Waiting>,
    /// Delivered and not settled.
    lent: Vec<Lent>,
    consumers: Vec<Consumer>,
    /// The consumer that is asked first next time.
    turn: usize,
    /// The place of the next message that comes.
    places: u64,
    overdue_planned: bool,
    expiry_planned: bool,
    down: bool,
}

#[derive(Clone, Copy)]
struct Waiting {
    message: Message,
    /// Order of coming: what is put back returns to it.
    place: u64,
}

#[derive(Clone, Copy)]
struct Lent {
    waiting: Waiting,
    link: LinkIndex,
    since: SimTime,
}

#[derive(Clone, Copy)]
struct Consumer {
    link: LinkIndex,
    prefetch: u32,
    session: u32,
    lent: u32,
    /// Whether its link is up.
    up: bool,
}

impl Consumer {
    /// Whether it can take a message now.
    #[inline]
    fn is_free(&self) -> bool {
        self.lent < self.prefetch && self.up
    }
}

/// Where a message was when it was given up.
#[derive(Clone, Copy, PartialEq)]
enum From {
    Waiting,
    Hand,
}

impl Queue {
    /// A queue that has not started.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ready: VecDeque::new(),
            lent: Vec::new(),
            consumers: Vec::new(),
            turn: 0,
            places: 0,
            overdue_planned: false,
            expiry_planned: false,
            down: false,
        }
    }

    /// The message with this id, if it waits here or was delivered from here.
    pub(crate) fn message(&self, id: MessageId) -> Option<&Message> {
        let lent = self.lent.iter().map(|lent| &lent.waiting.message);
        self.waiting().chain(lent).find(|message| message.id == id)
    }

    /// What the card shows.
    pub fn picture(&self, now: SimTime, _names: &Names) -> Picture {
        let capsules = self
            .ready
            .iter()
            .take(ROW_MOST)
            .map(|waiting| Capsule::waiting(&waiting.message));
        let row = Part::Row {
            capsules: capsules.collect(),
            total: self.ready.len() as u64,
            room: self.settings.max_length.map(u64::from),
        };
        let mut parts = vec![row];
        if let Some(oldest) = self.oldest() {
            parts.push(Part::Text {
                label: "oldest".to_owned(),
                text: format!("{:.1} s", now.since(oldest).as_secs()),
                tone: Tone::Calm,
            });
        }
        if !self.lent.is_empty() {
            parts.push(Part::Text {
                label: "unacknowledged".to_owned(),
                text: self.lent.len().to_string(),
                tone: Tone::Calm,
            });
        }
        Picture {
            status: if self.down { Status::Down } else { Status::Up },
            parts,
        }
    }

    /// Since when the oldest message waits.
    pub fn oldest(&self) -> Option<SimTime> {
        self.ready
            .iter()
            .map(|waiting| waiting.message.since)
            .next()
    }

    /// Waiting messages, the next one first.
    pub fn waiting(&self) -> impl Iterator<Item = &Message> {
        self.ready.iter().map(|waiting| &waiting.message)
    }

    #[inline(always)]
    fn enqueue(&mut self, context: &mut Context<'_>, message: &Message) {
        let now = context.now();
        context.metrics().arrivals.count(now);
        if self.settings.max_length.is_some() && !self.make_room(context, message) {
            return;
        }
        context.record(What::Queued, message);
        self.places += 1;
        let place = self.places;
        self.ready.push_back(Waiting {
            message: Message {
                since: now,
                ..*message
            },
            place,
        });
        if self.settings.time_to_live.is_some() {
            self.plan_expiry(context);
        }
    }

    /// Whether there is room for a message that comes, or could be made.
    #[inline(never)]
    fn make_room(&mut self, context: &mut Context<'_>, message: &Message) -> bool {
        let at_once = || self.consumers.iter().any(Consumer::is_free);
        if !self.is_full() || (self.ready.is_empty() && at_once()) {
            return true;
        }
        if self.settings.overflow == Overflow::DropHead && !self.ready.is_empty() {
            self.drop_head(context);
            return true;
        }
        self.give_up(context, *message, From::Hand, Reason::Full);
        false
    }

    fn is_full(&self) -> bool {
        self.settings
            .max_length
            .is_some_and(|most| self.ready.len() >= most as usize)
    }

    fn drop_head(&mut self, context: &mut Context<'_>) {
        if let Some(head) = self.ready.pop_front() {
            self.give_up(context, head.message, From::Waiting, Reason::Full);
        }
    }

    /// A message leaves for good: to the dead letters if there is a link for them.
    fn give_up(&self, context: &mut Context<'_>, message: Message, from: From, reason: Reason) {
        let dead_letters = (0..context.outgoing_count())
            .map(|n| context.outgoing(n))
            .find(|link| context.role(*link) == Role::DeadLetters.number());
        let what = match (dead_letters, reason) {
            (Some(_), _) => What::DeadLettered,
            (None, Reason::Age) => What::Expired,
            (None, _) => What::Dropped,
        };
        match from {
            From::Waiting => context.record_waiting(what, &message, reason),
            From::Hand => context.record_because(what, &message, reason),
        }
        if let Some(link) = dead_letters {
            let letter = Message {
                attempt: 0,
                dead: true,
                ..message
            };
            let letter = context.copy(&letter);
            context.send(link, &letter);
        }
    }

    /// Hands out what can be handed out: in turn, to whom has credit.
    #[inline(always)]
    fn serve(&mut self, context: &mut Context<'_>) {
        while !self.ready.is_empty() && !self.down {
            let Some(chosen) = self.next_consumer() else {
                break;
            };
            self.lend_next(context, chosen);
        }
        context.set_depth(self.ready.len());
    }

    #[inline]
    fn next_consumer(&mut self) -> Option<usize> {
        let count = self.consumers.len();
        let mut index = self.turn;
        for _ in 0..count {
            if index >= count {
                index = 0;
            }
            let consumer = &self.consumers[index];
            index += 1;
            if consumer.is_free() {
                self.turn = index;
                return Some(index - 1);
            }
        }
        None
    }

    #[inline(always)]
    fn lend_next(&mut self, context: &mut Context<'_>, chosen: usize) {
        let Some(waiting) = self.ready.front_mut() else {
            return;
        };
        let now = context.now();
        let message = &mut waiting.message;
        let attempt = message.attempt.saturating_add(1);
        message.attempt = attempt;
        context.metrics().wait.record(now.since(message.since));
        context.record_waiting(What::Delivered, message, Reason::None);
        let consumer = &mut self.consumers[chosen];
        consumer.lent += 1;
        let (link, session) = (consumer.link, u64::from(consumer.session));
        context.hand(link, message, Handed::Lent, session);
        // Field by field, as a copy of so many bytes at one go is a call in wasm.
        let message = Message {
            attempt,
            ..*message
        };
        let place = waiting.place;
        self.lent.push(Lent {
            waiting: Waiting { message, place },
            link,
            since: now,
        });
        self.ready.pop_front();
        if !self.overdue_planned
            && let Some(timeout) = self.settings.ack_timeout
        {
            self.overdue_planned = true;
            context.wake_after(timeout, OVERDUE, 0);
        }
    }

    /// Where a delivery stands in the books; `None` if it is not there (any more).
    #[inline]
    fn find_lent(&self, link: LinkIndex, message: MessageId) -> Option<usize> {
        let there = |lent: &Lent| lent.waiting.message.id == message && lent.link == link;
        self.lent.iter().position(there)
    }

    #[inline(always)]
    fn acknowledge(&mut self, context: &mut Context<'_>, link: LinkIndex, message: MessageId) {
        match self.find_lent(link, message) {
            Some(found) => {
                context.record(What::Acked, &self.lent[found].waiting.message);
                // The last comes to its place; mostly it is the last itself.
                if let Some(last) = self.lent.pop()
                    && let Some(freed) = self.lent.get_mut(found)
                {
                    *freed = last;
                }
                self.release(link);
            }
            None => context.record_node(What::Ignored),
        }
    }

    #[inline(never)]
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
        let waiting = self.lent.swap_remove(found).waiting;
        self.release(link);
        if requeue {
            self.take_back(context, waiting, Reason::Rejected);
        } else {
            self.give_up(context, waiting.message, From::Hand, Reason::Rejected);
        }
    }

    #[inline]
    fn release(&mut self, link: LinkIndex) {
        if let Some(consumer) = self
            .consumers
            .iter_mut()
            .find(|consumer| consumer.link == link)
        {
            consumer.lent -= 1;
        }
    }

    /// Puts a delivery back to its original place, or gives it up if it came back too often.
    fn take_back(&mut self, context: &mut Context<'_>, waiting: Waiting, reason: Reason) {
        let message = waiting.message;
        let over = |limit: u32| u32::from(message.attempt) > limit;
        if self.settings.delivery_limit.is_some_and(over) {
            return self.give_up(context, message, From::Hand, Reason::Attempts);
        }
        context.record_because(What::Requeued, &message, reason);
        let at = self
            .ready
            .partition_point(|other| other.place < waiting.place);
        self.ready.insert(at, waiting);
        if self
            .settings
            .max_length
            .is_some_and(|most| self.ready.len() > most as usize)
        {
            self.drop_head(context);
        }
        self.plan_expiry(context);
    }

    /// Takes back all deliveries for which `which` holds, in the order of their places.
    fn take_back_where(
        &mut self,
        context: &mut Context<'_>,
        reason: Reason,
        which: impl Fn(&Lent) -> bool,
    ) {
        let mut back: Vec<Lent> = self
            .lent
            .iter()
            .copied()
            .filter(|lent| which(lent))
            .collect();
        self.lent.retain(|lent| !which(lent));
        back.sort_unstable_by_key(|lent| lent.waiting.place);
        for lent in back {
            self.release(lent.link);
            self.take_back(context, lent.waiting, reason);
        }
    }

    /// Deliveries that are overdue come back; then the next one is waited for.
    fn check_overdue(&mut self, context: &mut Context<'_>) {
        self.overdue_planned = false;
        let Some(timeout) = self.settings.ack_timeout else {
            return;
        };
        let now = context.now();
        self.take_back_where(context, Reason::Timeout, |lent| {
            lent.since.after(timeout) <= now
        });
        if let Some(earliest) = self.lent.iter().map(|lent| lent.since).min() {
            self.overdue_planned = true;
            context.wake_at(earliest.after(timeout), OVERDUE, 0);
        }
    }

    #[inline]
    fn plan_expiry(&mut self, context: &mut Context<'_>) {
        if let Some(life) = self.settings.time_to_live
            && !self.expiry_planned
            && let Some(head) = self.ready.front()
        {
            self.expiry_planned = true;
            context.wake_at(head.message.since.after(life), EXPIRY, 0);
        }
    }

    /// Expires at the head only, as the brokers do; all messages have the same time to live.
    fn check_expiry(&mut self, context: &mut Context<'_>) {
        self.expiry_planned = false;
        let Some(life) = self.settings.time_to_live else {
            return;
        };
        while let Some(head) = self.ready.front()
            && head.message.since.after(life) <= context.now()
        {
            let message = head.message;
            self.ready.pop_front();
            self.give_up(context, message, From::Waiting, Reason::Age);
        }
        self.plan_expiry(context);
    }

    /// A consumer says how much it takes. With a new session, what the old one had comes back.
    #[inline(never)]
    fn subscribe(
        &mut self,
        context: &mut Context<'_>,
        link: LinkIndex,
        prefetch: u32,
        session: u32,
    ) {
        let up = context.is_up(link);
        let known = self.consumers.iter_mut().find(|known| known.link == link);
        match known {
            Some(known) if known.session == session => {
                known.prefetch = prefetch;
                known.up = up;
            }
            _ => {
                self.forget(context, link);
                self.consumers.push(Consumer {
                    link,
                    prefetch,
                    session,
                    lent: 0,
                    up,
                });
            }
        }
    }

    #[inline(never)]
    fn forget(&mut self, context: &mut Context<'_>, link: LinkIndex) {
        self.take_back_where(context, Reason::ConsumerGone, |lent| lent.link == link);
        self.consumers.retain(|consumer| consumer.link != link);
        self.turn = 0;
    }

    fn crash(&mut self, context: &mut Context<'_>) {
        self.down = true;
        context.record_node(What::Crashed);
        self.take_back_where(context, Reason::Crash, |_| true);
        context.set_depth(self.ready.len());
    }

    fn clear(&mut self, context: &mut Context<'_>) {
        for waiting in std::mem::take(&mut self.ready) {
            context.record_waiting(What::Dropped, &waiting.message, Reason::Removal);
        }
        for lent in std::mem::take(&mut self.lent) {
            context.record_because(What::Dropped, &lent.waiting.message, Reason::Removal);
        }
        self.consumers.clear();
        context.set_depth(0);
    }
}

impl Behaviour for Queue {
    type Settings = Settings;

    fn start(&mut self, _: &mut Context<'_>) {}

    #[inline(always)]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        if self.down {
            return context.record_because(What::Dropped, arrival.message, Reason::Crash);
        }
        self.enqueue(context, arrival.message);
        self.serve(context);
    }

    #[inline(always)]
    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        match signal {
            Signal::Ack(message) => self.acknowledge(context, link, message),
            Signal::Nack { message, requeue } => self.reject(context, link, message, requeue),
            Signal::Subscribe { prefetch, session } => {
                self.subscribe(context, link, prefetch, session);
            }
            Signal::Closed => self.forget(context, link),
            _ => context.record_node(What::Ignored),
        }
        self.serve(context);
    }

    #[inline(never)]
    fn wake(&mut self, context: &mut Context<'_>, tag: u32, _word: u64) {
        match tag {
            OVERDUE => self.check_overdue(context),
            _ => self.check_expiry(context),
        }
        self.serve(context);
    }

    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
        while self
            .settings
            .max_length
            .is_some_and(|most| self.ready.len() > most as usize)
        {
            self.drop_head(context);
        }
        // What was planned for other times finds nothing due and plans anew.
        self.check_expiry(context);
        self.check_overdue(context);
        self.serve(context);
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        match fault {
            Fault::Crash if !self.down => self.crash(context),
            Fault::Restart if self.down => {
                self.down = false;
                context.record_node(What::Restarted);
                self.serve(context);
            }
            Fault::Remove => self.clear(context),
            _ => {}
        }
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        let there: Vec<LinkIndex> = (0..context.outgoing_count())
            .map(|n| context.outgoing(n))
            .collect();
        let gone: Vec<LinkIndex> = self
            .consumers
            .iter()
            .map(|consumer| consumer.link)
            .filter(|link| !there.contains(link))
            .collect();
        for link in gone {
            self.forget(context, link);
        }
        for consumer in &mut self.consumers {
            consumer.up = context.is_up(consumer.link);
        }
        self.serve(context);
    }

    fn holdings(&self) -> Holdings {
        Holdings {
            waiting: self.ready.len() as u64,
            in_flight: self.lent.len() as u64,
            stored: 0,
        }
    }

    fn bytes(&self) -> usize {
        self.ready.len() * size_of::<Waiting>() + self.lent.len() * size_of::<Lent>()
    }
}
