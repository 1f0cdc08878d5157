//! A queue: each message waits until one consumer has acknowledged it.
//!
//! It follows RabbitMQ 4.0: deliveries are pushed within each consumer's prefetch, what comes back
//! goes to its original place (or to the front, in quorum queues), the length limit counts waiting
//! messages only, and dead-lettering publishes a new copy. The acknowledgement timeout is the
//! visibility timeout of Amazon SQS, and so are groups, deduplication, delay and most receives.
//! Left out of RabbitMQ: streams, at-least-once dead-lettering, and the time in `x-death`, which
//! the trace has.

mod admission;
mod behaviour;
mod by_hand;
mod consumers;
mod fields;
mod groups;
mod lanes;
mod leaving;
mod lending;
mod letters;
mod picture;
mod presets;
mod redrive;
mod settings;
mod shelf;
#[cfg(test)]
mod tests;

pub use behaviour::Queue;
pub use letters::{date_deaths, name_places};
pub use settings::{Deduplication, Overflow, Rules, Settings, TooFast};
pub use shelf::Requeue;

use super::{Descriptor, Glyph, Group, Role};

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
    source: "RabbitMQ 4.0 classic and quorum queues; visibility timeout, groups, deduplication \
             and delay as in Amazon SQS",
    group: Group::Channels,
    glyph: Glyph::Pipe,
    takes: &[Role::Sends, Role::DeadLetters, Role::Binds],
    gives: &[Role::Delivers, Role::DeadLetters],
    by_hand: true,
    can_crash: true,
    fields: fields::FIELDS,
    presets: presets::PRESETS,
};
