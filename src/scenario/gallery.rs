//! The gallery: scenarios that come with the program, each of which shows one thing.
//!
//! Whoever only wants to look need not have read them: nothing here is needed to begin. The page
//! has their documents in a file of its own, `gallery.json`, which comes when somebody asks for it.

use crate::nodes::Kind;

/// A scenario of the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in addresses and on the command line, for ever.
    pub slug: &'static str,
    /// How much one should have seen before.
    pub level: Level,
    /// What it belongs to: a heading of the gallery.
    pub topic: Topic,
    /// Words by which it is found.
    pub tags: &'static [&'static str],
}

/// How much one should have seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    First,
    /// The parts.
    Next,
    /// How the parts work together.
    Deep,
}

/// What a scenario of the gallery belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Queues: every message is for one consumer.
    Queues,
    /// Topics: every event is for all who want it.
    Broadcast,
    /// Events as the truth.
    Sourcing,
    /// Partitioned logs: kept after reading, read by groups.
    Logs,
    /// What events are and what is in them.
    Events,
    /// What one gains by them.
    Benefits,
    /// What becomes harder.
    Challenges,
    /// How failures are borne.
    Reliability,
    /// Who gets a message, when, and how often.
    Delivery,
    /// Which queues a message goes to.
    Routing,
    /// How much can be done, and who waits.
    Load,
    /// Systems as they are built.
    Systems,
    /// Each kind of node alone.
    Kinds,
}

impl Level {
    /// All of them, the easiest first.
    pub const ALL: [Self; 3] = [Self::First, Self::Next, Self::Deep];

    /// The level in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::First => "First steps",
            Self::Next => "Going on",
            Self::Deep => "Deeper",
        }
    }
}

impl Topic {
    /// The heading.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Queues => "Message queues",
            Self::Broadcast => "Publish and subscribe",
            Self::Sourcing => "Event sourcing",
            Self::Logs => "Partitioned logs",
            Self::Events => "Events and what they carry",
            Self::Benefits => "What one gains",
            Self::Challenges => "What becomes harder",
            Self::Reliability => "When things fail",
            Self::Delivery => "Who gets what, and how often",
            Self::Routing => "Exchanges and subjects",
            Self::Load => "Load and waiting",
            Self::Systems => "Whole systems",
            Self::Kinds => "One kind each",
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Entry {
    /// The document.
    pub fn text(&self) -> &'static str {
        let number = ENTRIES.iter().position(|entry| entry.slug == self.slug);
        let text = number.map(|number| TEXTS[number]);
        let of_kind = || Kind::from_name(self.slug).map(Kind::example);
        text.or_else(of_kind).expect("each has one")
    }

    /// The scenario.
    pub fn scenario(&self) -> super::Scenario {
        super::document::read(self.text()).expect("the gallery is read by a test")
    }
}

macro_rules! entries {
    ($($slug:literal $level:ident $topic:ident [$($tag:literal)*];)+) => {
        const ENTRIES: &[Entry] = &[$(Entry {
            slug: $slug,
            level: Level::$level,
            topic: Topic::$topic,
            tags: &[$($tag),*],
        },)+];

        #[cfg(not(target_arch = "wasm32"))]
        const TEXTS: &[&str] = &[$(include_str!(concat!("gallery/", $slug, ".json")),)+];
    };
}

