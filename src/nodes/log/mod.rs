//! A partitioned log: records stay in order in each of its partitions, and groups read them.
//!
//! It follows Apache Kafka 4.0: the clients' partitioners and assignors, the classic group
//! protocol, commits, segments, retention, compaction, and brokers with leaders, followers and a
//! high watermark. Groups can also share records instead of partitions, as in JetStream, Redis
//! streams and Kafka's share groups (`share`). A consumer group is what the links have in common
//! that deliver to services under one name; a link without one is for a group of its own. Clients
//! that produce and consume are part of the log here: what they hold back, try again or commit is
//! shown at it. Left out: racks, the group protocol of KIP-848, tiered storage, and
//! the failure of the broker that coordinates a group. Each log has groups of its own, also if they
//! have one name. A projection follows the log from the beginning, as a reader without a group.

pub mod assign;
mod behaviour;
mod by_hand;
mod client;
mod cluster;
mod confirms;
mod consumers;
mod fields;
mod group;
mod group_fields;
mod keeping;
mod partitioner;
mod picture;
mod presets;
#[cfg(test)]
mod properties;
mod readers;
mod rebalance;
mod record;
mod settings;
mod share;
mod store;
mod survey;
#[cfg(test)]
mod tests;
mod topic;
mod transactions;
mod unstable;
mod whereabouts;

pub use behaviour::PartitionedLog;
pub use partitioner::{KeyHash, crc32, murmur2};
pub use settings::{
    Acks, Cleanup, Commit, GroupSettings, Isolation, Keyless, Reset, Seek, Settings, Sharing,
};

use super::{Cluster, Conduct, Descriptor, Glyph, Group, Passing, Picks, Role, Split, Way};

impl Settings {
    pub(super) fn conduct(&self) -> Conduct<'_> {
        Conduct {
            ways: vec![
                Way {
                    role: Role::Delivers,
                    split: Split::Groups,
                    picks: Picks::Group,
                    unheard_is_lost: false,
                },
                Way::copies(Role::Feeds),
            ],
            passings: vec![Passing::along(Role::Delivers), Passing::along(Role::Feeds)],
            hands: (self.sharing == Sharing::Partitions).then_some(self.max_poll_records),
            cluster: Some(Cluster {
                brokers: self.brokers,
                stopped: (&self.stopped, "stopped"),
                cut_off: (&self.cut_off, "cut_off"),
            }),
            ..Conduct::default()
        }
    }
}

/// What a partitioned log is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Partitioned log",
    summary: "Keeps records in order in partitions; consumer groups read them at their own pace",
    brief: "Kept after reading",
    aliases: &[
        "Kafka",
        "Redpanda",
        "Kinesis",
        "Event Hub",
        "stream",
        "partition",
        "offset",
        "consumer group",
        "topic",
        "compaction",
    ],
    source: "Apache Kafka 4.0: partitioners, assignors, classic consumer groups, replication",
    group: Group::Channels,
    glyph: Glyph::Cylinder,
    takes: &[Role::Sends, Role::DeadLetters, Role::Binds],
    gives: &[Role::Delivers, Role::Feeds],
    by_hand: true,
    can_crash: true,
    fields: fields::FIELDS,
    presets: presets::PRESETS,
};
