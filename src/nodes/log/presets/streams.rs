//! Streams whose groups share records instead of partitions: JetStream of NATS, and Redis.

use super::{ONLY_KAFKA, ONLY_PARTITIONS};
use crate::nodes::{Allows, Preset, Rule, Worth};

/// What both have not.
const RULES: &[Rule] = &[
    Rule::always("sharing", "whoever is free gets the next record"),
    Rule::always("commit", "each record is acknowledged by itself"),
    Rule::lacks("segment_bytes", "records go one by one"),
    Rule::lacks("segment_time", ""),
];

pub(super) const JETSTREAM: Preset = Preset {
    slug: "jetstream-stream",
    label: "NATS JetStream",
    tag: "JetStream",
    product: "NATS",
    version: "2.10",
    source: "https://docs.nats.io/nats-concepts/jetstream/consumers",
    sets: &[
        ("partitions", Worth::Count(1)),
        ("idempotent", Worth::No),
        ("acks", Worth::Text("all")),
        ("retention", Worth::Nothing),
        ("segment_time", Worth::Text("1s")),
        ("check_every", Worth::Text("1s")),
        ("reset", Worth::Text("earliest")),
        ("commit", Worth::Text("after")),
        ("sharing", Worth::Text("records")),
        ("ack_wait", Worth::Text("30s")),
        ("max_deliveries", Worth::Nothing),
        ("max_unacked", Worth::Count(1000)),
        ("late_acks", Worth::Yes),
    ],
    words: &[
        ("retention", "MaxAge"),
        ("retention_bytes", "MaxBytes"),
        ("acks", "PubAck"),
        ("idempotent", "Nats-Msg-Id"),
        ("replication", "Replicas"),
        ("reset", "DeliverPolicy"),
        ("ack_wait", "AckWait"),
        ("max_deliveries", "MaxDeliver"),
        ("max_unacked", "MaxAckPending"),
    ],
    link_words: &[("group", "durable consumer")],
    rules: &[
        ONLY_KAFKA,
        ONLY_PARTITIONS,
        RULES,
        &[
            Rule::lacks("partitions", "a stream is one sequence"),
            Rule {
                field: "acks",
                allows: Allows::Words(&["0", "all"]),
                why: "an answer comes when a majority has the message",
            },
            Rule {
                field: "replication",
                allows: Allows::Within("1", "5"),
                why: "there are 1 to 5 replicas",
            },
        ],
    ],
    note: "With at most one record open, a consumer keeps the order.",
    leaves_out: &[
        "Subjects of a stream, and consumers that read some of them only.",
        "Retention by interest and as a work queue, limits for each subject, and MaxMsgs.",
        "Repeats are known by Nats-Msg-Id for two minutes; here for as long as they are among the \
         latest thousand.",
        "Negative acknowledgements with a delay, backoff, and word that work is in progress.",
    ],
};

pub(super) const REDIS: Preset = Preset {
    slug: "redis-stream",
    label: "Redis stream",
    tag: "Redis stream",
    product: "Redis",
    version: "7",
    source: "https://redis.io/docs/latest/develop/data-types/streams/",
    sets: &[
        ("partitions", Worth::Count(1)),
        ("idempotent", Worth::No),
        ("acks", Worth::Text("1")),
        ("retention", Worth::Nothing),
        ("segment_time", Worth::Text("1s")),
        ("check_every", Worth::Text("1s")),
        ("reset", Worth::Text("latest")),
        ("commit", Worth::Text("after")),
        ("sharing", Worth::Text("records")),
        ("ack_wait", Worth::Nothing),
        ("max_deliveries", Worth::Nothing),
        ("max_unacked", Worth::Count(100_000)),
        ("late_acks", Worth::Yes),
    ],
    words: &[
        ("retention", "XTRIM MINID"),
        ("retention_bytes", "XTRIM MAXLEN"),
        ("reset", "XGROUP CREATE … $"),
        ("ack_wait", "min-idle-time of XAUTOCLAIM"),
    ],
    link_words: &[("group", "consumer group")],
    rules: &[
        ONLY_KAFKA,
        ONLY_PARTITIONS,
        RULES,
        &[
            Rule::lacks("partitions", "a stream is one key"),
            Rule::always("idempotent", "what is added again is there twice"),
            Rule::lacks("max_deliveries", "XPENDING counts, and nobody gives up"),
            Rule::lacks("max_unacked", "a group's pending entries have no limit"),
            Rule {
                field: "acks",
                allows: Allows::Words(&["0", "1"]),
                why: "the primary answers, and its replicas follow",
            },
        ],
    ],
    note: "Without XAUTOCLAIM, what a consumer left pending waits until it is back.",
    leaves_out: &[
        "MAXLEN counts entries and trims as they come; here bytes are counted, every second.",
        "WAIT, persistence to disk, and what a failover of Sentinel or a cluster loses.",
        "XREAD without a group, XCLAIM of single entries, and XDEL.",
    ],
};
