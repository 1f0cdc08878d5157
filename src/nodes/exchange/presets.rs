//! The exchanges of RabbitMQ and the subjects of NATS, as their makers describe them.

use crate::nodes::{Preset, Rule, Worth};

const WORDS: &[(&str, &str)] = &[
    ("type", "type"),
    ("routing_key", "routing key"),
    ("unroutable", "mandatory"),
];

const LINK_WORDS: &[(&str, &str)] = &[
    ("binding", "binding key"),
    ("arguments", "binding arguments"),
    ("alternate", "alternate-exchange"),
];

const RULES: &[Rule] = &[Rule::always(
    "type",
    "the type of an exchange never changes, declare another one",
)];

const LEAVES_OUT: &[&str] = &[
    "Internal exchanges, auto-delete, and whether an exchange survives a restart: it always does.",
    "Types that come with plugins, such as consistent hashing and delays.",
];

/// An exchange of RabbitMQ.
const fn rabbitmq(
    slug: &'static str,
    (label, tag): (&'static str, &'static str),
    sets: &'static [(&'static str, Worth)],
) -> Preset {
    Preset {
        slug,
        label,
        tag,
        product: "RabbitMQ",
        version: "4.0",
        source: "https://www.rabbitmq.com/docs/exchanges",
        sets,
        words: WORDS,
        link_words: LINK_WORDS,
        rules: &[RULES],
        note: "",
        leaves_out: LEAVES_OUT,
    }
}

/// In the order in which they are offered.
pub(super) const PRESETS: &[Preset] = &[
    rabbitmq(
        "rabbitmq-direct-exchange",
        ("RabbitMQ direct exchange", "RabbitMQ direct"),
        &[("type", Worth::Text("direct"))],
    ),
    rabbitmq(
        "rabbitmq-fanout-exchange",
        ("RabbitMQ fanout exchange", "RabbitMQ fanout"),
        &[("type", Worth::Text("fanout"))],
    ),
    rabbitmq(
        "rabbitmq-topic-exchange",
        ("RabbitMQ topic exchange", "RabbitMQ topic"),
        &[("type", Worth::Text("topic"))],
    ),
    rabbitmq(
        "rabbitmq-headers-exchange",
        ("RabbitMQ headers exchange", "RabbitMQ headers"),
        &[("type", Worth::Text("headers"))],
    ),
    rabbitmq(
        "rabbitmq-default-exchange",
        ("RabbitMQ default exchange", "RabbitMQ default"),
        &[("type", Worth::Text("default"))],
    ),
    Preset {
        slug: "nats-core",
        label: "NATS core",
        tag: "NATS",
        product: "NATS",
        version: "2.10",
        source: "https://docs.nats.io/nats-concepts/core-nats",
        sets: &[
            ("type", Worth::Text("subjects")),
            ("unroutable", Worth::Text("drop")),
        ],
        words: &[("routing_key", "subject")],
        link_words: &[("binding", "subject"), ("group", "queue group")],
        rules: &[&[
            Rule::always("type", "messages go by subjects"),
            Rule::lacks(
                "unroutable",
                "nobody hears of a message without a subscriber",
            ),
        ]],
        note: "Delivery is at most once: let the links of the queues behind it acknowledge by \
               themselves, and let these queues not survive a crash.",
        leaves_out: &[
            "A subscriber that reads too slowly loses messages, and then its connection.",
            "Requests with replies, and JetStream, which keeps messages.",
        ],
    },
];
