//! Which messages come into a queue, when they are shown, and what happens if there is no room.

use std::collections::{BTreeMap, VecDeque};

use serde_json::Value;
use xxhash_rust::xxh64::xxh64;

use super::behaviour::{From, HIDDEN, PLACE_STEP, Queue};
use super::redrive::Redrive;
use super::shelf::{Order, Waiting};
use super::{Deduplication, Overflow, Rules, TooFast};
use crate::engine::{Arrival, Context, Key, Message, MessageId, Reason, Signal, What};
use crate::nodes::shared::routing::origin;
use crate::units::{Rate, SimDuration, SimTime};

/// The header with the priority of a message.
const PRIORITY: &str = "priority";
/// The header with the time for which a message is hidden.
const DELAY: &str = "delay";
/// The header by which repeated messages are known.
const DEDUPLICATION: &str = "deduplication-id";

/// Priorities above this are high where there are only two.
const NORMAL_PRIORITY: u64 = 4;
/// A quorum queue that refused takes messages again when this much of its limit is used.
const LOW_TENTHS: u64 = 8;

/// What a queue remembers of what came and went.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate {
    /// Bytes of what waits, if they are limited.
    bytes: u64,
    /// Whether a quorum queue refuses what comes.
    refusing: bool,
    /// From when on the next message may come.
    next_slot: SimTime,
    /// What came, with the moment at which it is forgotten.
    seen: BTreeMap<u64, SimTime>,
    forgotten: VecDeque<(SimTime, u64)>,
    /// When the queue was used last.
    pub(super) last_used: SimTime,
    /// What is sent on by hand.
    pub(super) redrive: Option<Redrive>,
    /// How often that was begun.
    pub(super) redrives: u64,
    /// How many messages were given up, by [`Death`].
    pub(super) deaths: [u64; 4],
    /// The copies that were sent on and not confirmed yet, each with what it is a copy of.
    pub(super) sent: Vec<(MessageId, MessageId)>,
}

/// Why messages are given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Death {
    Expired,
    Overflowed,
    TooOften,
    Rejected,
}

impl Death {
    pub(super) const ALL: [Self; 4] = [
        Self::Expired,
        Self::Overflowed,
        Self::TooOften,
        Self::Rejected,
    ];

    /// The kind of a reason.
    pub(super) fn of(reason: Reason) -> Self {
        match reason {
            Reason::Age => Self::Expired,
            Reason::Full => Self::Overflowed,
            Reason::Attempts => Self::TooOften,
            _ => Self::Rejected,
        }
    }

    /// What the card says.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Overflowed => "overflowed",
            Self::TooOften => "failed too often",
            Self::Rejected => "rejected",
        }
    }
}

impl Gate {
    /// Whether the same came within the window; if not, it is remembered.
    fn came_before(&mut self, print: u64, now: SimTime, window: SimDuration) -> bool {
        while let Some((at, old)) = self.forgotten.front().copied()
            && at <= now
        {
            self.forgotten.pop_front();
            self.seen.remove(&old);
        }
        if self.seen.contains_key(&print) {
            return true;
        }
        let until = now.after(window);
        self.seen.insert(print, until);
        self.forgotten.push_back((until, print));
        false
    }

    /// Forgets what came.
    pub(super) fn forget_all(&mut self) {
        self.seen.clear();
        self.forgotten.clear();
    }
}

/// A time in a header: milliseconds, as AMQP has it, or a duration.
pub(super) fn time_in(value: &Value) -> Option<SimDuration> {
    match value {
        Value::Number(number) => number.as_u64().map(SimDuration::from_millis),
        Value::String(text) => match text.parse::<u64>() {
            Ok(millis) => Some(SimDuration::from_millis(millis)),
            Err(_) => text.parse().ok(),
        },
        _ => None,
    }
}

impl Queue {
    /// Takes in a message if the queue is there.
    #[inline(never)]
    pub(super) fn receive_with_care(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        if self.down || self.gone {
            return self.turn_away(context, arrival.message);
        }
        self.admit(context, arrival.message, origin(arrival.word));
        self.serve(context);
    }

