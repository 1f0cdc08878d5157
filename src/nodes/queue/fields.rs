//! The settings of a queue as the inspector shows them.

use crate::nodes::{Control, Field, Needs};

const LENGTH: Control = Control::OptionalCount {
    min: 0,
    max: u32::MAX as u64,
};

/// The settings, those that everybody needs first.
pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "max_length",
        label: "Length limit",
        unit: "messages",
        help: "Most waiting messages; empty for no limit. Delivered ones do not count, so one \
               that comes back can be the one that is dropped. With a limit no load is too much: \
               what is too much is lost, and the wait stays short.",
        control: LENGTH,
        aliases: &["x-max-length", "capacity", "size"],
        ..Field::PLAIN
    },
    Field {
        name: "overflow",
        label: "When it is full",
        help: "Drop head gives up the oldest message, or by priority the most important one. \
               Reject refuses the new one, which never becomes a dead letter; reject to dead \
               letters makes it one. A quorum queue notices one message too late, and knows \
               reject to dead letters only as drop head. Block takes it and lets the sender wait.",
        control: Control::Choice(&[
            ("drop_head", "Drop head"),
            ("reject", "Reject"),
            ("reject_dead_letter", "Reject to dead letters"),
            ("block", "Block the sender"),
        ]),
        aliases: &["x-overflow", "full", "drop", "backpressure"],
        ..Field::PLAIN
    },
    Field {
        name: "time_to_live",
        label: "Time to live",
        help: "Most time that a message waits; empty for ever. A message may have a shorter one in \
               its header expiration, but it expires only when it is the next one. The clock does \
               not stop while it is delivered: what comes back too late expires at once. With 0s \
               it is delivered now or dropped.",
        control: Control::OptionalDuration,
        aliases: &["x-message-ttl", "TTL", "expiration", "retention period"],
        ..Field::PLAIN
    },
    Field {
        name: "ack_timeout",
        label: "Acknowledge within",
        help: "A delivery that is not settled by then is given to somebody else, even if the \
               first consumer is still at work: the effect can happen twice.",
        control: Control::OptionalDuration,
        aliases: &[
            "visibility timeout",
            "ack deadline",
            "consumer timeout",
            "lock duration",
        ],
        ..Field::PLAIN
    },
    Field {
        name: "delivery_limit",
        label: "Returns allowed",
        unit: "returns",
        help: "How often a message may come back; a limit of 3 means 4 deliveries. After that \
               it goes to the dead letters, or is dropped without a link for them. Classic queues \
               of RabbitMQ have no such limit, quorum queues 20 from 4.0 on; from 4.3 on only \
               failures count there. Google Pub/Sub counts as well as it can, no better.",
        control: Control::OptionalCount {
            min: 0,
            max: 65_000,
        },
        aliases: &["x-delivery-limit", "poison", "maximum delivery count"],
        ..Field::PLAIN
    },
    Field {
        name: "rules",
        label: "Finer rules",
        help: "A classic queue counts deliveries anew after each dead-lettering, and says again \
               that it was not delivered before. A quorum queue goes on counting, and serves two \
               messages of priority 5 or more, then one of the others.",
        control: Control::Choice(&[("classic", "Classic queue"), ("quorum", "Quorum queue")]),
        aliases: &["classic", "quorum"],
        heading: "Returns",
        ..Field::PLAIN
    },
    Field {
        name: "requeue",
        label: "What comes back goes",
        help: "To its original place (classic queues), to the front in order of return (quorum \
               queues), or to the tail (quorum queues before 4.0). Unless it is the tail, a \
               message that always fails blocks the line of a consumer with a prefetch of 1. \
               Redelivered says only that it was handed out before, not that work on it failed: \
               a client's mistake closes its channel, and all that it had comes back.",
        control: Control::Choice(&[
            ("original", "To its place"),
            ("front", "To the front"),
            ("tail", "To the tail"),
        ]),
        aliases: &["nack", "order"],
        heading: "Returns",
        ..Field::PLAIN
    },
    Field {
        name: "max_receives",
        label: "Most receives",
        unit: "receives",
        help: "How often a message may be received, as in Amazon SQS: with 3 it goes to the dead \
               letters when it would be received a fourth time, not when the third time is over.",
        control: Control::OptionalCount {
            min: 1,
            max: 65_000,
        },
        aliases: &["maxReceiveCount", "redrive policy"],
        heading: "Returns",
        ..Field::PLAIN
    },
    Field {
        name: "late_ack",
        label: "Late answers count",
        help: "An acknowledgement that comes too late still removes the message, as in a standard \
               queue of Amazon SQS; FIFO queues and RabbitMQ refuse it.",
        control: Control::Toggle,
        heading: "Returns",
        ..Field::PLAIN
    },
    Field {
        name: "single_active",
        label: "Single active consumer",
        help: "Only one consumer gets messages, the next one when it leaves: first what still \
               waits, then what comes back. One that cancels keeps what it has, so that for a \
               while two are at work and the order can break. \
               Classic queues ignore the consumers' priority for that; with the rules of quorum \
               queues a more important newcomer takes over once the active one has answered.",
        control: Control::Toggle,
        aliases: &["x-single-active-consumer", "exclusive", "failover"],
        heading: "Order and groups",
        ..Field::PLAIN
    },
    Field {
        name: "max_priority",
        label: "Highest priority",
        help: "Messages go by their header priority, 0 without; empty for no priorities. Higher \
               ones are capped, and what a consumer has already is not overtaken.",
        control: Control::OptionalCount { min: 1, max: 255 },
        aliases: &["x-max-priority"],
        heading: "Order and groups",
        ..Field::PLAIN
    },
    Field {
        name: "groups",
        label: "Message groups",
        help: "FIFO as in Amazon SQS: messages of the same key are in one group, of which nothing \
               is handed out behind one that is in flight. One receive may take several of a \
               group; it opens again when all of them are settled. A message with a delay of its \
               own, or without a key, is refused.",
        control: Control::Toggle,
        aliases: &["FIFO", "MessageGroupId", "sessions", "ordering key"],
        heading: "Order and groups",
        ..Field::PLAIN
    },
    Field {
        name: "dead_letter_key",
        label: "Dead letters' routing key",
        help: "The routing key of dead letters, instead of all that they had. Where their link \
               leads to an exchange without a binding for it, they are lost silently. One that \
               only expires comes to the same queue once and is dropped then; a reject on the way \
               lets it go round for ever. Its header x-death is no log: it has one entry for each \
               queue and reason, with a count.",
        control: Control::Text(255),
        aliases: &["x-dead-letter-routing-key", "DLQ", "DLX"],
        heading: "Dead letters",
        ..Field::PLAIN
    },
    Field {
        name: "letters_keep_age",
        label: "Dead letters keep their age",
        help: "The time to live of a dead letter that comes here counts from when the event \
               happened. Standard queues of Amazon SQS do that: a dead letter can be gone sooner \
               than its queue seems to say.",
        control: Control::Toggle,
        aliases: &["DLQ", "retention"],
        heading: "Dead letters",
        ..Field::PLAIN
    },
    Field {
        name: "deduplication",
        label: "Repeated messages",
        help: "A message with the deduplication-id (a header) of an earlier one is dropped, also \
               of another group, and though the first was processed and deleted long ago. Content \
               takes the body if there is no id.",
        control: Control::Choice(&[
            ("off", "Are kept"),
            ("id", "Are known by id"),
            ("content", "Are known by id or content"),
        ]),
        aliases: &["MessageDeduplicationId", "duplicates", "exactly once"],
        heading: "Repeats",
        ..Field::PLAIN
    },
    Field {
        name: "dedup_window",
        label: "Remembered for",
        help: "How long a message is remembered for that, counted from when it first came. A purge \
               forgets all.",
        control: Control::Duration,
        aliases: &["duplicates", "exactly once"],
        heading: "Repeats",
        needs: Some(Needs::one_of("deduplication", &["id", "content"])),
        ..Field::PLAIN
    },
    Field {
        name: "dedup_by_group",
        label: "Only within a group",
        help: "Whether only messages of the same key are compared, as in a FIFO queue of Amazon \
               SQS with the deduplication scope messageGroup. Without, an id that another group \
               used is a repetition, too.",
        control: Control::Toggle,
        aliases: &["DeduplicationScope", "exactly once"],
        heading: "Repeats",
        needs: Some(Needs::one_of("deduplication", &["id", "content"])),
        ..Field::PLAIN
    },
    Field {
        name: "delay",
        label: "Delay",
        help: "Time for which each message is hidden first, unless its header delay says another.",
        control: Control::OptionalDuration,
        aliases: &["DelaySeconds", "x-delayed-message", "later"],
        heading: "Delay and limits",
        ..Field::PLAIN
    },
    Field {
        name: "max_bytes",
        label: "Size limit",
        unit: "bytes",
        help: "Most bytes in the bodies of waiting messages; empty for no limit. Delivered ones do \
               not count.",
        control: LENGTH,
        aliases: &["x-max-length-bytes", "size"],
        heading: "Delay and limits",
        ..Field::PLAIN
    },
    Field {
        name: "publish_rate",
        label: "Takes at most",
        help: "Most messages that it takes in a second; 0 for no limit.",
        control: Control::Rate,
        aliases: &["rate limit", "throttle"],
        heading: "Delay and limits",
        ..Field::PLAIN
    },
    Field {
        name: "too_fast",
        label: "Those above are",
        help: "Throttled messages are hidden until there is time for them, refused ones are lost.",
        control: Control::Choice(&[("throttle", "Throttled"), ("refuse", "Refused")]),
        aliases: &["rate limit", "throttle"],
        heading: "Delay and limits",
        needs: Some(Needs::set("publish_rate")),
        ..Field::PLAIN
    },
    Field {
        name: "durable",
        label: "Survives a crash",
        help: "Whether its messages are there after a restart. Else a crash loses all of them.",
        control: Control::Toggle,
        aliases: &["persistent", "transient", "memory"],
        heading: "Crash and end",
        ..Field::PLAIN
    },
    Field {
        name: "expires_after",
        label: "Gone when unused for",
        help: "After this time without a consumer or a request it is gone with all that it has; \
               none of it becomes a dead letter.",
        control: Control::OptionalDuration,
        aliases: &["x-expires"],
        heading: "Crash and end",
        ..Field::PLAIN
    },
    Field {
        name: "auto_delete",
        label: "Gone with its last consumer",
        help: "When the last consumer leaves, the queue is gone; as long as there was none it \
               stays.",
        control: Control::Toggle,
        aliases: &["temporary"],
        heading: "Crash and end",
        ..Field::PLAIN
    },
];
