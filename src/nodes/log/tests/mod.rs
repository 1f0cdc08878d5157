//! Tests of the kind, each in a small world.

mod by_hand;
mod clusters;
mod exactly_once;
mod groups;
mod keeping;
mod partitions;
mod producers;
mod readers;
mod sharing;
mod surveys;
mod transactions;
mod whereabouts;

use serde_json::{Value, json};

use super::PartitionedLog;
use super::consumers::OWN_GROUP;
use super::group::Group;
use crate::engine::{LinkIndex, NodeIndex};
use crate::nodes::bench::Bench;
use crate::nodes::{Kind, Node};

/// A producer, a log, and what reads it.
struct Setup {
    bench: Bench,
    log: NodeIndex,
}

impl Setup {
    /// A producer of `rate` events a second with so many keys, up to a limit.
    fn new(settings: Value, (rate, keys, limit): (f64, u32, u32)) -> Self {
        let mut bench = Bench::new();
        let producer = json!({ "pace": "constant", "rate": rate, "keys": keys, "limit": limit });
        let producer = bench.node(Kind::Producer, producer);
        let log = bench.node(Kind::PartitionedLog, settings);
        bench.link(producer, log);
        Self { bench, log }
    }

    /// A consumer that works so long on each record, in a group.
    fn consumer(&mut self, group: &str, time: &str) -> NodeIndex {
        self.linked_consumer(group, time).0
    }

    fn linked_consumer(&mut self, group: &str, time: &str) -> (NodeIndex, LinkIndex) {
        let time = json!({ "service_time": { "shape": "constant", "value": time } });
        let service = self.bench.node(Kind::Service, time);
        let link = self
            .bench
            .slow_link(self.log, service, json!({ "group": group }));
        (service, link)
    }

    fn log(&self) -> &PartitionedLog {
        match self.bench.world.node(self.log) {
            Node::PartitionedLog(log) => log,
            _ => unreachable!("it is a log"),
        }
    }

    fn group(&self, name: &str) -> &Group {
        let mut groups = self.log().groups.iter();
        groups
            .find(|group| group.name == name)
            .expect("the group is there")
    }

    /// How many partitions each member owns, in the order in which they joined.
    fn shares(&self, name: &str) -> Vec<usize> {
        let group = self.group(name);
        (0..group.members.len())
            .map(|n| group.partitions_of(n).len())
            .collect()
    }

    /// Runs, and checks at every step what must hold at any time.
    fn until(&mut self, moment: &str) {
        self.bench.until(moment);
        self.check();
    }

    fn check(&self) {
        let log = self.log();
        sharing::check_shares(log);
        for group in &log.groups {
            let lanes = log.topic.partitions.len();
            let lag: u64 = (0..lanes).map(|n| group.lag_in(&log.topic, n)).sum();
            assert_eq!(
                group.lag,
                lag,
                "{}",
                group.name.trim_start_matches(OWN_GROUP)
            );
        }
    }

    /// Sets some settings besides those that it has.
    fn set(&mut self, changes: &Value) {
        let mut json =
            crate::nodes::Settings::PartitionedLog(self.log().settings.clone()).to_json();
        for (field, value) in changes.as_object().into_iter().flatten() {
            json[field] = value.clone();
        }
        self.bench.configure(self.log, json);
    }
}
