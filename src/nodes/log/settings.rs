//! What can be set of a partitioned log: the topic, its cluster, how clients produce to it, and how
//! its consumer groups work.

use serde::{Deserialize, Serialize};

use super::assign::Assignor;
use super::client::REMEMBERED;
use super::partitioner::KeyHash;
use crate::nodes::SettingsProblem;
use crate::units::{Chance, SimDuration};

/// How a partitioned log works. Names in the comments are Kafka's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How many partitions there are. While it runs there can be more, never fewer.
    pub partitions: u32,
    /// How clients hash keys.
    pub key_hash: KeyHash,
    /// Where records without a key go.
    pub keyless: Keyless,
    /// Bytes that a record counts for batches, segments and retention.
    pub record_bytes: u32,

    /// Which copies must have a record before it is acknowledged (`acks`).
    pub acks: Acks,
    /// Whether a record that is sent again is recognised (`enable.idempotence`).
    pub idempotent: bool,
    /// How long clients try (`delivery.timeout.ms`).
    pub delivery_timeout: SimDuration,
    /// How long a batch waits for more records (`linger.ms`).
    pub linger: SimDuration,
    /// Most bytes of a batch (`batch.size`).
    pub batch_bytes: u32,
    /// How long a produce request and its answer take together.
    pub request_time: SimDuration,
    /// Chance that a request never gets there.
    pub request_loss: Chance,
    /// Chance that a request gets there, and its answer does not come back.
    pub answer_loss: Chance,
    /// How many requests to a broker wait for their answers at most
    /// (`max.in.flight.requests.per.connection`).
    pub max_in_flight: u32,
    /// How long a client waits before it sends again for the first time (`retry.backoff.ms`).
    pub retry_backoff: SimDuration,

    /// What happens to old records (`cleanup.policy`).
    pub cleanup: Cleanup,
    /// How long records stay (`retention.ms`).
    pub retention: Option<SimDuration>,
    /// How many bytes of a partition stay (`retention.bytes`).
    pub retention_bytes: Option<u64>,
    /// Bytes after which a new segment begins (`segment.bytes`).
    pub segment_bytes: u64,
    /// Time after which a new segment begins (`segment.ms`).
    pub segment_time: SimDuration,
    /// How often the broker looks for what is to go (`log.retention.check.interval.ms`, and
    /// `log.cleaner.backoff.ms` for compaction).
    pub check_every: SimDuration,
    /// The share of closed segments that must be new for a compaction
    /// (`min.cleanable.dirty.ratio`).
    pub dirty_ratio: Chance,
    /// The event type that stands for a record without a value; none without.
    pub tombstone: String,
    /// How long a tombstone stays (`delete.retention.ms`).
    pub delete_retention: SimDuration,

    /// How many brokers there are.
    pub brokers: u32,
    /// On how many of them each partition is (`replication.factor`).
    pub replication: u32,
    /// Fewest copies in sync for `acks=all` (`min.insync.replicas`).
    pub min_in_sync: u32,
    /// Whether a copy that is not in sync may lead when no other can
    /// (`unclean.leader.election.enable`).
    pub unclean_election: bool,
    /// How long a follower takes to fetch what is new.
    pub replication_time: SimDuration,
    /// How long until a broker that is gone is missed (`broker.session.timeout.ms`).
    pub broker_timeout: SimDuration,
    /// The brokers that do not run.
    pub stopped: Vec<u32>,
    /// The brokers that the other brokers cannot reach; clients still do.
    pub cut_off: Vec<u32>,

    /// What the consumers of a group share.
    pub sharing: Sharing,
    /// How long a record that is lent is waited for (`ack_wait` of JetStream,
    /// `share.record.lock.duration.ms` of Kafka, what `XAUTOCLAIM` is told of Redis).
    pub ack_wait: Option<SimDuration>,
    /// How often a record is lent at most (`max_deliver`, `share.delivery.count.limit`).
    pub max_deliveries: Option<u32>,
    /// How many records of a group are lent and not acknowledged at most (`max_ack_pending`).
    pub max_unacked: u32,
    /// Whether an acknowledgement counts that comes when the record is lent to somebody else.
    pub late_acks: bool,
    /// How groups share out partitions (`partition.assignment.strategy`).
    pub assignor: Assignor,
    /// When consumers commit.
    pub commit: Commit,
    /// How often, if at an interval (`auto.commit.interval.ms`).
    pub commit_interval: SimDuration,
    /// Where a group begins that has committed nothing (`auto.offset.reset`).
    pub reset: Reset,
    /// Whether those who read see what is not committed yet (`isolation.level`).
    pub isolation: Isolation,
    /// How long a transaction of a service may take to which it lends (`transaction.timeout.ms`).
    pub transaction_timeout: SimDuration,
    /// How long a new group waits for more members (`group.initial.rebalance.delay.ms`).
    pub initial_delay: SimDuration,
    /// How often a consumer says that it is there (`heartbeat.interval.ms`).
    pub heartbeat: SimDuration,
    /// After what silence it counts as gone (`session.timeout.ms`).
    pub session_timeout: SimDuration,
    /// How long it may work on what it fetched (`max.poll.interval.ms`).
    pub max_poll_interval: SimDuration,
    /// How many records a consumer has in hand at most, and takes of a partition before it looks at
    /// the next (`max.poll.records`).
    pub max_poll_records: u32,
    /// Whether consumers keep their places when they restart (`group.instance.id`).
    pub static_members: bool,
    /// What single groups do otherwise.
    pub groups: Vec<GroupSettings>,
}

