//! The queues of RabbitMQ.

use crate::nodes::{Allows, Preset, Rule, Worth};

const WORDS: &[(&str, &str)] = &[
    ("max_length", "x-max-length"),
    ("overflow", "x-overflow"),
    ("time_to_live", "x-message-ttl"),
    ("ack_timeout", "consumer_timeout"),
    ("delivery_limit", "x-delivery-limit"),
    ("rules", "x-queue-type"),
    ("single_active", "x-single-active-consumer"),
    ("max_priority", "x-max-priority"),
    ("max_bytes", "x-max-length-bytes"),
    ("dead_letter_key", "x-dead-letter-routing-key"),
    ("durable", "durable"),
    ("expires_after", "x-expires"),
    ("auto_delete", "auto-delete"),
];

const LINK_WORDS: &[(&str, &str)] = &[("auto_ack", "no-ack"), ("consumer_priority", "x-priority")];

const RULES: &[Rule] = &[
    Rule::lacks(
        "delay",
        "delays need a plugin, or a time to live with dead letters",
    ),
    Rule::lacks("max_receives", "it counts returns, use Returns allowed"),
    Rule::lacks(
        "late_ack",
        "an answer that comes too late closes the channel",
    ),
    Rule::lacks("letters_keep_age", "the age of a dead letter counts anew"),
    Rule::lacks("groups", "order by key needs a queue for each key"),
    Rule::lacks("deduplication", "repeats are known by a plugin only"),
    Rule::lacks("dedup_window", ""),
    Rule::lacks("dedup_by_group", ""),
    Rule::lacks("publish_rate", "a queue takes what comes"),
    Rule::lacks("too_fast", ""),
    Rule::always("rules", "these are the rules of another type of queue"),
];

const TIMEOUT: &str = "A consumer that exceeds consumer_timeout loses its whole channel; here only \
                       the delivery goes back.";

pub(super) const CLASSIC: Preset = Preset {
    slug: "rabbitmq-classic-queue",
    label: "RabbitMQ classic queue",
    tag: "RabbitMQ classic",
    product: "RabbitMQ",
    version: "4.0",
    source: "https://www.rabbitmq.com/docs/classic-queues",
    sets: &[
        ("rules", Worth::Text("classic")),
        ("requeue", Worth::Text("original")),
        ("overflow", Worth::Text("drop_head")),
        ("ack_timeout", Worth::Text("30m")),
        ("delivery_limit", Worth::Nothing),
        ("durable", Worth::Yes),
    ],
    words: WORDS,
    link_words: LINK_WORDS,
    rules: &[
        RULES,
        &[
            Rule::lacks(
                "delivery_limit",
                "x-delivery-limit is refused, count in the consumer or take a quorum queue",
            ),
            Rule::always("requeue", "what comes back goes to its original place"),
            Rule {
                field: "overflow",
                allows: Allows::Words(&["drop_head", "reject", "reject_dead_letter"]),
                why: "a full queue never blocks a publisher, only a lack of memory or disk does",
            },
        ],
    ],
    note: "",
    leaves_out: &[
        TIMEOUT,
        "Memory and disk alarms, flow control, and paging to disk.",
        "Exclusive queues and policies.",
    ],
};

pub(super) const QUORUM: Preset = Preset {
    slug: "rabbitmq-quorum-queue",
    label: "RabbitMQ quorum queue",
    tag: "RabbitMQ quorum",
    product: "RabbitMQ",
    version: "4.0",
    source: "https://www.rabbitmq.com/docs/quorum-queues",
    sets: &[
        ("rules", Worth::Text("quorum")),
        ("requeue", Worth::Text("front")),
        ("overflow", Worth::Text("drop_head")),
        ("ack_timeout", Worth::Text("30m")),
        ("delivery_limit", Worth::Count(20)),
        ("durable", Worth::Yes),
    ],
    words: WORDS,
    link_words: LINK_WORDS,
    rules: &[
        RULES,
        &[
            Rule::lacks(
                "max_priority",
                "x-max-priority is refused, there are two levels: up to 4, and above",
            ),
            Rule::lacks("auto_delete", "auto-delete is refused, use x-expires"),
            Rule::always("durable", "a queue that is not durable is refused"),
            Rule::always("requeue", "what comes back goes to the front"),
            Rule {
                field: "overflow",
                allows: Allows::Words(&["drop_head", "reject"]),
                why: "there are drop-head and reject-publish, the rest is taken for drop-head",
            },
        ],
    ],
    note: "",
    leaves_out: &[
        "Replicas, their leader and its election: the queue is one here.",
        "Dead-lettering at least once, with dead-letter-strategy.",
        TIMEOUT,
    ],
};
