//! What a producer is, and its settings: for the palette, the inspector and the documentation.

use crate::nodes::shared::event_fields::EVENT_FIELDS;
use crate::nodes::shared::events::NAME_MOST;
use crate::nodes::{Control, Descriptor, Field, Glyph, Group, Needs, Role};

/// Most keys of one producer.
const KEYS_MOST: u64 = 10_000;

/// What a scheduled event has.
const SCHEDULE_FIELDS: &[Field] = &[
    Field {
        name: "at",
        label: "At",
        help: "Time since the producer started.",
        control: Control::Duration,
        ..Field::PLAIN
    },
    Field {
        name: "event",
        label: "Event type",
        help: "What it emits.",
        control: Control::Text(NAME_MOST),
        ..Field::PLAIN
    },
    Field {
        name: "key",
        label: "Key",
        help: "Its key; empty for none.",
        control: Control::Text(NAME_MOST),
        ..Field::PLAIN
    },
    Field {
        name: "body",
        label: "Body",
        help: "Its body.",
        control: Control::Json,
        heading: "More",
        ..Field::PLAIN
    },
    Field {
        name: "headers",
        label: "Headers",
        help: "An object with its headers.",
        control: Control::Json,
        heading: "More",
        ..Field::PLAIN
    },
];

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
            help: "Poisson is what many independent people do: the same rate on average, but in \
                   clusters. Queues that are fine at a constant pace can grow under it.",
            control: Control::Choice(&[
                ("constant", "Constant"),
                ("poisson", "Poisson"),
                ("bursty", "Bursty"),
                ("by_hand", "By hand"),
            ]),
            aliases: &["distribution", "arrivals", "traffic"],
            ..Field::PLAIN
        },
        Field {
            name: "burst_on",
            label: "Bursts last",
            help: "For a bursty pace: how long a burst lasts, on average. The rate is that over \
                   all the time, so the shorter bursts are, the steeper.",
            control: Control::Duration,
            needs: Some(Needs::one_of("pace", &["bursty"])),
            ..Field::PLAIN
        },
        Field {
            name: "burst_off",
            label: "Quiet lasts",
            help: "For a bursty pace: how long nothing comes between bursts, on average.",
            control: Control::Duration,
            needs: Some(Needs::one_of("pace", &["bursty"])),
            ..Field::PLAIN
        },
        Field {
            name: "rate",
            label: "Rate",
            unit: "events/s",
            help: "Events a second, on average.",
            control: Control::Rate,
            aliases: &["throughput", "load", "speed"],
            needs: Some(Needs::one_of("pace", &["constant", "poisson", "bursty"])),
            ..Field::PLAIN
        },
        Field {
            name: "events",
            label: "Events",
            help: "Event types: event, weight, body, headers, version; class (domain, \
                   integration, system, command, document), payload (state, or notification: \
                   then receivers call back for details), priority, delay. Bodies and headers \
                   may have {seq}, {key}, {id}, {number 1 100} and {choice red|green}.",
            control: Control::Rows {
                fields: EVENT_FIELDS,
                fresh: r#"{ "event": "SomethingHappened", "weight": 1 }"#,
            },
            aliases: &["types", "payload", "body", "headers"],
            ..Field::PLAIN
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
            aliases: &["partition key", "entities"],
            ..Field::PLAIN
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
            aliases: &["count", "end"],
            ..Field::PLAIN
        },
        Field {
            name: "key_choice",
            label: "Keys come",
            help: "Equally likely, one after the other, or as Zipf found words: the n-th key \
                   1/n as often as the first. Then one key alone can be more than a partition \
                   or group can do.",
            control: Control::Choice(&[
                ("uniform", "Equally likely"),
                ("in_turn", "In turn"),
                ("zipf", "Zipf"),
            ]),
            aliases: &["skew", "hot key", "distribution"],
            heading: "Keys",
            ..Field::PLAIN
        },
        Field {
            name: "key_label",
            label: "Keys are called",
            help: "The keys are this text with a number: customer-1, customer-2.",
            control: Control::Text(60),
            heading: "Keys",
            ..Field::PLAIN
        },
        Field {
            name: "start_after",
            label: "Start after",
            help: "Time before the first event.",
            control: Control::Duration,
            heading: "Times",
            ..Field::PLAIN
        },
        Field {
            name: "schedule",
            label: "Schedule",
            help: "Events at fixed times, besides the others: at, event, key, body, headers.",
            control: Control::Rows {
                fields: SCHEDULE_FIELDS,
                fresh: r#"{ "at": "1s", "event": "SomethingHappened" }"#,
            },
            aliases: &["timetable", "at"],
            heading: "Times",
            ..Field::PLAIN
        },
        Field {
            name: "trace",
            label: "Recorded events",
            help: "Lines with times, pasted or from a file, besides the others: CSV with time, \
                   event, key, body (or a first line that names the columns), or one JSON object \
                   a line. Times are seconds, durations such as 250ms, or dates, which count from \
                   the first.",
            control: Control::Page(200_000),
            aliases: &["CSV", "NDJSON", "recording", "import"],
            heading: "Times",
            ..Field::PLAIN
        },
        Field {
            name: "confirms",
            label: "Wants confirms",
            help: "The broker confirms each event that it has, and what is not confirmed is \
                   sent again. A confirm that is lost makes a duplicate. What leads to no queue \
                   is confirmed all the same, and a queue that rejects what it has no room for \
                   refuses, even if another queue has it.",
            control: Control::Toggle,
            aliases: &["publisher confirms", "acks", "at least once"],
            heading: "Confirms",
            ..Field::PLAIN
        },
        Field {
            name: "confirm_timeout",
            label: "Confirmed within",
            help: "An event without a confirm by then, or that was refused, is sent again: with \
                   the same id, so that receivers can tell.",
            control: Control::Duration,
            aliases: &["publisher confirms"],
            heading: "Confirms",
            needs: Some(Needs::set("confirms")),
            ..Field::PLAIN
        },
        Field {
            name: "confirm_retries",
            label: "Sent again",
            unit: "times",
            help: "How often an event is sent again before the producer gives it up. It may \
                   have arrived all the same.",
            control: Control::Count { min: 0, max: 1_000 },
            aliases: &["publisher confirms", "retry"],
            heading: "Confirms",
            needs: Some(Needs::set("confirms")),
        },
        Field {
            name: "max_unconfirmed",
            label: "Unconfirmed at most",
            unit: "events",
            help: "Most events that wait for their confirm; with more it is as if the broker \
                   had no room. Empty for no limit.",
            control: Control::OptionalCount {
                min: 1,
                max: u32::MAX as u64,
            },
            aliases: &["in flight", "outstanding"],
            heading: "Confirms",
            needs: Some(Needs::set("confirms")),
        },
        Field {
            name: "when_blocked",
            label: "While there is no room",
            help: "What happens when a full queue blocks its producers, or too much is not \
                   confirmed. Wait makes no events meanwhile: the load goes back to where it \
                   comes from. Drop loses them, buffer keeps so many in memory, where a crash \
                   loses them.",
            control: Control::Choice(&[("wait", "Wait"), ("drop", "Drop"), ("buffer", "Buffer")]),
            aliases: &["backpressure", "flow control"],
            heading: "When there is no room",
            ..Field::PLAIN
        },
        Field {
            name: "buffer",
            label: "Buffer",
            unit: "events",
            help: "Most events that are kept while there is no room.",
            control: Control::Count {
                min: 0,
                max: 1_000_000,
            },
            aliases: &["backpressure"],
            heading: "When there is no room",
            needs: Some(Needs::one_of("when_blocked", &["buffer"])),
        },
        Field {
            name: "batch",
            label: "Batch",
            unit: "events",
            help: "How many events are sent together.",
            control: Control::Count {
                min: 1,
                max: 10_000,
            },
            aliases: &["bulk"],
            heading: "Batches",
            ..Field::PLAIN
        },
        Field {
            name: "linger",
            label: "Linger",
            help: "How long an incomplete batch waits for more; 0 sends at once, whatever the \
                   batch. What waits is lost in a crash.",
            control: Control::Duration,
            aliases: &["linger.ms"],
            heading: "Batches",
            needs: Some(Needs::set("batch")),
            ..Field::PLAIN
        },
    ],
    presets: &[],
};
