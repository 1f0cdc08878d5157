//! The stream of RabbitMQ.

use super::{ONLY_KAFKA, ONLY_RECORDS};
use crate::nodes::{Allows, Preset, Rule, Worth};

pub(super) const STREAM: Preset = Preset {
    slug: "rabbitmq-stream",
    label: "RabbitMQ stream",
    tag: "RabbitMQ stream",
    product: "RabbitMQ",
    version: "4.0",
    source: "https://www.rabbitmq.com/docs/4.0/streams",
    sets: &[
        ("partitions", Worth::Count(1)),
        ("retention", Worth::Nothing),
        ("segment_bytes", Worth::Count(500_000_000)),
        ("segment_time", Worth::Text("87600h")),
        ("acks", Worth::Text("all")),
        ("idempotent", Worth::No),
        ("reset", Worth::Text("latest")),
        ("initial_delay", Worth::Text("0s")),
        ("heartbeat", Worth::Text("500ms")),
        ("session_timeout", Worth::Text("1s")),
        ("max_poll_interval", Worth::Text("24h")),
    ],
    words: &[
        ("partitions", "partitions of a super stream"),
        ("retention", "x-max-age"),
        ("retention_bytes", "x-max-length-bytes"),
        ("segment_bytes", "x-stream-max-segment-size-bytes"),
        ("acks", "publisher confirms"),
        ("idempotent", "producer name and publishing id"),
        ("replication", "x-initial-cluster-size"),
        ("commit", "offset tracking"),
        ("reset", "x-stream-offset"),
    ],
    link_words: &[("group", "name, with single active consumer")],
    rules: &[
        ONLY_KAFKA,
        ONLY_RECORDS,
        &[
            Rule {
                field: "acks",
                allows: Allows::Words(&["0", "all"]),
                why: "a confirm comes when a majority has the message, never from the leader alone",
            },
            Rule::lacks("segment_time", "segments are closed when they are full"),
            Rule::lacks("initial_delay", "a consumer is active as soon as it may be"),
            Rule::always(
                "heartbeat",
                "a connection that is closed is noticed at once",
            ),
            Rule::always("session_timeout", ""),
        ],
    ],
    note: "A plain stream has one partition, and several make a super stream. Consumers that share \
           a name are one active consumer and stand-bys.",
    leaves_out: &[
        "The hash of super streams is Murmur3; keys lie elsewhere here.",
        "A confirm needs a majority of the copies; here it needs all that are in sync, and at \
         least the minimum.",
        "Filters, credits by chunks, and consumers that keep their offsets outside.",
    ],
};
