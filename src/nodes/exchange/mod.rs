//! An exchange: gives each message to the queues that are bound to it, as the bindings say.
//!
//! It follows the exchanges of RabbitMQ 4.0, and with its last type the subjects and queue groups
//! of NATS 2.10. A binding is a link that leaves it. The exchange keeps
//! nothing, and a queue gets at most one copy of a message, however many bindings lead to it. The
//! headers CC and BCC have further routing keys. Left out: the internal exchanges that only others
//! may publish to.

mod binding;
mod presets;
mod route;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use binding::{Binding, ExchangeType, members};

use super::{
    Conduct, Control, Descriptor, Field, Glyph, Group, Needs, Part, Passing, Picks, Picture, Role,
    SettingsProblem, Split, Status, Tone, Way,
};
use crate::engine::{
    Arrival, Behaviour, Context, Fault, Holdings, LinkIndex, Message, MessageId, Names, NodeIndex,
    Reason, Signal, What,
};
use crate::nodes::shared::consumer::stop_or_go;
use crate::nodes::shared::relay::Relay;
use crate::nodes::shared::routing;
use crate::units::SimTime;
use route::Table;

/// How an exchange finds the queues for a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How it compares messages with its bindings.
    #[serde(rename = "type")]
    pub exchange_type: ExchangeType,
    /// Where the routing key of a message comes from.
    pub routing_key: KeyFrom,
    /// What happens to a message for which there is no queue.
    pub unroutable: Unroutable,
}

/// Where the routing key of a message comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyFrom {
    /// It is the event type.
    Type,
    /// It is the message key.
    Key,
    /// It is a header, `routing-key`.
    Header,
}

/// What happens to a message for which there is no queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unroutable {
    /// It is dropped, and nobody is told.
    Drop,
    /// It is dropped, and who published it is told.
    Return,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            exchange_type: ExchangeType::Topic,
            routing_key: KeyFrom::Type,
            unroutable: Unroutable::Drop,
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
                role: Role::Binds,
                split: Split::Copies,
                picks: Picks::Binding,
                unheard_is_lost: true,
            }],
            passings: vec![Passing::along(Role::Binds)],
            ..Conduct::default()
        }
    }
}

/// What an exchange is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Exchange",
    summary: "Gives each message to the queues whose bindings take it",
    brief: "Routes by bindings",
    aliases: &[
        "RabbitMQ",
        "AMQP",
        "routing",
        "router",
        "binding",
        "direct exchange",
        "fanout exchange",
        "topic exchange",
        "headers exchange",
        "wildcards",
        "NATS",
        "subject",
    ],
    source: "RabbitMQ 4.0 (AMQP 0-9-1): exchanges, bindings, alternate exchange, mandatory; \
             NATS 2.10: subjects, queue groups",
    group: Group::Channels,
    glyph: Glyph::Fan,
    takes: &[Role::Sends, Role::DeadLetters, Role::Binds],
    gives: &[Role::Binds],
    by_hand: true,
    can_crash: true,
    fields: &[
        Field {
            name: "type",
            label: "Type",
            help: "Direct compares the routing key with the key of each link, topic takes that key \
                   for a pattern, headers goes by the link's arguments and fanout asks nothing. \
                   The default exchange knows each queue by its name: write it as the link's key. \
                   With NATS subjects the links are subscriptions, each with a copy of its own. \
                   Else a queue gets one copy, however many bindings lead to it.",
            control: Control::Choice(&[
                ("direct", "Direct"),
                ("fanout", "Fanout"),
                ("topic", "Topic"),
                ("headers", "Headers"),
                ("default", "Default"),
                ("subjects", "NATS subjects"),
            ]),
            aliases: &["fanout", "wildcards"],
            ..Field::PLAIN
        },
        Field {
            name: "routing_key",
            label: "Routing key",
            help: "What publishers give as routing key: the event type (name it order.created), \
                   the message key, or the header routing-key. Exchanges behind this one go by the \
                   same key.",
            control: Control::Choice(&[
                ("type", "Event type"),
                ("key", "Message key"),
                ("header", "Header routing-key"),
            ]),
            needs: Some(Needs::one_of(
                "type",
                &["direct", "topic", "default", "subjects"],
            )),
            ..Field::PLAIN
        },
        Field {
            name: "unroutable",
            label: "Without a queue",
            help: "Unless it is returned (mandatory), the publisher does not hear of a message for \
                   which there is no queue: even a publisher confirm says that all is well. A \
                   link to an alternate exchange is tried first. Otherwise it is confirmed when \
                   all queues have it, and refused when one of them refuses it.",
            control: Control::Choice(&[("drop", "Dropped"), ("return", "Returned")]),
            aliases: &["mandatory", "alternate"],
            ..Field::PLAIN
        },
    ],
    presets: presets::PRESETS,
};

/// A running exchange.
#[derive(Clone)]
pub struct Exchange {
    settings: Settings,
    bindings: usize,
    routed: u64,
    unroutable: u64,
    relay: Relay,
    down: bool,
}

impl Exchange {
    /// An exchange that has not started.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            bindings: 0,
            routed: 0,
            unroutable: 0,
            relay: Relay::default(),
            down: false,
        }
    }

    /// It keeps no message.
    pub(crate) fn message(&self, _: MessageId) -> Option<&Message> {
        None
    }

    /// What the card shows.
    pub fn picture(&self, _now: SimTime, _names: &Names) -> Picture {
        let part = |label: &str, count: u64, tone| Part::Text {
            label: label.to_owned(),
            text: count.to_string(),
            tone,
        };
        let mut parts = vec![part("routed", self.routed, Tone::Calm)];
        if self.unroutable > 0 {
            let label = match self.settings.unroutable {
                Unroutable::Drop => "unroutable, dropped",
                Unroutable::Return => "unroutable, returned",
            };
            parts.push(part(label, self.unroutable, Tone::Warning));
        }
        Picture {
            status: if self.down { Status::Down } else { Status::Up },
            parts,
        }
    }

    fn learn(&mut self, context: &mut Context<'_>) {
        let table = Table::new(&self.settings, context);
        self.bindings = table.len();
        context.post(Arc::new(table));
    }

    /// Tells who published a message that there is no queue for it.
    fn give_up(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        self.unroutable += 1;
        context.record_because(What::Dropped, arrival.message, Reason::Unroutable);
        if self.settings.unroutable == Unroutable::Return
            && let Some(link) = arrival.link
        {
            context.answer(link, Signal::Returned(arrival.message.id), arrival.message);
        }
    }
}

impl Behaviour for Exchange {
    type Settings = Settings;

    fn start(&mut self, context: &mut Context<'_>) {
        self.learn(context);
    }

    /// The word of a message that another exchange gave on is the place of the exchange that it
    /// was published to, and one.
    #[inline(never)]
    fn receive(&mut self, context: &mut Context<'_>, arrival: &Arrival<'_>) {
        let message = arrival.message;
        if self.down {
            return context.record_because(What::Dropped, message, Reason::Crash);
        }
        let origin = match routing::origin(arrival.word).checked_sub(1) {
            Some(place) => NodeIndex(place),
            None => context.me(),
        };
        let links = route::links(context, origin, message);
        let Some((first, others)) = links.split_first() else {
            return self.give_up(context, arrival);
        };
        self.routed += 1;
        let word = routing::given_on(arrival.word, origin.0);
        let links = (others, Some(*first));
        self.relay.give_on(context, arrival, links, word);
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
        self.bindings * 120 + self.relay.bytes()
    }
}
