//! The fields of an event type in a form.

use super::events::NAME_MOST;
use crate::nodes::{Control, Field};

/// What a message can be.
pub const CLASS: Control = Control::Choice(&[
    ("domain", "Domain event"),
    ("integration", "Integration event"),
    ("system", "System event"),
    ("command", "Command"),
    ("document", "Document"),
]);

/// How much a message can say.
pub const PAYLOAD: Control =
    Control::Choice(&[("state", "State"), ("notification", "Notification")]);

/// What an event type has.
pub const EVENT_FIELDS: &[Field] = &[
    Field {
        name: "event",
        label: "Event type",
        help: "A fact in the past tense.",
        control: Control::Text(NAME_MOST),
        ..Field::PLAIN
    },
    Field {
        name: "weight",
        label: "Weight",
        help: "How often it is chosen, compared with the others.",
        control: Control::Count {
            min: 0,
            max: 1_000_000,
        },
        ..Field::PLAIN
    },
    Field {
        name: "body",
        label: "Body",
        help: "JSON, in which texts may have {seq}, {key}, {id}, {number 1 100} and \
               {choice red|green}.",
        control: Control::Json,
        ..Field::PLAIN
    },
    Field {
        name: "payload",
        label: "Payload",
        help: "A notification does not say all: receivers call back for details.",
        control: PAYLOAD,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "class",
        label: "Class",
        help: "What it is for those who get it.",
        control: CLASS,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "headers",
        label: "Headers",
        help: "An object with its headers, which are also its attributes.",
        control: Control::Json,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "priority",
        label: "Priority",
        help: "How important queues take it to be.",
        control: Control::OptionalCount { min: 0, max: 255 },
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "delay",
        label: "Delay",
        help: "How long queues hide it first.",
        control: Control::OptionalDuration,
        heading: "More",
        ..Field::PLAIN
    },
    VERSION,
];

/// The version of the schema of something that is emitted.
pub const VERSION: Field = Field {
    name: "version",
    label: "Version",
    help: "Of its schema.",
    control: Control::Count {
        min: 1,
        max: u32::MAX as u64,
    },
    heading: "More",
    ..Field::PLAIN
};
