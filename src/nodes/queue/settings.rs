//! How a queue treats what waits in it, and what is wrong with that.

use serde::{Deserialize, Serialize};

use super::Requeue;
use crate::nodes::{Conduct, Lending, Passing, Picks, Role, SettingsProblem, Split, Way};
use crate::units::{Rate, SimDuration};

/// How a queue treats what waits in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Most messages that wait; those delivered and not settled do not count.
    pub max_length: Option<u32>,
    /// What happens when a message comes and there is no room.
    pub overflow: Overflow,
    /// Most time that a message waits.
    pub time_to_live: Option<SimDuration>,
    /// Whether the time of a dead letter counts from when the event happened.
    pub letters_keep_age: bool,
    /// Time after which a delivery that is not settled counts as failed.
    pub ack_timeout: Option<SimDuration>,
    /// How often a message may come back before it is a dead letter.
    pub delivery_limit: Option<u32>,
    /// Whose finer rules it follows.
    pub rules: Rules,
    /// Most bytes of bodies that wait.
    pub max_bytes: Option<u32>,
    /// Time for which each message is hidden first.
    pub delay: Option<SimDuration>,
    /// The highest priority; without, all messages are alike.
    pub max_priority: Option<u32>,
    /// Whether only one consumer gets messages, and the next one when it leaves.
    pub single_active: bool,
    /// Where what comes back goes.
    pub requeue: Requeue,
    /// Whether an answer that comes too late still settles the message.
    pub late_ack: bool,
    /// How often a message may be received before it is a dead letter.
    pub max_receives: Option<u32>,
    /// The routing key that dead letters get; their own without.
    pub dead_letter_key: String,
    /// Whether the messages of one key are handed out one after the other.
    pub groups: bool,
    /// By what repeated messages are known.
    pub deduplication: Deduplication,
    /// How long a message is remembered for that.
    pub dedup_window: SimDuration,
    /// Whether a message is only compared with those of its own group.
    pub dedup_by_group: bool,
    /// Most messages that it takes in a second; all with 0.
    pub publish_rate: Rate,
    /// What happens to those above.
    pub too_fast: TooFast,
    /// Whether messages survive a crash.
    pub durable: bool,
    /// Time after which it is gone if nobody uses it.
    pub expires_after: Option<SimDuration>,
    /// Whether it is gone when its last consumer is.
    pub auto_delete: bool,
}

/// What happens when a message comes and there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overflow {
    /// The oldest waiting message goes.
    DropHead,
    /// The new message is refused.
    Reject,
    /// The new message is refused, and goes to the dead letters.
    RejectDeadLetter,
    /// The new message is taken, and whoever sends is told to wait.
    Block,
}

/// Whose finer rules a queue follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rules {
    /// Those of a classic queue of RabbitMQ.
    Classic,
    /// Those of a quorum queue of RabbitMQ.
    Quorum,
}

/// By what repeated messages are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deduplication {
    /// They are not.
    Off,
    /// By the header `deduplication-id`, which all must have.
    Id,
    /// By that header, or the body if there is none.
    Content,
}

/// What happens to messages that come too fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TooFast {
    /// They are hidden until there is time for them.
    Throttle,
    /// They are refused.
    Refuse,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_length: None,
            overflow: Overflow::DropHead,
            time_to_live: None,
            letters_keep_age: false,
            ack_timeout: Some(SimDuration::from_secs(30)),
            delivery_limit: None,
            rules: Rules::Classic,
            max_bytes: None,
            delay: None,
            max_priority: None,
            single_active: false,
            requeue: Requeue::Original,
            late_ack: false,
            max_receives: None,
            dead_letter_key: String::new(),
            groups: false,
            deduplication: Deduplication::Off,
            dedup_window: SimDuration::from_secs(300),
            dedup_by_group: false,
            publish_rate: Rate::ZERO,
            too_fast: TooFast::Throttle,
            durable: true,
            expires_after: None,
            auto_delete: false,
        }
    }
}

impl Settings {
    pub(in crate::nodes) fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Vec::new();
        if self.ack_timeout == Some(SimDuration::ZERO) {
            let what = "expected a time above 0, found 0s: nothing could be settled in time";
            problems.push(SettingsProblem::new("ack_timeout", what));
        }
        if self.expires_after == Some(SimDuration::ZERO) {
            let what = "expected a time above 0, found 0s: it would be gone at once";
            problems.push(SettingsProblem::new("expires_after", what));
        }
        if self.groups && self.max_priority.is_some() {
            let what = "expected none in a queue with message groups: their order is the group's";
            problems.push(SettingsProblem::new("max_priority", what));
        }
        problems
    }

    pub(in crate::nodes) fn conduct(&self) -> Conduct<'_> {
        // The limits of RabbitMQ count returns, those of Amazon SQS deliveries.
        let by_receives = self.max_receives.map(|most| most.saturating_sub(1));
        let returns = match (self.delivery_limit, by_receives) {
            (Some(limit), Some(receives)) if receives < limit => (by_receives, "max_receives"),
            (None, Some(_)) => (by_receives, "max_receives"),
            _ => (self.delivery_limit, "delivery_limit"),
        };
        Conduct {
            ways: vec![
                Way {
                    picks: Picks::Terms,
                    ..Way::one(Role::Delivers, Split::Shares)
                },
                Way::one(Role::DeadLetters, Split::First),
            ],
            passings: vec![Passing::along(Role::Delivers)],
            lending: Some(Lending {
                ack_within: (self.ack_timeout, "ack_timeout"),
                returns,
                waits: (self.time_to_live, "time_to_live"),
                room: (self.max_length, "max_length"),
                late_counts: self.late_ack,
            }),
            only_first: &[Role::DeadLetters],
            ..Conduct::default()
        }
    }

    /// Whether there is nothing in them that looks at single messages or consumers.
    pub(super) fn are_simple(&self) -> bool {
        self.max_bytes.is_none()
            && self.time_to_live.is_none()
            && self.delay.is_none()
            && self.max_length.is_none()
            && self.max_priority.is_none()
            && self.max_receives.is_none()
            && self.expires_after.is_none()
            && self.deduplication == Deduplication::Off
            && self.rules == Rules::Classic
            && self.requeue != Requeue::Front
            && self.publish_rate == Rate::ZERO
            && !self.groups
            && !self.single_active
            && !self.auto_delete
    }
}
