//! The queues of Amazon SQS.

use super::CLOUD;
use crate::nodes::{Allows, Preset, Rule, Worth};

const WORDS: &[(&str, &str)] = &[
    ("time_to_live", "MessageRetentionPeriod"),
    ("ack_timeout", "VisibilityTimeout"),
    ("delay", "DelaySeconds"),
    ("max_receives", "maxReceiveCount"),
    ("groups", "MessageGroupId"),
    ("deduplication", "MessageDeduplicationId"),
    ("dedup_window", "deduplication interval"),
    ("dedup_by_group", "DeduplicationScope"),
];

const RULES: &[Rule] = &[
    Rule::lacks("max_bytes", "a queue takes as many messages as come"),
    Rule::lacks("overflow", "a queue is never full"),
    Rule::lacks("expires_after", "a queue stays until somebody deletes it"),
    Rule {
        field: "ack_timeout",
        allows: Allows::Within("0s", "12h"),
        why: "VisibilityTimeout is from 0 seconds to 12 hours",
    },
    Rule {
        field: "time_to_live",
        allows: Allows::Within("60s", "336h"),
        why: "MessageRetentionPeriod is from 60 seconds to 14 days",
    },
    Rule {
        field: "delay",
        allows: Allows::NoneOrWithin("0s", "15m"),
        why: "DelaySeconds is at most 15 minutes",
    },
    Rule {
        field: "max_receives",
        allows: Allows::NoneOrWithin("1", "1000"),
        why: "maxReceiveCount is from 1 to 1,000",
    },
];

pub(super) const STANDARD: Preset = Preset {
    slug: "sqs-standard",
    label: "SQS standard queue",
    tag: "SQS standard",
    product: "Amazon SQS",
    version: "API 2012-11-05",
    source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/\
             API_CreateQueue.html",
    sets: &[
        ("ack_timeout", Worth::Text("30s")),
        ("time_to_live", Worth::Text("96h")),
        ("max_receives", Worth::Nothing),
        ("late_ack", Worth::Yes),
        ("letters_keep_age", Worth::Yes),
    ],
    words: WORDS,
    link_words: &[],
    rules: &[
        RULES,
        CLOUD,
        &[
            Rule::lacks("groups", "only FIFO queues keep the order of a group"),
            Rule::lacks("deduplication", "only FIFO queues know repeats"),
            Rule::lacks("dedup_window", ""),
            Rule::lacks("dedup_by_group", ""),
            Rule::always("late_ack", "deleting with an old receipt handle succeeds"),
            Rule::always(
                "letters_keep_age",
                "a dead letter keeps the time at which it was sent",
            ),
        ],
    ],
    note: "",
    leaves_out: &[
        "Now and then SQS delivers twice, or in another order: let a link duplicate or reorder.",
        "The limit of messages in flight, long polling, and receiving by the ten.",
        "Fair queues, which use MessageGroupId without keeping an order.",
    ],
};

pub(super) const FIFO: Preset = Preset {
    slug: "sqs-fifo",
    label: "SQS FIFO queue",
    tag: "SQS FIFO",
    product: "Amazon SQS",
    version: "API 2012-11-05",
    source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/\
             sqs-fifo-queues.html",
    sets: &[
        ("ack_timeout", Worth::Text("30s")),
        ("time_to_live", Worth::Text("96h")),
        ("max_receives", Worth::Nothing),
        ("requeue", Worth::Text("original")),
        ("groups", Worth::Yes),
        ("deduplication", Worth::Text("id")),
        ("dedup_window", Worth::Text("5m")),
    ],
    words: WORDS,
    link_words: &[],
    rules: &[
        RULES,
        CLOUD,
        &[
            Rule::always("groups", "every message is in a group"),
            Rule::always("requeue", "what comes back goes to its place in its group"),
            Rule::always("late_ack", "deleting with an expired receipt handle fails"),
            Rule::always("letters_keep_age", "the time of a dead letter counts anew"),
            Rule::always("dedup_window", "the deduplication interval is 5 minutes"),
            Rule {
                field: "deduplication",
                allows: Allows::Words(&["id", "content"]),
                why: "repeats are always known, by id or by content",
            },
        ],
    ],
    note: "Every message needs a key, which is its group, and a header deduplication-id; else it \
           is refused. ContentBasedDeduplication is: repeated messages are known by id or content.",
    leaves_out: &[
        "The quota of 300 calls a second, and high throughput for FIFO queues.",
        "The limit of messages in flight, long polling, and receiving by the ten.",
    ],
};
