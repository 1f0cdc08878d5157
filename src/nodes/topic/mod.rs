//! A topic: every subscription gets a copy of its own.
//!
//! It follows the publish-subscribe channel of *Enterprise Integration Patterns* and SNS standard
//! topics: the topic itself keeps nothing. A subscription is a link that leaves it; what waits for
//! a slow subscriber waits in that subscriber's queue. The link may have a filter policy in the
//! language of SNS.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::shared::seen::Seen;
use super::{
    Conduct, Control, Descriptor, Field, Filter, Glyph, Group, Part, Passing, Picks, Picture, Role,
    SettingsProblem, Status, Tone, Way,
};
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Holdings, LinkIndex, Message, MessageId, Names, Reason,
    Signal, What,
};
use crate::units::SimTime;

/// How a topic treats what it gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What happens to an event that no subscription takes.
    pub unrouted: Unrouted,
}

/// What happens to an event that no subscription takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unrouted {
    /// It counts as lost.
    Drop,
    /// It counts as done: nobody had to hear it.
    Ignore,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            unrouted: Unrouted::Drop,
        }
    }
}

impl Settings {
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        Vec::new()
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        Conduct {
            ways: vec![Way {
                unheard_is_lost: self.unrouted == Unrouted::Drop,
                picks: Picks::Filter,
                ..Way::copies(Role::Sends)
            }],
            passings: vec![Passing::along(Role::Sends)],
            ..Conduct::default()
        }
    }
}

/// What a topic is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Topic",
    summary: "Gives a copy of each event to every subscription",
    brief: "A copy for each",
    aliases: &[
        "pub/sub",
        "publish subscribe",
        "SNS",
        "fan-out",
        "fanout",
        "broadcast",
        "bus",
    ],
    source: "Enterprise Integration Patterns: publish-subscribe channel; Amazon SNS standard topic",
    group: Group::Channels,
    glyph: Glyph::Fan,
    takes: &[Role::Sends],
    gives: &[Role::Sends],
    by_hand: true,
    can_crash: true,
    fields: &[Field {
        name: "unrouted",
        label: "Without a subscriber",
        help: "A topic keeps nothing: an event that no subscription takes is gone. Say whether \
               that is a loss.",
        control: Control::Choice(&[("drop", "Dropped"), ("ignore", "Ignored")]),
        ..Field::PLAIN
    }],
};

/// A running topic.
#[derive(Clone)]
pub struct Topic {
    settings: Settings,
    published: u64,
    /// How many nobody took.
    unheard: u64,
    /// The filters of the links that leave it, in their order; empty if none has one.
    filters: Vec<Option<Filter>>,
    down: bool,
}

impl Topic {
    /// A topic that has not started.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            published: 0,
            unheard: 0,
            filters: Vec::new(),
            down: false,
        }
    }

    /// It keeps no message.
    pub(crate) fn message(&self, _: MessageId) -> Option<&Message> {
        None
    }

    /// Reads the filters of the links that leave it.
    fn learn(&mut self, context: &Context<'_>) {
        let filter = |n| {
            let settings = context.link_settings(context.outgoing(n));
            let policy = settings.filter.as_deref()?;
            Some(Filter::new(policy, settings.filter_scope))
        };
        self.filters = (0..context.outgoing_count()).map(filter).collect();
        if self.filters.iter().all(Option::is_none) {
            self.filters.clear();
        }
    }

    /// Gives copies to the links whose filters take the message. How many.
    #[inline(never)]
    fn send_filtered(&self, context: &mut Context<'_>, message: &Message) -> usize {
        let mut seen = Seen::default();
        let mut copies = 0;
        for (n, filter) in self.filters.iter().enumerate() {
            let link = context.outgoing(n);
            let wants = |filter: &Filter| filter.takes(seen.by(filter.scope(), context, message));
            if context.takes(link, message.event_type) && filter.as_ref().is_none_or(wants) {
                context.send_copy(link, message);
                copies += 1;
            }
        }
        copies
    }

    /// What the card shows.
    pub fn picture(&self, _now: SimTime, _names: &Names) -> Picture {
        let mut parts = vec![Part::text(
            "published",
            self.published.to_string(),
            Tone::Calm,
        )];
        if self.unheard > 0 {
            let (label, tone) = match self.settings.unrouted {
                Unrouted::Drop => ("nobody took", Tone::Warning),
                Unrouted::Ignore => ("nobody took", Tone::Calm),
            };
            parts.push(Part::text(label, self.unheard.to_string(), tone));
        }
        Picture {
            status: if self.down { Status::Down } else { Status::Up },
            parts,
        }
    }
}

impl Behaviour for Topic {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.learn(context);
    }

    #[inline]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let message = arrival.message;
        if self.down {
            return context.record_because(What::Dropped, message, Reason::Crash);
        }
        self.published += 1;
        let mut copies = 0;
        if self.filters.is_empty() {
            for n in 0..context.outgoing_count() {
                let link = context.outgoing(n);
                if context.takes(link, message.event_type) {
                    context.send_copy(link, message);
                    copies += 1;
                }
            }
        } else {
            copies = self.send_filtered(context, message);
        }
        self.unheard += u64::from(copies == 0);
        if copies == 0 && self.settings.unrouted == Unrouted::Drop {
            context.record_because(What::Dropped, message, Reason::NoReceiver);
        } else {
            context.record(What::Done, message);
        }
    }

    fn signal(&mut self, _: &mut Context<'_>, _: LinkIndex, _: Signal) {}

    fn wake(&mut self, _: &mut Context<'_>, _: u32, _: u64) {}

    fn configure(&mut self, _: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        let down = fault != Fault::Restart;
        if down != self.down {
            self.down = down;
            context.record_node(if down { What::Crashed } else { What::Restarted });
        }
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        self.learn(context);
    }

    fn holdings(&self) -> Holdings {
        Holdings::default()
    }

    fn bytes(&self) -> usize {
        self.filters.len() * 200
    }
}