// In the order in which they are shown, which is that of their topics.
entries! {
    "image-jobs" First Queues ["point-to-point" "workers" "jobs" "crash"];
    "payment-queue" First Queues ["point-to-point" "fifo" "redelivery" "crash"];
    "critical-path" First Queues ["asynchronous" "latency" "e-mail" "interview"];
    "user-signed-up" First Broadcast ["pub/sub" "fan-out" "e-mail" "analytics"];
    "news-broadcast" First Broadcast ["pub/sub" "subscribers" "analogy"];
    "subscribed-twice" Next Broadcast ["pub/sub" "instances" "duplicates" "fan-out"];
    "notifications" Next Broadcast ["pub/sub" "filter" "durable" "crash"];
    "bank-account" First Sourcing ["commands" "fold" "auditability" "cqrs"];
    "eventual-consistency" Next Sourcing ["read model" "lag" "consistency"];
    "replay" Deep Sourcing ["projection" "rebuild" "fold"];
    "long-history" Deep Sourcing ["projection" "rebuild" "slow" "storage"];
    "keys-and-partitions" First Logs ["kafka" "key" "hash" "groups"];
    "order-per-key" Next Logs ["kafka" "order" "key" "groups"];
    "slow-consumer" Next Logs ["kafka" "lag" "groups"];
    "idle-consumer" Next Logs ["kafka" "idle" "stand-by" "groups" "crash"];
    "log-replay" Next Logs ["kafka" "offset" "seek" "replay"];
    "commit-after" Next Logs ["kafka" "offset" "at least once" "crash"];
    "commit-before" Next Logs ["kafka" "offset" "at most once" "crash"];
    "record-sharing" Next Logs ["jetstream" "redis" "share group" "head of line" "lag"];
    "hot-key" Deep Logs ["kafka" "skew" "key" "lag"];
    "murmur-and-crc" Deep Logs ["kafka" "librdkafka" "hash" "key" "join"];
    "more-partitions" Deep Logs ["kafka" "scaling" "order" "key"];
    "rebalance-eager" Deep Logs ["kafka" "rebalance" "groups"];
    "rebalance-cooperative" Deep Logs ["kafka" "rebalance" "groups"];
    "retries-reorder" Deep Logs ["kafka" "idempotent producer" "retry" "order" "duplicates"];
    "exactly-once" Deep Logs ["kafka" "transactions" "read committed" "crash"];
    "exactly-once-ends" Deep Logs ["kafka" "transactions" "duplicates" "database" "queue"];
    "static-members" Deep Logs ["kafka" "rebalance" "deployment" "groups"];
    "poll-too-slow" Deep Logs ["kafka" "max.poll.interval" "duplicates" "groups"];
    "retention-overtakes" Deep Logs ["kafka" "retention" "lag" "loss"];
    "compaction" Deep Logs ["kafka" "compaction" "state"];
    "broker-failure-acks-1" Deep Logs ["kafka" "replicas" "acks" "leader" "loss"];
    "broker-failure-acks-all" Deep Logs ["kafka" "replicas" "acks" "leader"];
    "acks-latency" Deep Logs ["kafka" "pacelc" "latency" "acks" "confirms"];
    "network-partition-acks-1" Deep Logs ["kafka" "cap" "pacelc" "available" "acks" "loss"];
    "network-partition-acks-all" Deep Logs ["kafka" "cap" "pacelc" "consistent" "acks"];
    "event-types" Next Events ["domain" "integration" "system" "routing"];
    "envelope" Next Events ["id" "correlation" "version" "schema" "idempotence"];
    "event-notification" Deep Events ["thin" "notification" "coupling"];
    "state-transfer" Deep Events ["fat" "event-carried" "state transfer" "stale"];
    "schema-versions" Deep Events ["schema" "versioning" "evolution" "upcaster" "dead letter"];
    "request-response" First Benefits ["request/response" "synchronous" "calls" "chain" "coupling"];
    "loose-coupling" First Benefits ["decoupling" "flexibility" "add a consumer" "script"];
    "scaling" First Benefits ["scalability" "consumers" "workers" "elastic"];
    "resilience" Next Benefits ["failure" "chain" "calls" "isolation" "crash"];
    "load-spike" Next Benefits ["burst" "buffer" "calls" "timeout"];
    "at-once-or-in-batches" Next Benefits ["real time" "batch" "latency" "job"];
    "queue-topic-store" Next Benefits ["comparison" "replay" "fan-out" "order"];
    "ordering" Next Challenges ["order" "workers" "race"];
    "tracing" Next Challenges ["correlation" "causation" "debugging"];
    "silent-gap" Next Challenges ["complexity" "debugging" "subscription" "monitoring"];
    "duplicates" Deep Challenges ["at least once" "idempotence" "idempotency" "redelivery" "inbox"];
    "dead-letters" Next Reliability ["retry" "poison" "dlq" "delivery limit" "x-death"];
    "poison-line" Next Reliability ["poison" "prefetch" "delivery limit" "head of line"];
    "backpressure" Deep Reliability ["rate limit" "dropping" "buffering" "overload"];
    "dead-letter-reasons" Deep Reliability ["x-death" "time to live" "headers" "length limit"];
    "redrive" Deep Reliability ["dead letters" "bug" "replay"];
    "retry-storm" Deep Reliability ["backoff" "jitter" "thundering herd" "outage"];
    "circuit-breaker" Deep Reliability ["half-open" "timeout" "recovery"];
    "bulkhead" Deep Reliability ["isolation" "workers" "slow"];
    "backpressure-ways" Deep Reliability ["block" "buffer" "drop" "retry" "confirms"];
    "competing-consumers" First Delivery ["workers" "round robin" "prefetch"];
    "crash-ack" First Delivery ["auto-ack" "acknowledgement" "redelivery" "crash"];
    "prefetch-backlog" Next Delivery ["prefetch" "fairness" "backlog"];
    "delivery-guarantees" Next Delivery ["at most once" "at least once" "exactly once"];
    "idempotent-consumer" Next Delivery ["duplicates" "ids" "inbox" "crash"];
    "lost-confirm" Deep Delivery ["publisher confirms" "deduplication" "outbox" "duplicates"];
    "visibility-timeout" Next Delivery ["sqs" "extend" "by hand" "duplicates"];
    "message-groups" Deep Delivery ["fifo" "sqs" "order" "head of line"];
    "single-active" Deep Delivery ["failover" "order" "stand-by" "crash"];
    "priority-starvation" Next Delivery ["priority" "urgent" "quorum"];
    "ttl-head" Deep Delivery ["time to live" "expiration" "rabbitmq"];
    "delayed-messages" Next Delivery ["delay" "schedule" "time to live"];
    "topic-wildcards" First Routing ["topic exchange" "binding" "amqp" "routing key"];
    "headers-exchange" Next Routing ["headers" "binding" "amqp" "x-match"];
    "nats-subjects" Next Routing ["nats" "wildcard" "queue group"];
    "unroutable" Deep Routing ["alternate exchange" "mandatory" "confirms"];
    "batches" Next Load ["batch" "linger" "throughput" "latency"];
    "one-line-or-three" Next Load ["pooling" "erlang" "prefetch"];
    "utilisation" Deep Load ["queueing theory" "m/m/1" "busy"];
    "token-bucket" Next Load ["rate limit" "burst" "provider"];
    "online-shop" First Systems ["orders" "fan-out"];
    "retail-order" Next Systems ["orders" "fan-out" "crash" "e-mail"];
    "notification-system" Next Systems ["views" "walk" "e-mail" "model"];
    "e-commerce" Deep Systems ["orders" "choreography" "payment" "retry"];
    "social-feed" Deep Systems ["burst" "fan-out" "feed"];
    "iot-sensors" Deep Systems ["sensors" "kafka" "partitions" "million"];
    "log-aggregation" Deep Systems ["logs" "kafka" "readers" "offset"];
    "metrics-pipeline" Deep Systems ["metrics" "kafka" "streaming" "batch" "database"];
}

/// All scenarios of the gallery, and then the smallest of each kind of node under the kind's name.
pub fn gallery() -> Vec<Entry> {
    let kinds = Kind::ALL.iter().map(|kind| Entry {
        slug: kind.name(),
        level: Level::First,
        topic: Topic::Kinds,
        tags: &["smallest"],
    });
    ENTRIES.iter().copied().chain(kinds).collect()
}