/// What one group does otherwise than the log says for all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroupSettings {
    /// The group.
    pub name: String,
    /// What its consumers share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sharing: Option<Sharing>,
    /// How it shares out partitions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignor: Option<Assignor>,
    /// When its consumers commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<Commit>,
    /// Where it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset: Option<Reset>,
    /// Whether it sees what is not committed yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isolation: Option<Isolation>,
    /// Whether its consumers keep their places when they restart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub static_members: Option<bool>,
    /// Where it goes, once this is set to something else than before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seek: Option<Seek>,
}

/// Where records without a key go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keyless {
    /// All to one partition until a batch is full, then to another by chance.
    #[default]
    Sticky,
    /// To one partition after the other.
    RoundRobin,
    /// Each to any.
    Random,
}

/// Which copies must have a record before it is acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acks {
    /// None: the client does not wait.
    #[serde(rename = "0")]
    None,
    /// The leader.
    #[serde(rename = "1")]
    Leader,
    /// All that are in sync.
    #[default]
    #[serde(rename = "all")]
    All,
}

/// What happens to old records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cleanup {
    /// They go after the retention.
    #[default]
    Delete,
    /// Of each key the last one stays.
    Compact,
    /// Both.
    CompactDelete,
}

/// What the consumers of a group share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sharing {
    /// Partitions: each is one consumer's.
    #[default]
    Partitions,
    /// Records: each is lent to one consumer at a time.
    Records,
}

/// When consumers commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commit {
    /// Before the work: at most once.
    Before,
    /// After the work on each record: at least once.
    After,
    /// Every so often, as the client does if nobody says otherwise.
    #[default]
    Interval,
    /// Never: whoever takes over begins where the group began.
    Never,
    /// When a person does it.
    ByHand,
}

/// Where a group begins that has committed nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reset {
    /// With the first record that is there.
    Earliest,
    /// With the next record that comes.
    #[default]
    Latest,
}

/// Whether those who read see what transactions added that are not committed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Isolation {
    /// They see all, also what will be aborted.
    #[default]
    ReadUncommitted,
    /// They see what is committed, and nothing behind the first transaction that is open.
    ReadCommitted,
}

/// Where a group is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seek {
    /// To the first record that is there.
    Earliest,
    /// To the end.
    Latest,
    /// To the first record that happened then or later, since the start of the run.
    Time(SimDuration),
}

impl Default for Settings {
    fn default() -> Self {
        const HOUR: u64 = 3600;
        Self {
            partitions: 3,
            key_hash: KeyHash::default(),
            keyless: Keyless::default(),
            record_bytes: 1000,
            acks: Acks::default(),
            idempotent: true,
            delivery_timeout: SimDuration::from_secs(120),
            linger: SimDuration::ZERO,
            batch_bytes: 16_384,
            request_time: SimDuration::ZERO,
            request_loss: Chance::NEVER,
            answer_loss: Chance::NEVER,
            max_in_flight: 5,
            retry_backoff: SimDuration::from_millis(100),
            cleanup: Cleanup::default(),
            retention: Some(SimDuration::from_secs(168 * HOUR)),
            retention_bytes: None,
            segment_bytes: 1 << 30,
            segment_time: SimDuration::from_secs(168 * HOUR),
            check_every: SimDuration::from_secs(300),
            dirty_ratio: Chance::from_millionths(500_000),
            tombstone: String::new(),
            delete_retention: SimDuration::from_secs(24 * HOUR),
            brokers: 1,
            replication: 1,
            min_in_sync: 1,
            unclean_election: false,
            replication_time: SimDuration::from_millis(5),
            broker_timeout: SimDuration::from_secs(9),
            stopped: Vec::new(),
            cut_off: Vec::new(),
            sharing: Sharing::default(),
            ack_wait: Some(SimDuration::from_secs(30)),
            max_deliveries: None,
            max_unacked: 1000,
            late_acks: true,
            assignor: Assignor::default(),
            commit: Commit::default(),
            commit_interval: SimDuration::from_secs(5),
            reset: Reset::default(),
            isolation: Isolation::default(),
            transaction_timeout: SimDuration::from_secs(60),
            initial_delay: SimDuration::from_secs(3),
            heartbeat: SimDuration::from_secs(3),
            session_timeout: SimDuration::from_secs(45),
            max_poll_interval: SimDuration::from_secs(300),
            max_poll_records: 500,
            static_members: false,
            groups: Vec::new(),
        }
    }
}

