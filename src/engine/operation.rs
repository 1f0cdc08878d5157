//! What a person does by hand with what a node has.

use std::sync::Arc;

use super::MessageId;
use crate::units::{LinkId, NodeId, SimDuration, SimTime};

/// What a person does by hand with what a node has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Takes messages out of every queue that lends to the node.
    Take {
        /// Most messages.
        most: u32,
        /// How long the queue waits for the answer, if not as long as it says itself.
        hide: Option<SimDuration>,
    },
    /// Answers a delivery.
    Settle {
        /// Which delivery.
        which: Delivery,
        /// What the answer is.
        verdict: Verdict,
    },
    /// Asks the queue to wait for the answer until so long from now.
    Extend {
        /// Which delivery.
        which: Delivery,
        /// How long from now.
        time: SimDuration,
    },
    /// Throws away all that waits, and what is delivered only if the node says so.
    Purge,
    /// Sends waiting messages on. Each is sent first, and removed when the receiver has it.
    Redrive {
        /// Which, if not the next ones.
        which: Option<Arc<[Chosen]>>,
        /// Most messages of those that wait.
        most: u32,
        /// Time between two of them.
        every: SimDuration,
        /// Where they go.
        to: Goal,
    },
    /// The consumers of a group commit all that they are done with.
    Commit {
        /// Which group.
        group: GroupName,
    },
    /// The consumers of a group go to another place, commit it, and read on from there.
    ///
    /// It is what a client does in its own code (`seek`, and a commit after it). Who sets the
    /// offsets of a group of Apache Kafka from outside has to stop its consumers before.
    Seek {
        /// Which group.
        group: GroupName,
        /// Where to.
        to: SeekTo,
    },
}

/// What says which group of consumers is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupName {
    /// The name that its links have.
    Named(Arc<str>),
    /// The group that this link is for: of a consumer without a name, all there is of it.
    OfLink(LinkId),
}

/// Where a group of consumers reads on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeekTo {
    /// With the first record that is there.
    Earliest,
    /// With the next record that comes.
    Latest,
    /// With the first record that happened then or later.
    Time(SimTime),
    /// In this partition only, with the record at this offset; with the nearest that is there.
    Offset {
        /// Which partition, from 0.
        partition: u32,
        /// Which offset.
        offset: u64,
    },
}

/// Where messages go that a person sends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// Along the node's first link for dead letters.
    #[default]
    Link,
    /// Back to where each of them died last.
    Source,
    /// To this node.
    Node(NodeId),
}

/// One of the messages that a node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The identity of the event.
    pub root: u64,
    /// Which of its copies there, from 1.
    pub nth: u16,
}

/// One handing-over of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The identity of the event.
    pub root: u64,
    /// Which handing-over of it; the latest without.
    pub attempt: Option<u16>,
    /// Which of those that fit, the oldest first, from 1; the latest without.
    pub nth: Option<u16>,
}

/// The answer to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was processed.
    Ack,
    /// It was not, and is not to be tried again.
    Reject,
    /// It is to be tried again.
    Requeue,
}

impl Verdict {
    /// The answer as a signal about a message.
    pub fn signal(self, message: MessageId) -> super::Signal {
        match self {
            Self::Ack => super::Signal::Ack(message),
            Self::Reject | Self::Requeue => super::Signal::Nack {
                message,
                requeue: self == Self::Requeue,
            },
        }
    }
}
