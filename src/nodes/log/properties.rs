//! What holds whatever happens: random members, brokers and records.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::PartitionedLog;
use super::assign::{Assignor, Joining, Place, Topic, assign};
use super::group::NOBODY;
use crate::engine::{LinkIndex, NodeIndex, What};
use crate::nodes::bench::Bench;
use crate::nodes::{Kind, Node};

/// Something that happens to consumers or brokers.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Join,
    Unplug(usize),
    Crash(usize),
    Restart(usize),
    Cut(usize),
    Mend(usize),
    Stop(u32),
    CutOff(u32),
    Heal,
}

fn of_consumers() -> impl Strategy<Value = Deed> {
    prop_oneof![
        Just(Deed::Join),
        (0..6_usize).prop_map(Deed::Unplug),
        (0..6_usize).prop_map(Deed::Crash),
        (0..6_usize).prop_map(Deed::Restart),
        (0..6_usize).prop_map(Deed::Cut),
        (0..6_usize).prop_map(Deed::Mend),
    ]
}

fn of_brokers() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (1..=3_u32).prop_map(Deed::Stop),
        (1..=3_u32).prop_map(Deed::CutOff),
        Just(Deed::Heal),
        Just(Deed::Heal),
    ]
}

/// A log with what reads it, to which things happen.
struct Yard {
    bench: Bench,
    log: NodeIndex,
    settings: Value,
    consumers: Vec<(NodeIndex, LinkIndex, bool)>,
    millis: u64,
}

impl Yard {
    fn new(settings: Value, rate: f64) -> Self {
        let mut bench = Bench::new();
        let producer = json!({ "pace": "constant", "rate": rate, "keys": 20 });
        let producer = bench.node(Kind::Producer, producer);
        let log = bench.node(Kind::PartitionedLog, settings.clone());
        bench.link(producer, log);
        Self {
            bench,
            log,
            settings,
            consumers: Vec::new(),
            millis: 0,
        }
    }

    fn log(&self) -> &PartitionedLog {
        match self.bench.world.node(self.log) {
            Node::PartitionedLog(log) => log,
            _ => unreachable!("it is a log"),
        }
    }

    fn join(&mut self) {
        let work = json!({ "service_time": { "shape": "exponential", "mean": "5ms" } });
        let service = self.bench.node(Kind::Service, work);
        let group = json!({ "group": "g" });
        let link = self.bench.slow_link(self.log, service, group);
        if self.millis > 0 {
            self.bench.world.start_node(service);
        }
        self.consumers.push((service, link, true));
    }

    fn set(&mut self, field: &str, value: Value) {
        self.settings[field] = value;
        self.bench.configure(self.log, self.settings.clone());
    }

    fn cut(&mut self, n: usize, cut: bool) {
        if let Some((_, link, true)) = self.consumers.get(n) {
            let settings = json!({ "group": "g", "cut": cut });
            let settings = serde_json::from_value(settings).expect("they are settings");
            self.bench.world.set_link(*link, settings);
            self.bench.world.relink(*link);
        }
    }

    fn list(&self, field: &str) -> Vec<u32> {
        serde_json::from_value(self.settings[field].clone()).unwrap_or_default()
    }

    fn happen(&mut self, deed: Deed) {
        match deed {
            Deed::Join if self.consumers.len() < 6 => self.join(),
            Deed::Join => {}
            Deed::Unplug(n) => {
                if let Some((_, link, there)) = self.consumers.get_mut(n)
                    && std::mem::take(there)
                {
                    self.bench.world.remove_link(*link);
                }
            }
            Deed::Crash(n) => {
                if let Some((service, ..)) = self.consumers.get(n) {
                    self.bench.crash(*service);
                }
            }
            Deed::Restart(n) => {
                if let Some((service, ..)) = self.consumers.get(n) {
                    self.bench.restart(*service);
                }
            }
            Deed::Cut(n) => self.cut(n, true),
            Deed::Mend(n) => self.cut(n, false),
            Deed::Stop(broker) => {
                let mut stopped = self.list("stopped");
                stopped.retain(|other| *other != broker);
                stopped.push(broker);
                self.set("stopped", json!(stopped));
            }
            Deed::CutOff(broker) => self.set("cut_off", json!([broker])),
            Deed::Heal => {
                self.set("stopped", json!([]));
                self.set("cut_off", json!([]));
            }
        }
    }

    /// Goes on for some time, and looks at every step whether what must hold does.
    fn go(&mut self, millis: u64) {
        let end = self.millis + millis;
        while self.millis < end {
            self.millis = (self.millis + 97).min(end);
            self.bench.until(&format!("{}ms", self.millis));
            self.check();
        }
    }

