//! A queue: each message waits until one consumer has acknowledged it.
//!
//! It follows RabbitMQ classic queues 4.0: deliveries are pushed within each consumer's prefetch,
//! what comes back goes to its original place, the length limit counts waiting messages only, and
//! dead-lettering publishes a new copy. The acknowledgement timeout is the visibility timeout of
//! Amazon SQS.

mod behaviour;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use behaviour::Queue;

use super::{
    Conduct, Control, Descriptor, Field, Glyph, Group, Lending, Passing, Role, SettingsProblem,
    Split, Way,
};
use crate::units::SimDuration;

/// How a queue treats what waits in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Most messages that wait; those delivered and not settled do not count.
    pub max_length: Option<u32>,
    /// What happens when a message comes and there is no room.
    pub overflow: Overflow,
    /// Most time that a message waits.
    pub time_to_live: Option<SimDuration>,
    /// Time after which a delivery that is not settled counts as failed.
    pub ack_timeout: Option<SimDuration>,
    /// How often a message may come back before it is a dead letter.
    pub delivery_limit: Option<u32>,
}

/// What happens when a message comes and there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overflow {
    /// The oldest waiting message goes.
    DropHead,
    /// The new message is refused.
    Reject,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_length: None,
            overflow: Overflow::DropHead,
            time_to_live: None,
            ack_timeout: Some(SimDuration::from_secs(30)),
            delivery_limit: None,
        }
    }
}

impl Settings {
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        match self.ack_timeout {
            Some(SimDuration::ZERO) => {
                let what = "expected a time above 0, found 0s: nothing could be settled in time";
                vec![SettingsProblem::new("ack_timeout", what)]
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        Conduct {
            ways: vec![
                Way::one(Role::Delivers, Split::Shares),
                Way::one(Role::DeadLetters, Split::First),
            ],
            passings: vec![Passing::along(Role::Delivers)],
            lending: Some(Lending {
                ack_within: (self.ack_timeout, "ack_timeout"),
                returns: (self.delivery_limit, "delivery_limit"),
                waits: (self.time_to_live, "time_to_live"),
                room: (self.max_length, "max_length"),
            }),
            only_first: &[Role::DeadLetters],
            ..Conduct::default()
        }
    }
}

/// What a queue is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Queue",
    summary: "Keeps each message until one consumer has acknowledged it",
    brief: "Keeps until done",
    aliases: &[
        "SQS",
        "RabbitMQ",
        "point-to-point",
        "buffer",
        "dead letters",
        "DLQ",
        "work queue",
        "competing consumers",
    ],
    source: "RabbitMQ 4.0 classic queue; visibility timeout as in Amazon SQS",
    group: Group::Channels,
    glyph: Glyph::Pipe,
    takes: &[Role::Sends, Role::DeadLetters, Role::Binds],
    gives: &[Role::Delivers, Role::DeadLetters],
    by_hand: true,
    can_crash: true,
    fields: &[
        Field {
            name: "max_length",
            label: "Length limit",
            unit: "messages",
            help: "Most waiting messages; empty for no limit. Delivered ones do not count, so one \
                   that comes back can be the one that is dropped.",
            control: Control::OptionalCount {
                min: 0,
                max: u32::MAX as u64,
            },
        },
        Field {
            name: "overflow",
            label: "When it is full",
            unit: "",
            help: "Drop head gives up the oldest message, reject the new one.",
            control: Control::Choice(&[("drop_head", "Drop head"), ("reject", "Reject")]),
        },
        Field {
            name: "time_to_live",
            label: "Time to live",
            unit: "",
            help: "Most time that a message waits; empty for ever. The clock does not stop while \
                   it is delivered: what comes back too late expires at once.",
            control: Control::OptionalDuration,
        },
        Field {
            name: "ack_timeout",
            label: "Acknowledge within",
            unit: "",
            help: "A delivery that is not settled by then is given to somebody else, even if the \
                   first consumer is still at work: the effect can happen twice.",
            control: Control::OptionalDuration,
        },
        Field {
            name: "delivery_limit",
            label: "Returns allowed",
            unit: "returns",
            help: "How often a message may come back; a limit of 3 means 4 deliveries. After that \
                   it goes to the dead letters, or is dropped without a link for them.",
            control: Control::OptionalCount {
                min: 0,
                max: 65_000,
            },
        },
    ],
};
