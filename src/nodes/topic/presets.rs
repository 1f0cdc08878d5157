//! The topics of products: what they do by default, how they call it, and what they have besides.

use crate::nodes::{Preset, Rule, Worth};

const DROPS: &[(&str, Worth)] = &[
    ("unrouted", Worth::Text("drop")),
    ("confirms", Worth::Text("accepted")),
];

const RULES: &[Rule] = &[
    Rule::always("confirms", "who publishes hears at once that it was taken"),
    Rule::lacks(
        "max_subscribers",
        "one too many is refused when it subscribes",
    ),
    Rule::lacks("surplus", ""),
];

/// In the order in which they are offered.
pub(super) const PRESETS: &[Preset] = &[
    Preset {
        slug: "sns-topic",
        label: "SNS topic",
        tag: "SNS",
        product: "Amazon SNS",
        version: "API 2010-03-31",
        source: "https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html",
        sets: DROPS,
        words: &[],
        link_words: &[
            ("filter", "FilterPolicy"),
            ("filter_scope", "FilterPolicyScope"),
        ],
        rules: &[RULES],
        note: "Put a queue behind each subscription that must not lose anything.",
        leaves_out: &[
            "Retries: SNS tries 100,015 times over 23 days to reach a queue or a function.",
            "Dead-letter queues of subscriptions, FIFO topics, archive and replay.",
        ],
    },
    Preset {
        slug: "pubsub-topic",
        label: "Pub/Sub topic",
        tag: "Pub/Sub",
        product: "Google Cloud Pub/Sub",
        version: "API v1",
        source: "https://cloud.google.com/pubsub/docs/subscription-message-filter",
        sets: DROPS,
        words: &[],
        link_words: &[("filter", "filter")],
        rules: &[RULES],
        note: "Each subscription is a queue behind it: choose Pub/Sub subscription there.",
        leaves_out: &[
            "Filters are written in another language, and look at attributes only.",
            "Retention by the topic, schemas, and ingestion.",
        ],
    },
    Preset {
        slug: "eventbridge-bus",
        label: "EventBridge bus",
        tag: "EventBridge",
        product: "Amazon EventBridge",
        version: "API 2015-10-07",
        source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/\
                 eb-rule-retry-policy.html",
        sets: &[
            ("unrouted", Worth::Text("ignore")),
            ("confirms", Worth::Text("accepted")),
        ],
        words: &[],
        link_words: &[("filter", "EventPattern")],
        rules: &[
            RULES,
            &[Rule::always(
                "unrouted",
                "an event that no rule wants is no loss",
            )],
        ],
        note: "A link is a rule with one target; let its filter look at the body.",
        leaves_out: &[
            "Retries: EventBridge tries a target for 24 hours and up to 185 times, then drops the \
             event or gives it to the target's dead-letter queue.",
            "Several targets of a rule, changed input, schedules, archive and replay.",
        ],
    },
    Preset {
        slug: "service-bus-topic",
        label: "Service Bus topic",
        tag: "Service Bus",
        product: "Azure Service Bus",
        version: "API 2021-11-01",
        source: "https://learn.microsoft.com/azure/service-bus-messaging/topic-filters",
        sets: DROPS,
        words: &[],
        link_words: &[("filter", "SqlFilter, CorrelationFilter")],
        rules: &[RULES],
        note: "Each subscription is a queue behind it: choose Service Bus subscription there.",
        leaves_out: &[
            "Filters are written in SQL or as equal properties, and never look at the body.",
            "Actions of rules, a copy for each rule that matches, size limit and duplicate \
             detection of the topic.",
        ],
    },
    Preset {
        slug: "redis-pubsub",
        label: "Redis pub/sub",
        tag: "Redis",
        product: "Redis",
        version: "7",
        source: "https://redis.io/docs/latest/develop/pubsub/",
        sets: DROPS,
        words: &[],
        link_words: &[("types", "channels of SUBSCRIBE")],
        rules: &[RULES],
        note: "Delivery is at most once: link subscribers to it directly. The event type is the \
               channel.",
        leaves_out: &[
            "PSUBSCRIBE with patterns, and sharded channels.",
            "A subscriber that reads too slowly is disconnected when its output buffer is full.",
        ],
    },
];
