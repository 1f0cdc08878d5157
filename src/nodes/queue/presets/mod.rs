//! The queues of products: what they are by default, how they call it, and what they have not.

mod aws;
mod azure;
mod google;
mod rabbitmq;

use crate::nodes::{Preset, Rule};

/// In the order in which they are offered.
pub(super) const PRESETS: &[Preset] = &[
    rabbitmq::CLASSIC,
    rabbitmq::QUORUM,
    aws::STANDARD,
    aws::FIFO,
    google::SUBSCRIPTION,
    azure::QUEUE,
    azure::SUBSCRIPTION,
];

/// What RabbitMQ has and the services of the large clouds have not.
const CLOUD: &[Rule] = &[
    Rule::lacks("max_length", "a queue takes as many messages as come"),
    Rule::lacks(
        "max_priority",
        "there are no priorities, take a queue for each",
    ),
    Rule::lacks("single_active", "all that receive get messages"),
    Rule::lacks("dead_letter_key", ""),
    Rule::lacks("delivery_limit", "it counts deliveries, use Most receives"),
    Rule::lacks("rules", ""),
    Rule::lacks("publish_rate", "its quotas are no matter of one queue"),
    Rule::lacks("too_fast", ""),
    Rule::lacks("auto_delete", ""),
    Rule::always("durable", "messages are always kept on several machines"),
];