    /// Takes in a message that came, unless something speaks against it.
    pub(super) fn admit(&mut self, context: &mut Context<'_>, message: &Message, origin: u16) {
        let now = context.now();
        context.metrics().arrivals.count(now);
        if let Some(reason) = self.objection(context, message) {
            return context.record_because(What::Dropped, message, reason);
        }
        let mut message = Message {
            since: now,
            ..*message
        };
        if self.settings.rules == Rules::Classic {
            message.attempt = 0;
        }
        if self.is_limited() && !self.make_room(context, &message, origin) {
            return;
        }
        context.record(What::Queued, &message);
        self.places += PLACE_STEP;
        let place = self.places | u64::from(origin);
        let waiting = Waiting { message, place };
        let shown = self.shown_from(context, &message);
        if shown > now {
            self.later.insert((shown, place), waiting);
            self.simple = false;
            context.wake_at(shown, HIDDEN, 0);
        } else {
            self.show(context, waiting);
        }
    }

    /// What speaks against a message.
    fn objection(&mut self, context: &Context<'_>, message: &Message) -> Option<Reason> {
        if message.dead && self.goes_round(context, message) {
            return Some(Reason::Circle);
        }
        let has_delay = || context.header(message, DELAY).is_some();
        if self.settings.groups && (message.key == Key::default() || has_delay()) {
            return Some(Reason::Rule);
        }
        let now = context.now();
        if self.settings.deduplication != Deduplication::Off {
            let id = context.header(message, DEDUPLICATION);
            let group = match self.settings.dedup_by_group {
                true => u64::from(message.key.0) << 1,
                false => 0,
            };
            let print = match (id, self.settings.deduplication) {
                (Some(id), _) => xxh64(id.to_string().as_bytes(), group),
                (None, Deduplication::Content) => {
                    xxh64(context.body_of(message).to_string().as_bytes(), group | 1)
                }
                (None, _) => return Some(Reason::Rule),
            };
            if (self.gate).came_before(print, now, self.settings.dedup_window) {
                return Some(Reason::Duplicate);
            }
        }
        let is_late = self.gate.next_slot > now;
        let is_limited = self.settings.publish_rate != Rate::ZERO;
        if is_limited && is_late && self.settings.too_fast == TooFast::Refuse {
            return Some(Reason::TooFast);
        }
        None
    }

    /// From when on a message that comes now is shown.
    fn shown_from(&mut self, context: &Context<'_>, message: &Message) -> SimTime {
        let now = context.now();
        let own = context
            .header(message, DELAY)
            .and_then(|value| time_in(&value));
        let delay = own.or(self.settings.delay).unwrap_or(SimDuration::ZERO);
        let mut shown = now.after(delay);
        if let Some(interval) = self.settings.publish_rate.interval() {
            let slot = self.gate.next_slot.max(now);
            self.gate.next_slot = slot.after(interval);
            shown = shown.max(slot);
        }
        shown
    }

    /// Puts a message where it can be handed out.
    fn show(&mut self, context: &mut Context<'_>, waiting: Waiting) {
        let message = &waiting.message;
        if message.body.has_headers()
            && context
                .header(message, super::leaving::EXPIRATION)
                .is_some()
        {
            self.may_expire = true;
            self.simple = false;
        }
        self.note_came(context, message);
        let lane = self.lane_of(context, message);
        self.ready.push(waiting, lane);
        if self.order() != Order::Line {
            self.drop_surplus(context);
        }
        self.plan_expiry(context);
    }

    /// Shows what was hidden until now.
    pub(super) fn show_hidden(&mut self, context: &mut Context<'_>) {
        while let Some(first) = self.later.first_entry()
            && first.key().0 <= context.now()
        {
            let waiting = first.remove();
            self.show(context, waiting);
        }
        self.judge();
    }

    /// In which lane a message waits: the most important ones in the first.
    pub(super) fn lane_of(&self, context: &Context<'_>, message: &Message) -> usize {
        let Order::Lanes { count, in_turns } = self.order() else {
            return 0;
        };
        let header = context.header(message, PRIORITY);
        let priority = header.and_then(|value| value.as_u64()).unwrap_or(0);
        if in_turns {
            usize::from(priority <= NORMAL_PRIORITY)
        } else {
            let last = count as u64 - 1;
            (last - priority.min(last)) as usize
        }
    }

    fn is_limited(&self) -> bool {
        self.settings.max_length.is_some() || self.settings.max_bytes.is_some()
    }

    /// Whether there is more than there may be, if so many more bytes came with one more message.
    fn is_above(&self, more: usize, bytes: u64) -> bool {
        let by_length = |most: u32| self.ready.len() + more > most as usize;
        let by_bytes = |most: u32| self.gate.bytes + bytes > u64::from(most);
        self.settings.max_length.is_some_and(by_length)
            || self.settings.max_bytes.is_some_and(by_bytes)
    }

