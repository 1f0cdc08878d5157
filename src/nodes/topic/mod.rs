//! A topic: every subscription gets a copy of its own.
//!
//! It follows the publish-subscribe channel of *Enterprise Integration Patterns* and SNS standard
//! topics: the topic itself keeps nothing. A subscription is a link that leaves it; what waits for
//! a slow subscriber waits in that subscriber's queue. The link may have a filter policy in the
//! language of SNS.

mod presets;
#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::shared::consumer::stop_or_go;
use super::shared::relay::Relay;
use super::shared::seen::Seen;
use super::{
    Conduct, Control, Descriptor, Field, Filter, Glyph, Group, Needs, Part, Passing, Picks,
    Picture, Role, SettingsProblem, Status, Tone, Way,
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
    /// When a publisher that wants to know hears that an event was taken.
    pub confirms: Confirms,
    /// How many subscriptions are served, in the order in which they were drawn; all without.
    pub max_subscribers: Option<u32>,
    /// Who is not served when there are more.
    pub surplus: Surplus,
}

/// When a publisher that wants to know hears that an event was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirms {
    /// When all subscribers that get a copy have it.
    Delivered,
    /// At once.
    Accepted,
}

/// Who is not served when there are too many subscriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surplus {
    /// The last ones.
    Newest,
    /// The first ones.
    Oldest,
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
            confirms: Confirms::Delivered,
            max_subscribers: None,
            surplus: Surplus::Newest,
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
    fields: &[
        Field {
            name: "unrouted",
            label: "Without a subscriber",
            help: "A topic keeps nothing: an event that no subscription takes is gone. Say whether \
                   that is a loss. Who subscribes by a queue finds there what came while it was \
                   away; who is linked to the topic itself misses it.",
            control: Control::Choice(&[("drop", "Dropped"), ("ignore", "Ignored")]),
            ..Field::PLAIN
        },
        Field {
            name: "confirms",
            label: "Confirms events",
            help: "For publishers that want confirms: when all subscribers have their copy, \
                   refused when one of them refuses it, though others have it; or at once, as \
                   Amazon SNS does: what then happens on the way the publisher never hears.",
            control: Control::Choice(&[("delivered", "When all have it"), ("accepted", "At once")]),
            aliases: &["publisher confirms", "ack"],
            heading: "Subscribers",
            ..Field::PLAIN
        },
        Field {
            name: "max_subscribers",
            label: "Subscribers at most",
            unit: "subscribers",
            help: "How many subscriptions are served; empty for all. The others get nothing and \
                   nobody hears of it.",
            control: Control::OptionalCount {
                min: 0,
                max: 100_000,
            },
            aliases: &["limit"],
            heading: "Subscribers",
            ..Field::PLAIN
        },
        Field {
            name: "surplus",
            label: "With too many",
            help: "Whether those that were drawn last get nothing, or those drawn first, which \
                   the newer ones push out.",
            control: Control::Choice(&[
                ("newest", "The newest get nothing"),
                ("oldest", "The oldest get nothing"),
            ]),
            heading: "Subscribers",
            needs: Some(Needs::set("max_subscribers")),
            ..Field::PLAIN
        },
    ],
    presets: presets::PRESETS,
};

/// A running topic.
#[derive(Clone)]
pub struct Topic {
    settings: Settings,
    published: u64,
    /// How many nobody took.
    unheard: u64,
    /// The filters of the links that leave it, in their order; empty if none has one and all are
    /// served.
    filters: Vec<Option<Filter>>,
    /// The links that are not served, by their places.
    unserved: Range<usize>,
    relay: Relay,
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
            unserved: 0..0,
            relay: Relay::default(),
            down: false,
        }
    }

    /// It keeps no message.
    pub(crate) fn message(&self, _: MessageId) -> Option<&Message> {
        None
    }

    /// Reads the filters of the links that leave it, and finds out which of them are served.
    fn learn(&mut self, context: &Context<'_>) {
        let filter = |n| {
            let settings = context.link_settings(context.outgoing(n));
            let policy = settings.filter.as_deref()?;
            Some(Filter::new(policy, settings.filter_scope))
        };
        let count = context.outgoing_count();
        let most = self.settings.max_subscribers.map(|most| most as usize);
        let most = most.unwrap_or(count).min(count);
        self.unserved = match self.settings.surplus {
            Surplus::Newest => most..count,
            Surplus::Oldest => 0..count - most,
        };
        self.filters = (0..count).map(filter).collect();
        if self.unserved.is_empty() && self.filters.iter().all(Option::is_none) {
            self.filters.clear();
        }
    }

    /// Whether the subscription that is the n-th link gets a copy.
    fn gets(&self, context: &Context<'_>, n: usize, message: &Message, seen: &mut Seen) -> bool {
        let wants = |filter: &Filter| filter.takes(seen.by(filter.scope(), context, message));
        !self.unserved.contains(&n)
            && context.takes(context.outgoing(n), message.event_type)
            && (self.filters.get(n).and_then(Option::as_ref)).is_none_or(wants)
    }

    /// Gives copies to the links that are served and whose filters take the message. How many.
    #[inline(never)]
    fn send_filtered(&self, context: &mut Context<'_>, message: &Message) -> usize {
        let mut seen = Seen::default();
        let mut copies = 0;
        for n in 0..context.outgoing_count() {
            if self.gets(context, n, message, &mut seen) {
                context.send_copy(context.outgoing(n), message);
                copies += 1;
            }
        }
        copies
    }

    /// An event was given to so many subscriptions.
    fn end(&mut self, context: &mut Context<'_>, message: &Message, copies: usize) {
        self.unheard += u64::from(copies == 0);
        if copies == 0 && self.settings.unrouted == Unrouted::Drop {
            context.record_because(What::Dropped, message, Reason::NoReceiver);
        } else {
            context.record(What::Done, message);
        }
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
        self.end(context, message, copies);
    }

    #[inline(never)]
    fn receive_asked(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        if self.down || self.settings.confirms == Confirms::Accepted {
            return self.receive(context, arrival);
        }
        let (message, mut seen) = (arrival.message, Seen::default());
        self.published += 1;
        let takers: Vec<LinkIndex> = (0..context.outgoing_count())
            .filter(|n| self.gets(context, *n, message, &mut seen))
            .map(|n| context.outgoing(n))
            .collect();
        (self.relay).give_on(context, arrival, (&takers, None), arrival.word);
        self.end(context, message, takers.len());
    }

    fn signal(&mut self, context: &mut Context<'_>, link: LinkIndex, signal: Signal) {
        self.relay.heard(context, link, signal);
    }

    fn wake(&mut self, _: &mut Context<'_>, _: u32, _: u64) {}

    fn configure(&mut self, context: &mut Context<'_>, settings: Settings) {
        self.settings = settings;
        self.learn(context);
    }

    fn suffer(&mut self, context: &mut Context<'_>, fault: Fault) {
        if stop_or_go(&mut self.down, context, fault) {
            self.relay.lose();
        }
    }

    fn relink(&mut self, context: &mut Context<'_>) {
        self.learn(context);
        self.relay.relink(context);
    }

    fn holdings(&self) -> Holdings {
        Holdings::default()
    }

    fn bytes(&self) -> usize {
        self.filters.len() * 200 + self.relay.bytes()
    }
}