/// How one group works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) sharing: Sharing,
    pub(super) assignor: Assignor,
    pub(super) commit: Commit,
    pub(super) reset: Reset,
    pub(super) isolation: Isolation,
    pub(super) static_members: bool,
    pub(super) seek: Option<Seek>,
}

/// Most groups with settings of their own, and most brokers.
const LIST_MOST: usize = 100;

impl Settings {
    /// How a group works.
    pub(super) fn rules(&self, name: &str) -> Rules {
        let own = self.groups.iter().find(|own| own.name == name);
        let own = own.cloned().unwrap_or_default();
        Rules {
            sharing: own.sharing.unwrap_or(self.sharing),
            assignor: own.assignor.unwrap_or(self.assignor),
            commit: own.commit.unwrap_or(self.commit),
            reset: own.reset.unwrap_or(self.reset),
            isolation: own.isolation.unwrap_or(self.isolation),
            static_members: own.static_members.unwrap_or(self.static_members),
            seek: own.seek,
        }
    }

    /// Records after which a client that sends each at once sticks to another partition.
    pub(super) fn batch(&self) -> u32 {
        self.batch_bytes.div_ceil(self.record_bytes).max(1)
    }

    /// Most records and nanoseconds of a segment.
    #[inline]
    pub(super) fn segment(&self) -> (u64, u64) {
        let most = (self.segment_bytes / u64::from(self.record_bytes)).max(1);
        (most, self.segment_time.nanos())
    }

    /// On how many brokers each partition is.
    pub(super) fn copies(&self) -> u32 {
        self.replication.min(self.brokers)
    }

    pub(crate) fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Vec::new();
        let mut wrong = |field: &str, what: String| {
            problems.push(SettingsProblem::new(field, what));
        };
        let brokers = self.brokers;
        for (field, number) in [
            ("replication", self.replication),
            ("min_in_sync", self.min_in_sync.min(self.replication)),
        ] {
            if number > brokers {
                wrong(
                    field,
                    format!("expected at most {brokers}, as there are brokers, found {number}"),
                );
            }
        }
        for (field, list) in [("stopped", &self.stopped), ("cut_off", &self.cut_off)] {
            if list.len() > LIST_MOST {
                wrong(
                    field,
                    format!("expected at most {LIST_MOST} brokers, found {}", list.len()),
                );
            } else if let Some(n) = list.iter().find(|n| !(1..=brokers).contains(*n)) {
                wrong(
                    field,
                    format!("expected brokers from 1 to {brokers}, found {n}"),
                );
            }
        }
        for (field, time) in [
            ("check_every", self.check_every),
            ("commit_interval", self.commit_interval),
            ("heartbeat", self.heartbeat),
            ("retry_backoff", self.retry_backoff),
            ("segment_time", self.segment_time),
            ("transaction_timeout", self.transaction_timeout),
            (
                "ack_wait",
                self.ack_wait.unwrap_or(SimDuration::from_secs(1)),
            ),
        ] {
            if time.is_zero() {
                wrong(field, "expected a time above 0, found 0s".to_owned());
            }
        }
        if self.session_timeout <= self.heartbeat {
            let what = "expected more than the heartbeat: consumers would always count as gone";
            wrong("session_timeout", what.to_owned());
        }
        if self.idempotent && self.max_in_flight > REMEMBERED as u32 {
            wrong(
                "max_in_flight",
                format!(
                    "expected at most {REMEMBERED} with idempotent producers, as brokers remember \
                     so many batches, found {}",
                    self.max_in_flight
                ),
            );
        }
        let least = self.linger.plus(self.request_time);
        if self.has_batches() && self.delivery_timeout < least {
            wrong(
                "delivery_timeout",
                format!(
                    "expected at least {least}, which is how long lingering and a request take, \
                     found {}",
                    self.delivery_timeout
                ),
            );
        }
        if self.groups.len() > LIST_MOST {
            wrong(
                "groups",
                format!("expected at most {LIST_MOST}, found {}", self.groups.len()),
            );
        }
        problems
    }
}
