//! The streams of clouds: Kinesis of Amazon and Event Hubs of Azure, each with the library that
//! shares out its partitions.

use super::{ONLY_KAFKA, ONLY_RECORDS, SERVICE};
use crate::nodes::{Allows, Preset, Rule, Worth};

pub(super) const KINESIS: Preset = Preset {
    slug: "kinesis-stream",
    label: "Kinesis stream",
    tag: "Kinesis",
    product: "Amazon Kinesis Data Streams",
    version: "API 2013-12-02, KCL 3",
    source: "https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html",
    sets: &[
        ("partitions", Worth::Count(4)),
        ("keyless", Worth::Text("random")),
        ("idempotent", Worth::No),
        ("retention", Worth::Text("24h")),
        ("segment_time", Worth::Text("1m")),
        ("check_every", Worth::Text("1m")),
        ("assignor", Worth::Text("cooperative_sticky")),
        ("commit", Worth::Text("after")),
        ("reset", Worth::Text("latest")),
        ("initial_delay", Worth::Text("0s")),
        ("heartbeat", Worth::Text("3308ms")),
        ("session_timeout", Worth::Text("10s")),
        ("max_poll_interval", Worth::Text("24h")),
        ("max_poll_records", Worth::Count(10_000)),
    ],
    words: &[
        ("partitions", "shards"),
        ("retention", "RetentionPeriodHours"),
        ("commit", "checkpoint"),
        ("reset", "InitialPositionInStream"),
        ("session_timeout", "failoverTimeMillis"),
        ("max_poll_records", "maxRecords"),
    ],
    link_words: &[("group", "applicationName")],
    rules: &[
        ONLY_KAFKA,
        ONLY_RECORDS,
        SERVICE,
        &[
            Rule::always("keyless", "a record must have a partition key; take any"),
            Rule::lacks("key_hash", "it is MD5, and each shard has a range of it"),
            Rule::lacks("initial_delay", "workers take leases as they find them"),
            Rule {
                field: "retention",
                allows: Allows::Within("24h", "8760h"),
                why: "RetentionPeriodHours is from 24 to 8,760",
            },
            Rule {
                field: "max_poll_records",
                allows: Allows::Within("1", "10000"),
                why: "maxRecords is at most 10,000",
            },
        ],
    ],
    note: "A consumer is a worker of the Kinesis Client Library, which takes leases of shards. A \
           new stream on demand has four shards.",
    leaves_out: &[
        "Keys are hashed with MD5, so they lie elsewhere here; shards are split and merged one by \
         one.",
        "A shard takes 1 MB or 1,000 records a second and gives 2 MB; here there is no limit.",
        "A worker that loses its lease is told at its next checkpoint only.",
    ],
};

pub(super) const EVENT_HUB: Preset = Preset {
    slug: "event-hub",
    label: "Azure Event Hub",
    tag: "Event Hubs",
    product: "Azure Event Hubs",
    version: "API 2024-01-01, standard tier",
    source: "https://learn.microsoft.com/azure/event-hubs/event-hubs-features",
    sets: &[
        ("keyless", Worth::Text("round_robin")),
        ("idempotent", Worth::No),
        ("retention", Worth::Text("168h")),
        ("segment_time", Worth::Text("1m")),
        ("check_every", Worth::Text("1m")),
        ("assignor", Worth::Text("cooperative_sticky")),
        ("commit", Worth::Text("after")),
        ("reset", Worth::Text("earliest")),
        ("initial_delay", Worth::Text("0s")),
        ("heartbeat", Worth::Text("30s")),
        ("session_timeout", Worth::Text("2m")),
        ("max_poll_interval", Worth::Text("24h")),
    ],
    words: &[
        ("partitions", "partitionCount"),
        ("retention", "retentionTimeInHours"),
        ("commit", "checkpoint"),
        ("reset", "DefaultStartingPosition"),
        ("heartbeat", "LoadBalancingUpdateInterval"),
        ("session_timeout", "PartitionOwnershipExpirationInterval"),
    ],
    link_words: &[("group", "consumer group")],
    rules: &[
        ONLY_KAFKA,
        ONLY_RECORDS,
        SERVICE,
        &[
            Rule::always("keyless", "events without a partition key go round"),
            Rule::lacks("key_hash", "it has a hash of its own"),
            Rule::lacks(
                "initial_delay",
                "processors claim partitions as they find them",
            ),
            Rule {
                field: "partitions",
                allows: Allows::Within("1", "32"),
                why: "there are 1 to 32 partitions",
            },
            Rule {
                field: "retention",
                allows: Allows::Within("1h", "168h"),
                why: "events stay for 1 hour to 7 days",
            },
        ],
    ],
    note: "A consumer is an event processor: it claims partitions in a blob store, and keeps its \
           checkpoints there. How many partitions there are is said when the hub is made, and \
           stays so.",
    leaves_out: &[
        "Keys are hashed in another way, so they lie elsewhere here.",
        "Up to five readers without an owner for each partition and consumer group, 20 consumer \
         groups, and throughput units.",
        "Compaction, more partitions later and longer retention, which other tiers have; Kafka's \
         protocol, and Capture.",
    ],
};
