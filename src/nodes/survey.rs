//! A node's partitions, brokers and groups as plain data, for whoever shows them: who leads, who
//! follows, who owns what, and how far behind everybody is.

use crate::engine::{Behaviour, LinkIndex};

/// What there is to tell of a node with partitions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// Its partitions, by their numbers.
    pub partitions: Vec<Partition>,
    /// Its brokers, by their numbers.
    pub brokers: Vec<Broker>,
    /// The groups that somebody ever joined, in the order in which they came.
    pub groups: Vec<Group>,
    /// Read models that follow it without a group.
    pub readers: Vec<Reader>,
    /// How many records clients hold back until a broker takes them.
    pub held_back: u64,
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Its number, from 0.
    pub number: u32,
    /// The first offset that may still be there.
    pub start: u64,
    /// The offset of the next record.
    pub end: u64,
    /// The high watermark: what lies before it has reached all copies that are in sync.
    pub high: u64,
    /// How many records there are: with gaps fewer than there are offsets.
    pub count: u64,
    /// Their bytes, as retention counts them.
    pub bytes: u64,
    /// The broker that leads it as far as the others know, from 1; it may have failed already.
    pub leader: Option<u32>,
    /// Whether clients reach a leader.
    pub served: bool,
    /// Its copies, the preferred leader first.
    pub replicas: Vec<Replica>,
}

/// A copy of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replica {
    /// The number of its broker, from 1.
    pub broker: u32,
    /// How far it goes.
    pub end: u64,
    /// Whether it counts as in sync.
    pub in_sync: bool,
}

/// A broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broker {
    /// Its number, from 1.
    pub number: u32,
    /// Whether it does not run.
    pub stopped: bool,
    /// Whether other brokers cannot reach it, while clients can.
    pub cut_off: bool,
    /// Whether the others have noticed that it is gone.
    pub missed: bool,
    /// How many partitions it leads.
    pub leads: u32,
    /// How many partitions it has a copy of that another broker leads.
    pub follows: u32,
}

/// A consumer group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name, as it is shown.
    pub shown: String,
    /// Its name in scripts and settings; empty for a consumer that nobody gave a group.
    pub name: String,
    /// Whether its consumers share records: none of them owns a partition, and it never rebalances.
    pub shares_records: bool,
    /// What it is at.
    pub phase: Phase,
    /// Which sharing out of partitions is in force: each rebalance makes another.
    pub generation: i64,
    /// How often it rebalanced.
    pub rebalances: u32,
    /// How it shares out partitions.
    pub assignor: &'static str,
    /// Whether members keep working while it rebalances.
    pub cooperative: bool,
    /// Records that are there and not committed, in all partitions.
    pub lag: u64,
    /// Who belongs to it. Those that were missed and still work on what they had come last.
    pub members: Vec<Member>,
    /// Where it is, by partition.
    pub places: Vec<Place>,
}

/// What a group is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It has no members.
    Empty,
    /// It rebalances: it waits for its members to join again.
    Joining,
    /// Everybody knows what is theirs.
    Stable,
}

/// A consumer in a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its number in the group, from 1, which stays with its link; 0 for one that is gone, and not
    /// missed yet, while another took its link.
    pub number: u16,
    /// Its id, as the assignor sorts it; empty for one that is outside.
    pub id: String,
    /// Its link.
    pub link: Option<LinkIndex>,
    /// The partitions that it owns now.
    pub owned: Vec<u32>,
    /// How many records it has in hand.
    pub in_hand: u64,
    /// How it stands in a rebalance.
    pub stance: Stance,
    /// Whether it sends no heartbeats.
    pub silent: bool,
    /// Whether it owns nothing although it takes part.
    pub idle: bool,
    /// Whether it takes nothing new, because of a rebalance or because it is silent.
    pub paused: bool,
}

/// How a member stands in a rebalance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// It knows of none.
    Works,
    /// There is one, and it will hear of it with its next heartbeat.
    Hears,
    /// It ends what it has in hand.
    Ends,
    /// It has joined, and waits for the others.
    Joined,
    /// It did not poll for too long: the group goes on without it, and it still works on what it
    /// had.
    Outside,
}

/// Where a group is in a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether it ever read there.
    pub begun: bool,
    /// The next offset to be read.
    pub position: u64,
    /// The offset at which it goes on after a crash.
    pub committed: u64,
    /// How many records lie between that and the end.
    pub lag: u64,
    /// The place of the owner in the list of members.
    pub owner: Option<usize>,
}

/// A read model that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Its link.
    pub link: LinkIndex,
    /// The next offset of each partition.
    pub next: Vec<u64>,
    /// How many records it was not shown yet.
    pub behind: u64,
}

/// Most kinds have nothing to tell. One that has does it in a method of its own with this name,
/// which comes before this one.
pub(super) trait Untold: Behaviour {
    /// Nothing.
    fn survey(&self) -> Option<Survey> {
        None
    }
}

impl<T: Behaviour> Untold for T {}
