//! The topic of Apache Kafka, and that of Redpanda, which speaks Kafka's protocol.

use crate::nodes::{Allows, Preset, Rule, Worth};

const WORDS: &[(&str, &str)] = &[
    ("partitions", "num.partitions"),
    ("key_hash", "partitioner"),
    ("keyless", "partitioner.class"),
    ("acks", "acks"),
    ("idempotent", "enable.idempotence"),
    ("delivery_timeout", "delivery.timeout.ms"),
    ("cleanup", "cleanup.policy"),
    ("retention", "retention.ms"),
    ("retention_bytes", "retention.bytes"),
    ("segment_bytes", "segment.bytes"),
    ("segment_time", "segment.ms"),
    ("check_every", "log.retention.check.interval.ms"),
    ("dirty_ratio", "min.cleanable.dirty.ratio"),
    ("tombstone", "null value"),
    ("delete_retention", "delete.retention.ms"),
    ("replication", "replication.factor"),
    ("min_in_sync", "min.insync.replicas"),
    ("unclean_election", "unclean.leader.election.enable"),
    ("broker_timeout", "broker.session.timeout.ms"),
    ("assignor", "partition.assignment.strategy"),
    ("commit", "enable.auto.commit"),
    ("commit_interval", "auto.commit.interval.ms"),
    ("reset", "auto.offset.reset"),
    ("initial_delay", "group.initial.rebalance.delay.ms"),
    ("heartbeat", "heartbeat.interval.ms"),
    ("session_timeout", "session.timeout.ms"),
    ("max_poll_interval", "max.poll.interval.ms"),
    ("max_poll_records", "max.poll.records"),
    ("static_members", "group.instance.id"),
];

const LINK_WORDS: &[(&str, &str)] = &[("group", "group.id")];

pub(super) const TOPIC: Preset = Preset {
    slug: "kafka-topic",
    label: "Kafka topic",
    tag: "Kafka",
    product: "Apache Kafka",
    version: "4.0",
    source: "https://kafka.apache.org/40/documentation.html#configuration",
    sets: &[
        ("partitions", Worth::Count(1)),
        ("acks", Worth::Text("all")),
        ("idempotent", Worth::Yes),
        ("delivery_timeout", Worth::Text("2m")),
        ("retention", Worth::Text("168h")),
        ("segment_bytes", Worth::Count(1 << 30)),
        ("segment_time", Worth::Text("168h")),
        ("replication", Worth::Count(1)),
        ("min_in_sync", Worth::Count(1)),
        ("assignor", Worth::Text("range")),
        ("commit", Worth::Text("interval")),
        ("commit_interval", Worth::Text("5s")),
        ("reset", Worth::Text("latest")),
        ("heartbeat", Worth::Text("3s")),
        ("session_timeout", Worth::Text("45s")),
        ("max_poll_interval", Worth::Text("5m")),
        ("max_poll_records", Worth::Count(500)),
    ],
    words: WORDS,
    link_words: LINK_WORDS,
    rules: &[&[
        Rule {
            field: "session_timeout",
            allows: Allows::Within("6s", "30m"),
            why: "brokers allow a session.timeout.ms from 6 seconds to 30 minutes",
        },
        Rule {
            field: "segment_bytes",
            allows: Allows::Within("1048576", "2147483647"),
            why: "segment.bytes is from 1 MiB to 2 GiB",
        },
    ]],
    note: "With several brokers, three copies and a minimum of two in sync are usual; by default \
           there is one of each.",
    leaves_out: &[
        "The consumer protocol of KIP-848, racks, quotas, compression and tiered storage.",
        "Several topics of one group: each log has groups of its own.",
    ],
};

pub(super) const REDPANDA: Preset = Preset {
    slug: "redpanda-topic",
    label: "Redpanda topic",
    tag: "Redpanda",
    product: "Redpanda",
    version: "26.2",
    source: "https://docs.redpanda.com/current/reference/properties/topic-properties/",
    sets: &[
        ("partitions", Worth::Count(1)),
        ("retention", Worth::Text("168h")),
        ("segment_bytes", Worth::Count(128 << 20)),
        ("segment_time", Worth::Text("336h")),
        ("check_every", Worth::Text("10s")),
        ("replication", Worth::Count(1)),
        ("broker_timeout", Worth::Text("1500ms")),
    ],
    words: &[
        ("partitions", "default_topic_partitions"),
        ("acks", "acks"),
        ("idempotent", "enable_idempotence"),
        ("cleanup", "cleanup.policy"),
        ("retention", "retention.ms"),
        ("retention_bytes", "retention.bytes"),
        ("segment_bytes", "segment.bytes"),
        ("segment_time", "segment.ms"),
        ("check_every", "log_compaction_interval_ms"),
        ("dirty_ratio", "min.cleanable.dirty.ratio"),
        ("delete_retention", "delete.retention.ms"),
        ("replication", "replication.factor"),
        ("broker_timeout", "raft_election_timeout_ms"),
        ("initial_delay", "group_initial_rebalance_delay"),
        ("session_timeout", "session.timeout.ms"),
    ],
    link_words: LINK_WORDS,
    rules: &[&[
        Rule::lacks(
            "unclean_election",
            "Raft elects none that lacks acknowledged records",
        ),
        Rule {
            field: "session_timeout",
            allows: Allows::Within("6s", "5m"),
            why: "brokers allow a session timeout from 6 seconds to 5 minutes",
        },
    ]],
    note: "Raft asks for a majority of the copies: with three of them, set the minimum in sync to \
           two.",
    leaves_out: &[
        "With acks all it answers when a majority has a record on disk; here all in sync must \
         have it, and nothing is said about disks.",
        "Replication factors are odd; here they can be any.",
        "Tiered storage, write caching, and data transforms.",
    ],
};
