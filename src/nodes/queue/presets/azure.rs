//! The queues and subscriptions of Azure Service Bus.

use super::CLOUD;
use crate::nodes::{Allows, Preset, Rule, Worth};

const WORDS: &[(&str, &str)] = &[
    ("time_to_live", "defaultMessageTimeToLive"),
    ("ack_timeout", "lockDuration"),
    ("max_receives", "maxDeliveryCount"),
    ("max_bytes", "maxSizeInMegabytes"),
    ("groups", "requiresSession"),
    ("deduplication", "requiresDuplicateDetection"),
    ("dedup_window", "duplicateDetectionHistoryTimeWindow"),
    ("expires_after", "autoDeleteOnIdle"),
];

const LINK_WORDS: &[(&str, &str)] = &[("auto_ack", "ReceiveAndDelete")];

const RULES: &[Rule] = &[
    Rule::lacks("delay", "only single messages are scheduled for later"),
    Rule::lacks("letters_keep_age", "dead letters do not expire"),
    Rule::lacks("dedup_by_group", "repeats are known in the whole queue"),
    Rule::always("late_ack", "settling after the lock is lost fails"),
    Rule {
        field: "ack_timeout",
        allows: Allows::Within("0s", "5m"),
        why: "lockDuration is at most 5 minutes, then it must be renewed",
    },
    Rule {
        field: "max_receives",
        allows: Allows::Within("1", "2000"),
        why: "maxDeliveryCount is from 1 to 2,000",
    },
    Rule {
        field: "expires_after",
        allows: Allows::NoneOrWithin("5m", "1000000h"),
        why: "autoDeleteOnIdle is at least 5 minutes",
    },
];

const SESSIONS: &str = "A session is held by one receiver for all its messages; here each message \
                        of a group may go to another one.";
const LETTERS: &str = "What expires is a dead letter only with deadLetteringOnMessageExpiration; \
                       here a link for dead letters is enough.";
const REST: &str = "Deferral, transactions, forwarding, and partitions.";

pub(super) const QUEUE: Preset = Preset {
    slug: "service-bus-queue",
    label: "Service Bus queue",
    tag: "Service Bus",
    product: "Azure Service Bus",
    version: "API 2021-11-01",
    source: "https://learn.microsoft.com/azure/templates/microsoft.servicebus/2021-11-01/\
             namespaces/queues",
    sets: &[
        ("ack_timeout", Worth::Text("1m")),
        ("max_receives", Worth::Count(10)),
        ("time_to_live", Worth::Nothing),
        ("max_bytes", Worth::Count(1 << 30)),
        ("overflow", Worth::Text("reject")),
        ("dedup_window", Worth::Text("10m")),
    ],
    words: WORDS,
    link_words: LINK_WORDS,
    rules: &[
        RULES,
        CLOUD,
        &[
            Rule::always("overflow", "a full queue refuses what comes"),
            Rule {
                field: "deduplication",
                allows: Allows::Words(&["off", "id"]),
                why: "repeats are known by their MessageId only",
            },
            Rule {
                field: "dedup_window",
                allows: Allows::Within("20s", "168h"),
                why: "the window is from 20 seconds to 7 days",
            },
        ],
    ],
    note: "",
    leaves_out: &[SESSIONS, LETTERS, REST],
};

pub(super) const SUBSCRIPTION: Preset = Preset {
    slug: "service-bus-subscription",
    label: "Service Bus subscription",
    tag: "Service Bus",
    product: "Azure Service Bus",
    version: "API 2021-11-01",
    source: "https://learn.microsoft.com/azure/templates/microsoft.servicebus/2021-11-01/\
             namespaces/topics/subscriptions",
    sets: &[
        ("ack_timeout", Worth::Text("1m")),
        ("max_receives", Worth::Count(10)),
        ("time_to_live", Worth::Nothing),
    ],
    words: WORDS,
    link_words: LINK_WORDS,
    rules: &[
        RULES,
        CLOUD,
        &[
            Rule::lacks("max_bytes", "the size is limited by the topic"),
            Rule::lacks("overflow", "the topic refuses what comes"),
            Rule::lacks("deduplication", "repeats are known by the topic"),
            Rule::lacks("dedup_window", ""),
        ],
    ],
    note: "",
    leaves_out: &[SESSIONS, LETTERS, REST],
};
