//! The fields of what a service emits and of what it asks, in a form.

use crate::nodes::shared::event_fields::VERSION;
use crate::nodes::shared::event_fields::{CLASS, PAYLOAD};
use crate::nodes::shared::events::NAME_MOST;
use crate::nodes::{Control, Field};

/// Which messages cause it.
const ON: Field = Field {
    name: "on",
    label: "Only for",
    help: "The type that causes it; empty for all.",
    control: Control::Text(NAME_MOST),
    ..Field::PLAIN
};

/// What an emission has.
pub const EMISSION_FIELDS: &[Field] = &[
    Field {
        name: "event",
        label: "Event type",
        help: "What it emits.",
        control: Control::Text(NAME_MOST),
        ..Field::PLAIN
    },
    ON,
    Field {
        name: "chance",
        label: "Chance",
        help: "How likely it is emitted.",
        control: Control::Chance,
        ..Field::PLAIN
    },
    Field {
        name: "body",
        label: "Body",
        help: "Its body; empty for that of the message that caused it.",
        control: Control::Json,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "count",
        label: "How many",
        help: "How many of it follow from one message.",
        control: Control::Count { min: 0, max: 1_000 },
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "each",
        label: "One for each of",
        help: "A list in the body of the message: one is emitted for each item, with the item as \
               its body.",
        control: Control::Text(NAME_MOST),
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "gather",
        label: "One for so many",
        help: "Of so many messages with the same key one is made.",
        control: Control::Count {
            min: 1,
            max: u32::MAX as u64,
        },
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "window",
        label: "Window",
        help: "One is made for each key and stretch of time of this length, with the number of \
               events that happened in it.",
        control: Control::Duration,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "lateness",
        label: "Waits for the late",
        help: "How long a window stays open after its end.",
        control: Control::Duration,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "late",
        label: "For the late",
        help: "It is emitted for what comes when its window is closed, and for nothing else.",
        control: Control::Toggle,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "after",
        label: "Later by",
        help: "How long after the work it is emitted.",
        control: Control::Duration,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "failed",
        label: "When it failed",
        help: "Emitted when the work failed for good, instead.",
        control: Control::Toggle,
        heading: "More",
        ..Field::PLAIN
    },
    VERSION,
    Field {
        name: "headers",
        label: "Headers",
        help: "Its headers, if it has a body of its own.",
        control: Control::Json,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "class",
        label: "Class",
        help: "What it is, if it has a body of its own.",
        control: CLASS,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "payload",
        label: "Payload",
        help: "Whether it says all that its receivers need, if it has a body of its own: a \
               notification makes them call back for details.",
        control: PAYLOAD,
        heading: "More",
        ..Field::PLAIN
    },
];

/// What a call has.
pub const CALL_FIELDS: &[Field] = &[
    Field {
        name: "event",
        label: "Request",
        help: "What is asked.",
        control: Control::Text(NAME_MOST),
        ..Field::PLAIN
    },
    ON,
    Field {
        name: "writes",
        label: "Writes",
        help: "It changes something there.",
        control: Control::Toggle,
        ..Field::PLAIN
    },
    Field {
        name: "details",
        label: "Only for details",
        help: "Made only for notifications, which do not say all.",
        control: Control::Toggle,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "chance",
        label: "Chance",
        help: "How likely it is made.",
        control: Control::Chance,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "body",
        label: "Body",
        help: "Its body; empty for that of the message.",
        control: Control::Json,
        heading: "More",
        ..Field::PLAIN
    },
];
