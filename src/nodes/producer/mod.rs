//! A producer: a service, device or person that emits events.
//!
//! It follows the producers of CloudEvents: an event is a fact, has an identity, and does not name
//! its receiver. It never waits for what receives it.

mod behaviour;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use behaviour::Producer;

use super::shared::events::{EventSpec, name_problem};
use super::{Conduct, Control, Descriptor, Field, Glyph, Group, Offer, Role, SettingsProblem, Way};
use crate::units::{Rate, SimDuration};

/// What a producer emits, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How the time between two events is found.
    pub pace: Pace,
    /// Events a second.
    pub rate: Rate,
    /// Time before the first event.
    pub start_after: SimDuration,
    /// Most events; no end without.
    pub limit: Option<u32>,
    /// The event types that are emitted at random, by weight.
    pub events: Vec<EventSpec>,
    /// What keys are called.
    pub key_label: String,
    /// How many keys there are, each equally likely; 0 for events without a key.
    pub keys: u32,
    /// Events that are emitted at fixed times, besides the others.
    pub schedule: Vec<Scheduled>,
}

/// How the time between two events is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Always the same time.
    Constant,
    /// Independent events: exponential times.
    Poisson,
    /// Only what is scheduled or sent by hand.
    ByHand,
}

/// An event at a fixed time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduled {
    /// Time since the producer started.
    pub at: SimDuration,
    /// Name of the event type.
    pub event: String,
    /// Its key.
    #[serde(default)]
    pub key: String,
    /// Its body.
    #[serde(default)]
    pub body: Value,
    /// Its headers.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub headers: Map<String, Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pace: Pace::Poisson,
            rate: Rate::per_second(1.0).expect("one a second is a rate"),
            start_after: SimDuration::ZERO,
            limit: None,
            events: vec![EventSpec::named("SomethingHappened")],
            key_label: "key".to_owned(),
            keys: 0,
            schedule: Vec::new(),
        }
    }
}

/// Most keys of one producer.
const KEYS_MOST: u64 = 10_000;
/// Most event types, and most scheduled events.
const LIST_MOST: usize = 200;

impl Settings {
    /// What the fields' own checks do not find.
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Vec::new();
        for (n, event) in self.events.iter().enumerate() {
            problems.extend(event.problems(&format!("events[{n}]")));
        }
        for (n, scheduled) in self.schedule.iter().enumerate() {
            problems.extend(name_problem(
                &scheduled.event,
                &format!("schedule[{n}].event"),
            ));
        }
        for (field, length) in [
            ("events", self.events.len()),
            ("schedule", self.schedule.len()),
        ] {
            if length > LIST_MOST {
                let what = format!("expected at most {LIST_MOST}, found {length}");
                problems.push(SettingsProblem::new(field, what));
            }
        }
        let weight: u64 = self
            .events
            .iter()
            .map(|event| u64::from(event.weight))
            .sum();
        if weight == 0 && self.pace != Pace::ByHand {
            let what = "expected an event with a weight above 0, found none";
            problems.push(SettingsProblem::new("events", what));
        }
        problems
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        let by_hand = self.pace == Pace::ByHand;
        let rate = match self.rate.interval() {
            Some(_) if !by_hand && self.limit.is_none() => 1e9 / self.rate.interval_nanos(),
            _ => 0.0,
        };
        let silenced_by = match self.limit {
            _ if by_hand => None,
            _ if self.rate == Rate::ZERO => Some("rate"),
            Some(0) => Some("limit"),
            _ => None,
        };
        let weights: f64 = self.events.iter().map(|it| f64::from(it.weight)).sum();
        let chosen = self
            .events
            .iter()
            .filter(|it| silenced_by.is_none() && (by_hand || it.weight > 0))
            .map(|it| Offer {
                event: Some(&it.event),
                per_second: rate * f64::from(it.weight) / weights.max(1.0),
                field: "events",
            });
        let planned = self.schedule.iter().map(|it| Offer {
            event: Some(&it.event),
            per_second: 0.0,
            field: "schedule",
        });
        let mut offers: Vec<Offer> = chosen.chain(planned).collect();
        if by_hand && offers.is_empty() {
            offers.push(Offer {
                event: None,
                per_second: 0.0,
                field: "events",
            });
        }
        Conduct {
            silenced_by: silenced_by.filter(|_| offers.is_empty()),
            offers,
            ways: vec![Way {
                unheard_is_lost: true,
                ..Way::copies(Role::Sends)
            }],
            ..Conduct::default()
        }
    }
}

/// What a producer is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Producer",
    summary: "Emits events at a pace of its own and waits for nobody",
    brief: "Emits events",
    aliases: &[
        "publisher",
        "source",
        "sender",
        "emitter",
        "client",
        "device",
        "sensor",
        "user",
        "person",
        "traffic",
        "load",
    ],
    source: "CloudEvents 1.0: producer, source, event",
    group: Group::Sources,
    glyph: Glyph::Antenna,
    takes: &[],
    gives: &[Role::Sends],
    by_hand: true,
    can_crash: true,
    fields: &[
        Field {
            name: "pace",
            label: "Pace",
            unit: "",
            help: "Poisson is what many independent people do: the same rate on average, but in \
                   clusters. Queues that are fine at a constant pace can grow under it.",
            control: Control::Choice(&[
                ("constant", "Constant"),
                ("poisson", "Poisson"),
                ("by_hand", "By hand"),
            ]),
        },
        Field {
            name: "rate",
            label: "Rate",
            unit: "events/s",
            help: "Events a second, on average.",
            control: Control::Rate,
        },
        Field {
            name: "start_after",
            label: "Start after",
            unit: "",
            help: "Time before the first event.",
            control: Control::Duration,
        },
        Field {
            name: "limit",
            label: "Stop after",
            unit: "events",
            help: "Most events that it emits at its pace; empty for no end.",
            control: Control::OptionalCount {
                min: 0,
                max: u32::MAX as u64,
            },
        },
        Field {
            name: "events",
            label: "Events",
            unit: "",
            help: "Event types with weight, body and headers. Bodies and headers may have {seq}, \
                   {key}, {id}, {number 1 100} and {choice red|green}.",
            control: Control::Json,
        },
        Field {
            name: "key_label",
            label: "Keys are called",
            unit: "",
            help: "The keys are this text with a number: customer-1, customer-2.",
            control: Control::Text(60),
        },
        Field {
            name: "keys",
            label: "Keys",
            unit: "keys",
            help: "How many different keys there are; order is a promise for each key alone. \
                   0 for events without a key.",
            control: Control::Count {
                min: 0,
                max: KEYS_MOST,
            },
        },
        Field {
            name: "schedule",
            label: "Schedule",
            unit: "",
            help: "Events at fixed times, besides the others: at, event, key, body, headers.",
            control: Control::Json,
        },
    ],
};
