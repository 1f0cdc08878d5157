//! The partitioned logs of products: what they are by default, how they call it, and what they
//! have not.

mod cloud;
mod kafka;
mod rabbitmq;
mod streams;

use crate::nodes::{Preset, Rule};

/// In the order in which they are offered.
pub(super) const PRESETS: &[Preset] = &[
    kafka::TOPIC,
    kafka::REDPANDA,
    rabbitmq::STREAM,
    streams::JETSTREAM,
    streams::REDIS,
    cloud::KINESIS,
    cloud::EVENT_HUB,
];

/// What only Kafka has, and what follows it.
const ONLY_KAFKA: &[Rule] = &[
    Rule::lacks("cleanup", "nothing is compacted"),
    Rule::lacks("dirty_ratio", ""),
    Rule::lacks("tombstone", ""),
    Rule::lacks("delete_retention", ""),
    Rule::lacks(
        "unclean_election",
        "what lacks confirmed records never leads",
    ),
    Rule::lacks(
        "max_poll_interval",
        "nobody asks how long a consumer is at work",
    ),
    Rule::lacks("static_members", ""),
];

/// What groups have that share partitions.
const ONLY_PARTITIONS: &[Rule] = &[
    Rule::lacks("key_hash", "keys lead nowhere, there is one sequence"),
    Rule::lacks("keyless", ""),
    Rule::lacks("assignor", "nothing is assigned"),
    Rule::lacks("commit_interval", ""),
    Rule::lacks("initial_delay", ""),
    Rule::lacks("heartbeat", "nobody hears of a consumer that is gone"),
    Rule::lacks("session_timeout", ""),
    Rule::lacks("max_poll_records", "it has no more than its prefetch"),
];

/// What groups have that share records.
const ONLY_RECORDS: &[Rule] = &[
    Rule::lacks("sharing", "consumers of a group share partitions"),
    Rule::lacks("ack_wait", ""),
    Rule::lacks("max_deliveries", ""),
    Rule::lacks("max_unacked", ""),
    Rule::lacks("late_acks", ""),
];

/// What is not to be seen of services in the cloud.
const SERVICE: &[Rule] = &[
    Rule::always(
        "acks",
        "whoever sends hears of it once several copies have it",
    ),
    Rule::always("idempotent", "what a client sends again is there twice"),
    Rule::lacks("retention_bytes", "records stay for a time, however many"),
    Rule::lacks("segment_bytes", "records go one by one"),
    Rule::lacks("segment_time", ""),
    Rule::lacks("check_every", ""),
    Rule::lacks("brokers", "the copies are the matter of the service"),
    Rule::lacks("replication", ""),
    Rule::lacks("min_in_sync", ""),
    Rule::lacks("replication_time", ""),
    Rule::lacks("broker_timeout", ""),
];
