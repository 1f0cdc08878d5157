//! Events that a service emits: when, how many, and from how many messages.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::behaviour::{LATER, Lucks, Service};
use super::{always, one};
use crate::engine::{BodyId, Context, EventType, Message, Template};
use crate::nodes::Role;
use crate::nodes::conduct;
use crate::nodes::shared::events::{EventClass, Payload};
use crate::units::{Chance, SimDuration};

/// An event that is emitted when the work on a message is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emission {
    /// Name of the event type that causes it; all without.
    #[serde(default)]
    pub on: Option<String>,
    /// Name of the event type.
    pub event: String,
    /// Version of its schema.
    #[serde(default = "one")]
    pub version: u32,
    /// Chance that it is emitted.
    #[serde(default = "always")]
    pub chance: Chance,
    /// Its body; that of the message that caused it without.
    #[serde(default)]
    pub body: Option<Value>,
    /// Whether it is emitted when the work failed for good, and not when it is done.
    #[serde(default)]
    pub failed: bool,
    /// How long after the work it is emitted.
    #[serde(default)]
    pub after: SimDuration,
    /// How many of it are emitted for one message.
    #[serde(default = "one")]
    pub count: u32,
    /// A list in the body of the message: one is emitted for each item, with the item as its body.
    #[serde(default)]
    pub each: Option<String>,
    /// Of how many messages with the same key one is made.
    #[serde(default = "one")]
    pub gather: u32,
    /// The length of the windows in which messages with the same key are counted by the time at
    /// which they happened, to emit one for each window; none with 0.
    #[serde(default)]
    pub window: SimDuration,
    /// How long after its end a window waits for what comes late.
    #[serde(default)]
    pub lateness: SimDuration,
    /// What it is: a fact of one's own domain, or something else.
    #[serde(default, skip_serializing_if = "EventClass::is_domain")]
    pub class: EventClass,
    /// Whether it says all that its receivers need.
    #[serde(default, skip_serializing_if = "Payload::is_state")]
    pub payload: Payload,
    /// Its headers, if it has a body of its own: an object in which texts may have placeholders.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub headers: Map<String, Value>,
    /// Whether it is emitted for a message whose window is closed already, and not otherwise.
    #[serde(default)]
    pub late: bool,
}

/// Most events that one message splits into.
pub(super) const SPLIT_MOST: u32 = 1_000;

impl Emission {
    /// Whether nothing has to be kept in mind for it.
    pub(super) fn is_simple(&self) -> bool {
        self.after.is_zero() && self.gather <= 1 && self.window.is_zero() && !self.late
    }

    /// How many are emitted for one message, as far as one can say.
    pub(super) fn mean_count(&self) -> f64 {
        f64::from(self.count) / f64::from(self.gather.max(1))
    }

    /// Whether only a run knows how many there are.
    pub(super) fn is_conditional(&self) -> bool {
        self.failed || self.late || self.each.is_some() || !self.window.is_zero()
    }

    /// The body that its events have, unless it is that of the message that caused them.
    pub(super) fn own_body(&self, context: &mut Context<'_>) -> Option<BodyId> {
        let template = Template {
            luck: context.luck(),
            json: self.body.clone()?,
            headers: Value::Object(self.headers.clone()),
            schema_version: self.version,
            class: self.class.word(),
            is_notification: self.payload == Payload::Notification,
        };
        Some(context.add_template(template))
    }

    /// Its share of messages, while nobody knows whether the work fails.
    pub(super) fn share(&self) -> f64 {
        conduct::share(self.chance) * self.mean_count()
    }
}

/// An [`Emission`] in the numbers of a run.
#[derive(Clone, Copy)]
pub(super) struct KnownEmission {
    pub(super) on: Option<EventType>,
    pub(super) event_type: EventType,
    pub(super) body: Option<BodyId>,
    pub(super) chance: Chance,
    pub(super) failed: bool,
}

impl Service {
    /// Emits what follows from a message whose work is over, at once.
    #[inline(never)]
    pub(super) fn emit(&self, context: &mut Context<'_>, cause: &Message, nth: usize, luck: Lucks) {
        if self.is_due(cause, nth, luck) {
            self.give(context, cause, nth, send);
        }
    }

