//! The subscriptions of Google Pub/Sub.

use super::CLOUD;
use crate::nodes::{Allows, Preset, Rule, Worth};

pub(super) const SUBSCRIPTION: Preset = Preset {
    slug: "pubsub-subscription",
    label: "Pub/Sub subscription",
    tag: "Pub/Sub",
    product: "Google Cloud Pub/Sub",
    version: "API v1",
    source: "https://cloud.google.com/pubsub/docs/subscription-properties",
    sets: &[
        ("ack_timeout", Worth::Text("10s")),
        ("time_to_live", Worth::Text("168h")),
        ("expires_after", Worth::Text("744h")),
        ("max_receives", Worth::Nothing),
        ("late_ack", Worth::Yes),
    ],
    words: &[
        ("time_to_live", "messageRetentionDuration"),
        ("ack_timeout", "ackDeadlineSeconds"),
        ("max_receives", "maxDeliveryAttempts"),
        ("groups", "enableMessageOrdering"),
        ("expires_after", "expirationPolicy.ttl"),
    ],
    link_words: &[],
    rules: &[
        CLOUD,
        &[
            Rule::lacks("max_bytes", "a subscription keeps as many messages as come"),
            Rule::lacks("overflow", "a subscription is never full"),
            Rule::lacks("delay", "messages cannot be delayed"),
            Rule::lacks("deduplication", "every message published is another one"),
            Rule::lacks("dedup_window", ""),
            Rule::lacks("dedup_by_group", ""),
            Rule::lacks("letters_keep_age", "a dead letter is published anew"),
            Rule {
                field: "ack_timeout",
                allows: Allows::Within("10s", "10m"),
                why: "ackDeadlineSeconds is from 10 to 600 seconds",
            },
            Rule {
                field: "time_to_live",
                allows: Allows::Within("10m", "744h"),
                why: "messageRetentionDuration is from 10 minutes to 31 days",
            },
            Rule {
                field: "max_receives",
                allows: Allows::NoneOrWithin("5", "100"),
                why: "maxDeliveryAttempts is from 5 to 100",
            },
        ],
    ],
    note: "Client libraries extend the deadline by themselves while they are at work; here the \
           consumer must be done in time.",
    leaves_out: &[
        "Delivery attempts are counted as well as possible only, and a message may be \
         dead-lettered twice.",
        "Ordering keys let several messages of a key be outstanding, in order; here it is one \
         after the other.",
        "Retry policies, exactly-once delivery, push, flow control, seek and replay.",
    ],
};