    fn check(&self) {
        let log = self.log();
        for group in &log.groups {
            let mut lag = 0;
            for (n, (cursor, lane)) in group.cursors.iter().zip(&log.topic.partitions).enumerate() {
                let end = lane.store.end();
                assert!(lane.high() <= end);
                if cursor.has_begun {
                    assert!(cursor.committed <= cursor.position && cursor.position <= end);
                    lag += end - cursor.committed;
                }
                // Only the owner works on a partition, and the owner is a member.
                let workers = group.members.iter().enumerate().filter(|(_, member)| {
                    member.in_hand.iter().any(|hand| hand.partition == n as u32)
                });
                for (member, _) in workers {
                    assert_eq!(cursor.owner, member as u32);
                }
                assert!(cursor.owner == NOBODY || (cursor.owner as usize) < group.members.len());
            }
            assert_eq!(group.lag, lag);
        }
    }

    fn finished(&self) -> impl Iterator<Item = (NodeIndex, crate::engine::Message)> {
        let of = |consumer: &(NodeIndex, LinkIndex, bool)| {
            let service = consumer.0;
            let messages = self.bench.messages(service, What::Finished);
            messages.into_iter().map(move |message| (service, message))
        };
        self.consumers.iter().flat_map(of)
    }
}

fn groups(assignor: Assignor, commit: &str) -> Value {
    json!({
        "partitions": 5, "assignor": assignor, "commit": commit, "reset": "earliest",
        "initial_delay": "100ms", "heartbeat": "300ms", "session_timeout": "1s",
        "max_poll_records": 5, "commit_interval": "700ms",
    })
}

fn assignor() -> impl Strategy<Value = Assignor> {
    prop_oneof![
        Just(Assignor::Range),
        Just(Assignor::RoundRobin),
        Just(Assignor::Sticky),
        Just(Assignor::CooperativeSticky),
    ]
}

/// Three brokers with all on each of them.
fn cluster(acks: &str, unclean: bool) -> Value {
    json!({
        "partitions": 2, "brokers": 3, "replication": 3, "min_in_sync": 2, "acks": acks,
        "unclean_election": unclean, "replication_time": "50ms", "broker_timeout": "600ms",
        "delivery_timeout": "1000s", "reset": "earliest", "initial_delay": "0s",
        "commit": "after", "heartbeat": "300ms", "session_timeout": "1s",
    })
}