    /// Whether there is room for a message that comes, or could be made.
    fn make_room(&mut self, context: &mut Context<'_>, message: &Message, origin: u16) -> bool {
        let is_quorum = self.settings.rules == Rules::Quorum;
        let bytes = self.size_of(context, message);
        let place = u64::from(origin);
        let waiting = Waiting {
            message: *message,
            place,
        };
        match self.settings.overflow {
            Overflow::Block => true,
            // It notices only when there is one too many.
            Overflow::Reject if is_quorum => {
                if self.gate.refusing {
                    context.record_because(What::Dropped, message, Reason::Full);
                    return false;
                }
                self.gate.refusing = self.is_above(1, bytes);
                true
            }
            _ if !self.is_above(1, bytes)
                || (self.ready.len() == 0 && self.consumers.has_free()) =>
            {
                true
            }
            Overflow::Reject => {
                context.record_because(What::Dropped, message, Reason::Full);
                false
            }
            Overflow::RejectDeadLetter if !is_quorum => {
                self.give_up(context, waiting, From::Hand, Reason::Full);
                false
            }
            _ if self.order() != Order::Line => true,
            _ => {
                while self.is_above(1, bytes) && self.ready.len() > 0 {
                    self.drop_head(context);
                }
                let fits = !self.is_above(1, bytes);
                if !fits {
                    // It was taken, and is the head that goes: its publisher hears no refusal.
                    context.confirm_anyway(message);
                    self.give_up(context, waiting, From::Hand, Reason::Full);
                }
                fits
            }
        }
    }

    fn drop_head(&mut self, context: &mut Context<'_>) {
        let head = self.pop(context).or_else(|| {
            // All groups are closed: the oldest message goes, whosever turn it is.
            let oldest = self.ready.iter().map(|waiting| waiting.message.id).min()?;
            self.ready.remove(|message| message.id == oldest)
        });
        if let Some(head) = head {
            self.give_up(context, head, From::Waiting, Reason::Full);
        }
    }

    /// Drops what is above the limits.
    pub(super) fn drop_surplus(&mut self, context: &mut Context<'_>) {
        let keeps = matches!(
            (self.settings.overflow, self.settings.rules),
            (Overflow::Block, _) | (Overflow::Reject, Rules::Quorum)
        );
        while !keeps && self.is_above(0, 0) && self.ready.len() > 0 {
            self.drop_head(context);
        }
    }

    /// Takes messages again, or lets those who send wait, as there is room or not.
    pub(super) fn check_room(&mut self, context: &mut Context<'_>) {
        if self.gate.refusing {
            let low = |most: u32| u64::from(most) * LOW_TENTHS / 10;
            let fits = |most: Option<u32>, used: u64| most.is_none_or(|most| used <= low(most));
            self.gate.refusing = !(fits(self.settings.max_length, self.ready.len() as u64)
                && fits(self.settings.max_bytes, self.gate.bytes));
        }
        let is_full = self.settings.overflow == Overflow::Block && self.is_above(1, 1);
        if is_full != self.blocked {
            self.blocked = is_full;
            self.tell_senders(context);
        }
    }

    /// Tells all who send whether there is room.
    pub(super) fn tell_senders(&self, context: &mut Context<'_>) {
        let signal = match self.blocked {
            true => Signal::Blocked,
            false => Signal::Unblocked,
        };
        for link in context.incoming() {
            if context.is_up(link) {
                context.signal(link, signal);
            }
        }
    }

    /// Bytes of a message's body, if they matter.
    fn size_of(&self, context: &Context<'_>, message: &Message) -> u64 {
        if self.settings.max_bytes.is_none() {
            return 0;
        }
        match context.body_of(message) {
            Value::String(text) => text.len() as u64,
            other => other.to_string().len() as u64,
        }
    }

    /// A message waits from now on.
    pub(super) fn note_came(&mut self, context: &Context<'_>, message: &Message) {
        self.gate.bytes += self.size_of(context, message);
    }

    /// A message waits no more.
    pub(super) fn note_gone(&mut self, context: &Context<'_>, message: &Message) {
        let size = self.size_of(context, message);
        self.gate.bytes = self.gate.bytes.saturating_sub(size);
    }

    /// Counts the bytes of what waits anew.
    pub(super) fn weigh(&mut self, context: &Context<'_>) {
        let all = self.ready.iter();
        self.gate.bytes = all.map(|it| self.size_of(context, &it.message)).sum();
    }
}