    /// What follows from a message whose work is over, for whoever sends it.
    pub(super) fn events_of(
        &self,
        context: &mut Context<'_>,
        cause: &Message,
        failed: bool,
    ) -> Vec<Message> {
        let mut events = Vec::new();
        let Some(luck) = self.luck else {
            return events;
        };
        for nth in 0..self.emits.len() {
            if self.emits[nth].failed == failed && self.is_due(cause, nth, luck) {
                self.give(context, cause, nth, |_, event| events.push(*event));
            }
        }
        events
    }

    /// Whether an emission follows from a message.
    fn is_due(&self, cause: &Message, nth: usize, luck: Lucks) -> bool {
        let emission = self.emits[nth];
        let draw = luck
            .emission
            .attempt(cause.root, cause.attempt)
            .draw(nth as u64);
        emission.on.is_none_or(|on| on == cause.event_type) && emission.chance.happens(draw)
    }

    /// Emits what follows from a message, gathered and after a while if that is wanted.
    pub(super) fn emit_all(&mut self, context: &mut Context<'_>, cause: &Message, failed: bool) {
        let Some(luck) = self.luck else { return };
        let mut is_late = false;
        // What is for those that come late comes after the windows that tell which do.
        for (nth, for_late) in (0..self.emits.len())
            .map(|nth| (nth, false))
            .chain((0..self.emits.len()).map(|nth| (nth, true)))
        {
            let Some(wanted) = self.settings.emits.get(nth) else {
                continue;
            };
            let is_wanted = wanted.late == for_late && (is_late || !for_late);
            let is_now = is_wanted && self.emits[nth].failed == failed;
            if !is_now || !self.is_due(cause, nth, luck) {
                continue;
            }
            if !wanted.window.is_zero() {
                is_late |= self.put_in_window(context, cause, nth);
                continue;
            }
            let (gather, after) = (wanted.gather, wanted.after);
            if gather > 1 {
                let gathered = self.more.gathered.entry((nth, cause.key)).or_default();
                *gathered += 1;
                if *gathered < gather {
                    continue;
                }
                self.more.gathered.remove(&(nth, cause.key));
            }
            if after.is_zero() {
                self.give(context, cause, nth, send);
                continue;
            }
            let later = &mut self.more.later;
            let free = later.iter().position(Option::is_none);
            let slot = free.unwrap_or(later.len());
            if slot == later.len() {
                later.push(None);
            }
            later[slot] = Some((nth, *cause));
            let word = u64::from(self.life.number) << 32 | slot as u64;
            context.wake_after(after, LATER, word);
        }
    }

    /// The time of something that was to be emitted later has come.
    pub(super) fn emit_later(&mut self, context: &mut Context<'_>, slot: usize) {
        let planned = self.more.later.get_mut(slot).and_then(Option::take);
        if let Some((nth, cause)) = planned.filter(|(nth, _)| *nth < self.emits.len()) {
            self.give(context, &cause, nth, send);
        }
    }

    /// Emits one event, or as many as the message splits into.
    fn give(
        &self,
        context: &mut Context<'_>,
        cause: &Message,
        nth: usize,
        mut each: impl FnMut(&mut Context<'_>, &Message),
    ) {
        let emission = self.emits[nth];
        let wanted = &self.settings.emits[nth];
        let body = emission.body.unwrap_or(cause.body);
        let Some(list) = &wanted.each else {
            for copy in 0..wanted.count {
                let event = self.make(context, cause, (nth, copy), body);
                each(context, &event);
            }
            return;
        };
        let mut whole = context.body_of(cause);
        let items = whole.get_mut(list).map(Value::take);
        let items = match items {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        for (copy, item) in (0..SPLIT_MOST).zip(items) {
            let body = context.keep_body(item);
            let event = self.make(context, cause, (nth, copy), body);
            each(context, &event);
        }
    }

    fn make(
        &self,
        context: &mut Context<'_>,
        cause: &Message,
        (nth, copy): (usize, u32),
        body: BodyId,
    ) -> Message {
        let which = nth as u64 | u64::from(copy) << 16;
        let event_type = self.emits[nth].event_type;
        context.create_from(cause, which, event_type, cause.key, body)
    }
}

fn send(context: &mut Context<'_>, event: &Message) {
    context.send_to_role(Role::Sends.number(), event);
}