/// Lets things happen to the brokers; how many records were lost.
fn lost(acks: &str, unclean: bool, deeds: &[(Deed, u64)]) -> (u64, Yard) {
    let mut yard = Yard::new(cluster(acks, unclean), 50.0);
    yard.join();
    yard.go(500);
    for (deed, millis) in deeds {
        yard.happen(*deed);
        yard.go(*millis);
    }
    yard.happen(Deed::Heal);
    yard.go(4000);
    (yard.bench.tally().dropped, yard)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn groups_keep_what_they_promise(
        assignor in assignor(),
        deeds in proptest::collection::vec((of_consumers(), 50..1500_u64), 0..14),
    ) {
        let mut yard = Yard::new(groups(assignor, "after"), 40.0);
        yard.join();
        yard.go(10);
        for (deed, millis) in deeds {
            yard.happen(deed);
            yard.go(millis);
        }
        // At last one is there that works.
        for n in 0..6 {
            yard.happen(Deed::Mend(n));
            yard.happen(Deed::Restart(n));
        }
        yard.happen(Deed::Join);
        let produced = yard.log().topic.partitions.iter().map(|lane| lane.store.end());
        let produced: u64 = produced.sum();
        yard.go(8000);
        let mut last = BTreeMap::new();
        let mut seen = std::collections::BTreeSet::new();
        for (service, message) in yard.finished() {
            seen.insert(message.root);
            // A consumer never goes back in a key but where it is told to: by another attempt.
            let before = last.insert((service, message.key), message.sequence);
            prop_assert!(before < Some(message.sequence) || message.attempt > 1);
        }
        if yard.consumers.iter().any(|consumer| consumer.2) {
            prop_assert!(seen.len() as u64 >= produced, "{} of {produced}", seen.len());
        }
    }

    #[test]
    fn committed_before_the_work_nothing_happens_twice(
        assignor in assignor(),
        deeds in proptest::collection::vec((of_consumers(), 50..1500_u64), 0..10),
    ) {
        let mut yard = Yard::new(groups(assignor, "before"), 40.0);
        yard.join();
        yard.go(10);
        for (deed, millis) in deeds {
            yard.happen(deed);
            yard.go(millis);
        }
        yard.go(2000);
        let mut seen = std::collections::BTreeSet::new();
        for (_, message) in yard.finished() {
            prop_assert!(seen.insert(message.root));
        }
    }

    #[test]
    fn what_all_in_sync_have_is_never_lost_in_a_clean_election(
        deeds in proptest::collection::vec((of_brokers(), 50..2500_u64), 0..10),
    ) {
        let (lost, yard) = lost("all", false, &deeds);
        prop_assert_eq!(lost, 0);
        // What was read stays where it is: no offset is read with two contents.
        let finished: Vec<_> = yard.finished().collect();
        let roots: std::collections::BTreeSet<_> = finished.iter().map(|it| it.1.root).collect();
        prop_assert_eq!(roots.len(), finished.len());
        let tally = yard.bench.tally();
        prop_assert_eq!(tally.stored + tally.in_flight + tally.waiting, tally.created);
    }

    #[test]
    fn compaction_keeps_the_last_of_every_key(
        keys in 1..30_u32, partitions in 1..4_u32, segment in 100..3000_u32,
    ) {
        let settings = json!({
            "cleanup": "compact", "partitions": partitions, "record_bytes": 100,
            "segment_bytes": segment, "check_every": "700ms",
        });
        let mut bench = Bench::new();
        let producer = json!({ "pace": "poisson", "rate": 60.0, "keys": keys });
        let producer = bench.node(Kind::Producer, producer);
        let log = bench.node(Kind::PartitionedLog, settings);
        bench.link(producer, log);
        bench.until("6s");
        let mut last = BTreeMap::new();
        for message in bench.messages(log, What::Stored) {
            last.insert(message.key, message.root);
        }
        let Node::PartitionedLog(log) = bench.world.node(log) else {
            unreachable!("it is a log");
        };
        let mut kept = BTreeMap::new();
        for lane in &log.topic.partitions {
            for (_, record) in lane.store.iter() {
                let message = log.topic.labels.message(record);
                kept.insert(message.key, message.root);
            }
        }
        prop_assert_eq!(kept, last);
    }

    #[test]
    fn every_partition_has_one_owner_and_shares_are_even(
        assignor in assignor(),
        counts in proptest::collection::vec(0..9_u32, 1..4),
        sizes in proptest::collection::vec(1..9_usize, 1..6),
    ) {
        let names = ["a", "b", "c"];
        let topics: Vec<Topic<'_>> = counts.iter().zip(names)
            .map(|(partitions, name)| Topic { name, partitions: *partitions })
            .collect();
        let all: u32 = counts.iter().sum();
        let mut owned: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for (round, members) in sizes.into_iter().enumerate() {
            let ids: Vec<String> = (0..members).map(|n| format!("m{}", n + round % 2)).collect();
            let joining: Vec<Joining<'_>> = ids.iter().map(|id| Joining {
                id,
                topics: (0..topics.len() as u32).collect(),
                owned: owned.get(id).cloned().unwrap_or_default(),
                generation: Some(round as i64),
                ..Joining::default()
            }).collect();
            let mut shares = assign(assignor, &topics, &joining);
            if assignor.is_cooperative() {
                let second: Vec<Joining<'_>> = joining.iter().zip(&shares)
                    .map(|(member, share)| Joining { owned: share.clone(), ..member.clone() })
                    .collect();
                shares = assign(assignor, &topics, &second);
            }
            let mut places: Vec<Place> = shares.iter().flatten().copied().collect();
            places.sort_unstable();
            places.dedup();
            prop_assert_eq!(places.len() as u32, all);
            prop_assert_eq!(shares.iter().map(Vec::len).sum::<usize>() as u32, all);
            if assignor != Assignor::Range {
                let sizes = || shares.iter().map(Vec::len);
                prop_assert!(sizes().max() <= sizes().min().map(|least| least + 1));
            }
            owned = ids.into_iter().zip(shares).collect();
        }
    }
}

/// The same failures that lose nothing when all must have a record do lose some otherwise.
#[test]
fn failures_find_the_loss_where_there_is_one() {
    let stop_the_leader = [
        (Deed::Stop(1), 1500),
        (Deed::Heal, 1000),
        (Deed::Stop(2), 1500),
    ];
    let one_by_one = [
        (Deed::Stop(2), 800),
        (Deed::Stop(3), 800),
        (Deed::Stop(1), 800),
        (Deed::Heal, 10),
        (Deed::Stop(1), 1500),
    ];
    assert_eq!(lost("all", false, &stop_the_leader).0, 0);
    assert!(lost("1", false, &stop_the_leader).0 > 0);
    assert_eq!(lost("all", false, &one_by_one).0, 0);
    let unclean = |deeds: &[(Deed, u64)]| lost("1", true, deeds).0;
    assert!(unclean(&one_by_one) > 0);
}
