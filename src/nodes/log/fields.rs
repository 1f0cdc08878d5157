//! The settings of a partitioned log as people see them.

use super::group_fields::GROUP_FIELDS;
use crate::nodes::{Control, Field, Needs};

pub(super) const fn field(
    heading: &'static str,
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    help: &'static str,
    control: Control,
) -> Field {
    Field {
        name,
        label,
        unit,
        help,
        control,
        heading,
        ..Field::PLAIN
    }
}

/// All of them, in the order in which they are shown.
pub(super) const FIELDS: &[Field] = &[
    field(
        "",
        "partitions",
        "Partitions",
        "partitions",
        "Each keeps its own order, and each is one consumer's of a group: more consumers than \
         partitions stay idle. While it runs there can be more, but then keys land elsewhere \
         than before.",
        Control::Count { min: 1, max: 200 },
    ),
    field(
        "",
        "keyless",
        "Without a key",
        "",
        "Sticky fills one batch after the other, so a burst goes to one partition. It is no \
         round robin, as many believe.",
        Control::Choice(&[
            ("sticky", "Sticky"),
            ("round_robin", "Round robin"),
            ("random", "Random"),
        ]),
    ),
    Field {
        needs: Some(Needs::one_of("cleanup", &["delete", "compact_delete"])),
        ..field(
            "",
            "retention",
            "Stay for",
            "",
            "Empty for ever. Nobody asks whether a group has read them: what it has not is lost \
         to it.",
            Control::OptionalDuration,
        )
    },
    field(
        "",
        "commit",
        "Commit",
        "",
        "Before the work a crash loses what was begun, after it the work happens again. At an \
         interval, which is what clients do by themselves, or by hand, all since the last commit \
         happens again.",
        Control::Choice(&[
            ("before", "Before the work"),
            ("after", "After the work"),
            ("interval", "At an interval"),
            ("never", "Never"),
            ("by_hand", "By hand"),
        ]),
    ),
    field(
        "",
        "reset",
        "A new group begins",
        "",
        "Latest, as clients do by themselves, never sees what was there before. It counts \
         also for a group that crashed before its first commit.",
        Control::Choice(&[
            ("earliest", "With the earliest"),
            ("latest", "With the latest"),
        ]),
    ),
    field(
        "Keys and records",
        "key_hash",
        "Hash of keys",
        "",
        "How clients find the partition of a key. The same key lands elsewhere with a client \
         that is built on librdkafka: two services in two languages disagree about where an \
         order lives.",
        Control::Choice(&[
            ("murmur2", "Murmur2 (Java)"),
            ("crc32", "CRC-32 (librdkafka)"),
        ]),
    ),
    field(
        "Keys and records",
        "record_bytes",
        "Record size",
        "bytes",
        "What a record counts for batches, segments and retention by size.",
        Control::Count {
            min: 1,
            max: 10_000_000,
        },
    ),
    field(
        "Producers",
        "acks",
        "Acknowledged by",
        "",
        "With 0 clients do not wait, with 1 the leader is enough: what only it has is lost \
         when it fails. With all a record is safe once all in sync have it; alone that says \
         little without a minimum in sync. That is also when a producer hears of it that wants \
         confirms.",
        Control::Choice(&[
            ("0", "Nobody (0)"),
            ("1", "The leader (1)"),
            ("all", "All in sync (all)"),
        ]),
    ),
    field(
        "Producers",
        "idempotent",
        "Idempotent producers",
        "",
        "Brokers recognise what a client sends again by itself, and refuse what comes before \
         something that is missing, so its order holds. What an application sends twice are two \
         records all the same. With fewer acknowledgements than all, clients switch it off \
         without a word.",
        Control::Toggle,
    ),
    field(
        "Producers",
        "delivery_timeout",
        "Clients try for",
        "",
        "How long clients try to get a record to a broker that does not take it. With acks 0 \
         they send nothing twice.",
        Control::Duration,
    ),
    field(
        "Producers",
        "linger",
        "Linger",
        "",
        "How long a batch waits for more records unless it is full. Each record is later by up to \
         this, and there are fewer requests. Here it is 0 unless you say so; clients of Kafka 4.0 \
         linger 5 ms, earlier ones 0.",
        Control::Duration,
    ),
    field(
        "Producers",
        "batch_bytes",
        "Batch size",
        "bytes",
        "A batch is sent as soon as it is so full. Without keys a client sticks to a partition \
         for as much.",
        Control::Count {
            min: 1,
            max: 100_000_000,
        },
    ),
    Field {
        aliases: &["round trip", "request.timeout.ms"],
        ..field(
            "Producers",
            "request_time",
            "A request takes",
            "",
            "The way of a request to the broker and of its answer back. While one is on its way \
             records wait for the next one. With 0 nothing is sent: records are in the log at \
             once, and what no broker takes is held back until one does.",
            Control::Duration,
        )
    },
    Field {
        needs: Some(Needs::set("request_time")),
        ..field(
            "Producers",
            "request_loss",
            "Requests that fail",
            "",
            "The chance that a request never gets there. Its batches are sent again, and with \
             several in flight behind those that were sent after them.",
            Control::Chance,
        )
    },
    Field {
        needs: Some(Needs::set("request_time")),
        ..field(
            "Producers",
            "answer_loss",
            "Answers that fail",
            "",
            "The chance that a request gets there and its answer does not come back. Its batches \
             are sent again: they are in the log twice, unless producers are idempotent.",
            Control::Chance,
        )
    },
    Field {
        needs: Some(Needs::set("request_time")),
        ..field(
            "Producers",
            "max_in_flight",
            "Requests in flight",
            "requests",
            "How many requests of a client to one broker wait for their answers at most. With \
             more than 1 a batch that is sent again can come behind later ones, unless producers \
             are idempotent; then it is 5 at most.",
            Control::Count { min: 1, max: 1000 },
        )
    },
    Field {
        needs: Some(Needs::set("request_time")),
        ..field(
            "Producers",
            "retry_backoff",
            "Sent again after",
            "",
            "The first time; it doubles with each further one, up to a second.",
            Control::Duration,
        )
    },
    field(
        "Keeping",
        "cleanup",
        "Old records",
        "",
        "Delete takes away whole segments, compaction all but the last record of each key; \
         neither touches the segment that is written to.",
        Control::Choice(&[
            ("delete", "Are deleted"),
            ("compact", "Are compacted"),
            ("compact_delete", "Both"),
        ]),
    ),
    Field {
        needs: Some(Needs::one_of("cleanup", &["delete", "compact_delete"])),
        ..field(
            "Keeping",
            "retention_bytes",
            "Bytes that stay",
            "bytes",
            "Of each partition; empty for no limit.",
            Control::OptionalCount {
                min: 0,
                max: 1 << 50,
            },
        )
    },
    field(
        "Keeping",
        "segment_bytes",
        "Segment size",
        "bytes",
        "When the active segment is so large a new one begins. Only closed segments are \
         deleted or compacted.",
        Control::Count {
            min: 1,
            max: 1 << 40,
        },
    ),
    field(
        "Keeping",
        "segment_time",
        "Segment age",
        "",
        "When the active segment is so old a new one begins with the next record.",
        Control::Duration,
    ),
    field(
        "Keeping",
        "check_every",
        "Looked at every",
        "",
        "How often the broker deletes and compacts. Records stay longer than they need to by \
         up to this.",
        Control::Duration,
    ),
    Field {
        needs: Some(Needs::one_of("cleanup", &["compact", "compact_delete"])),
        ..field(
            "Keeping",
            "dirty_ratio",
            "New before compaction",
            "",
            "The share of closed records that must have come since the last compaction.",
            Control::Chance,
        )
    },
    Field {
        needs: Some(Needs::one_of("cleanup", &["compact", "compact_delete"])),
        ..field(
            "Keeping",
            "tombstone",
            "Tombstone",
            "",
            "The event type that stands for a record without a value: compaction forgets its key.",
            Control::Text(200),
        )
    },
    Field {
        needs: Some(Needs::one_of("cleanup", &["compact", "compact_delete"])),
        ..field(
            "Keeping",
            "delete_retention",
            "Tombstones stay for",
            "",
            "A reader that takes longer from the beginning misses the deletion.",
            Control::Duration,
        )
    },
    field(
        "Brokers",
        "brokers",
        "Brokers",
        "brokers",
        "How many brokers share the partitions and their copies.",
        Control::Count { min: 1, max: 30 },
    ),
    Field {
        needs: Some(Needs::set("brokers")),
        ..field(
            "Brokers",
            "replication",
            "Copies",
            "copies",
            "On how many brokers each partition is. One of them leads, the others follow.",
            Control::Count { min: 1, max: 30 },
        )
    },
    Field {
        needs: Some(Needs::set("brokers")),
        ..field(
            "Brokers",
            "min_in_sync",
            "Minimum in sync",
            "copies",
            "With acks all nothing is taken while fewer copies are in sync: rather no record than \
         one that is not safe.",
            Control::Count { min: 1, max: 30 },
        )
    },
    Field {
        needs: Some(Needs::set("brokers")),
        ..field(
            "Brokers",
            "unclean_election",
            "Unclean election",
            "",
            "Whether a copy that is behind may lead when no other is there. The partition can be \
         used again, and what the copy did not have is lost, acknowledged or not.",
            Control::Toggle,
        )
    },
    Field {
        needs: Some(Needs::set("brokers")),
        ..field(
            "Brokers",
            "replication_time",
            "Followers fetch in",
            "",
            "How long a follower takes to have what its leader has.",
            Control::Duration,
        )
    },
    Field {
        needs: Some(Needs::set("brokers")),
        ..field(
            "Brokers",
            "broker_timeout",
            "Brokers missed after",
            "",
            "Until then a broker that is gone still leads, and nothing that it leads can be used.",
            Control::Duration,
        )
    },
    Field {
        needs: Some(Needs::set("brokers")),
        ..field(
            "Brokers",
            "stopped",
            "Stopped brokers",
            "",
            "The numbers of the brokers that do not run, from 1.",
            Control::Numbers,
        )
    },
    Field {
        needs: Some(Needs::set("brokers")),
        ..field(
            "Brokers",
            "cut_off",
            "Brokers cut off",
            "",
            "The numbers of the brokers that the others do not reach. Clients still do: until \
         such a leader is missed it takes records that nobody else gets.",
            Control::Numbers,
        )
    },
    field(
        "Groups of consumers",
        "sharing",
        "Consumers share",
        "",
        "Partitions: each is one consumer's, and keeps its order. Records: whoever is free gets \
         the next one, so there can be more consumers than partitions, and nothing rebalances, \
         but no order is kept. So do JetStream, Redis streams, and share groups of Kafka.",
        Control::Choice(&[("partitions", "Partitions"), ("records", "Records")]),
    ),
    Field {
        needs: Some(Needs::one_of("sharing", &["records"])),
        ..field(
            "Groups of consumers",
            "ack_wait",
            "Lent for",
            "",
            "A record that is not acknowledged so long is lent to somebody else: nobody hears of a \
             crash, nor that the work only takes longer. Empty, it stays with its consumer until \
             that is there again, as in a Redis stream where nobody claims it.",
            Control::OptionalDuration,
        )
    },
    Field {
        needs: Some(Needs::one_of("sharing", &["records"])),
        ..field(
            "Groups of consumers",
            "max_deliveries",
            "Lent at most",
            "times",
            "Then the group goes on without the record. It stays in the log, and goes to no dead \
             letters. Empty, a record that always fails is tried for ever.",
            Control::OptionalCount {
                min: 1,
                max: 10_000,
            },
        )
    },
    Field {
        needs: Some(Needs::one_of("sharing", &["records"])),
        ..field(
            "Groups of consumers",
            "max_unacked",
            "Open at most",
            "records",
            "How many records of a group are lent and not acknowledged: with so many nothing new \
             is lent. Each consumer has no more than its prefetch.",
            Control::Count {
                min: 1,
                max: 100_000,
            },
        )
    },
    Field {
        needs: Some(Needs::one_of("sharing", &["records"])),
        ..field(
            "Groups of consumers",
            "late_acks",
            "Late answers count",
            "",
            "Whether a record is done with that a consumer acknowledges too late, when it is lent \
             again already. So it is in JetStream and Redis; Kafka refuses such an answer.",
            Control::Toggle,
        )
    },
    field(
        "Groups of consumers",
        "assignor",
        "Partitions shared by",
        "",
        "Range gives neighbours, and the first consumers more. Only cooperative sticky lets \
         consumers work on during a rebalance, but it takes two rounds: what moves is \
         nobody's in between.",
        Control::Choice(&[
            ("range", "Range"),
            ("round_robin", "Round robin"),
            ("sticky", "Sticky"),
            ("cooperative_sticky", "Cooperative sticky"),
        ]),
    ),
    Field {
        needs: Some(Needs::one_of("commit", &["interval"])),
        ..field(
            "Groups of consumers",
            "commit_interval",
            "Commit every",
            "",
            "If it is at an interval.",
            Control::Duration,
        )
    },
    field(
        "Groups of consumers",
        "isolation",
        "Readers see",
        "",
        "Unless told otherwise consumers see all, also what is aborted later. Those that read \
         committed stop before the first record of a transaction that is open: behind it they \
         see nothing, not even what belongs to none, and their lag does not go. Each \
         transaction leaves a marker, which takes an offset. Read models go by this, too.",
        Control::Choice(&[
            ("read_uncommitted", "All"),
            ("read_committed", "What is committed"),
        ]),
    ),
    field(
        "Groups of consumers",
        "transaction_timeout",
        "Transactions last at most",
        "",
        "One of a service that works in transactions on what it reads here. If it crashes in \
         the middle its transaction stays open so long, unless it is back before.",
        Control::Duration,
    ),
    field(
        "Groups of consumers",
        "initial_delay",
        "A new group waits",
        "",
        "So that it need not rebalance for each consumer that starts.",
        Control::Duration,
    ),
    field(
        "Groups of consumers",
        "heartbeat",
        "Heartbeat",
        "",
        "Consumers hear of a rebalance with the answer to one, so this is what they take to \
         notice.",
        Control::Duration,
    ),
    field(
        "Groups of consumers",
        "session_timeout",
        "Consumers missed after",
        "",
        "So long after its last heartbeat the partitions of a consumer that crashed stay \
         without one.",
        Control::Duration,
    ),
    field(
        "Groups of consumers",
        "max_poll_interval",
        "Most time for the work",
        "",
        "A consumer that takes longer is no member any more: others do its work again while \
         it is still at it.",
        Control::Duration,
    ),
    field(
        "Groups of consumers",
        "max_poll_records",
        "Records in hand",
        "records",
        "How many a consumer fetches at most and works on before it asks again, whatever its \
         prefetch. All of them are what a crash repeats or loses, and what a rebalance waits for.",
        Control::Count {
            min: 1,
            max: 100_000,
        },
    ),
    field(
        "Groups of consumers",
        "static_members",
        "Static members",
        "",
        "A consumer that restarts in time keeps its partitions without a rebalance. Otherwise \
         the group waits until the old one is missed.",
        Control::Toggle,
    ),
    field(
        "Groups of consumers",
        "groups",
        "Single groups",
        "",
        "What groups do otherwise. Where a group is sent it goes when this is set: it reads again, \
         or passes over what is there. As JSON it can also be {\"time\": \"10s\"}.",
        Control::Rows {
            fields: GROUP_FIELDS,
            fresh: r#"{ "name": "billing" }"#,
        },
    ),
];
