//! What holds whatever happens: a log with random members, brokers and records, to which random
//! things happen.

mod brokers;
mod groups;
mod keeping;
mod order;
mod sharing;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::PartitionedLog;
use super::assign::Assignor;
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
    Start(u32),
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
        (1..=3_u32).prop_map(Deed::Start),
        (1..=3_u32).prop_map(Deed::CutOff),
        Just(Deed::Heal),
        Just(Deed::Heal),
    ]
}

/// How long it is until the next deed: often it is done in the same instant.
fn pauses(most: u64) -> impl Strategy<Value = u64> {
    prop_oneof![1 => Just(0), 4 => 50..most]
}

/// What reads a log.
struct Consumer {
    service: NodeIndex,
    link: LinkIndex,
    /// Whether the link is there, and whether it is cut.
    there: bool,
    cut: bool,
}

/// A log with what reads it, to which things happen.
struct Yard {
    bench: Bench,
    log: NodeIndex,
    settings: Value,
    consumers: Vec<Consumer>,
    millis: u64,
}

impl Yard {
    fn new(settings: Value, rate: f64) -> Self {
        let producer = json!({ "pace": "constant", "rate": rate, "keys": 20 });
        Self::produced(producer, settings)
    }

    /// With a producer of its own.
    fn produced(producer: Value, settings: Value) -> Self {
        let mut bench = Bench::new();
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
        self.join_with(json!({ "service_time": { "shape": "exponential", "mean": "5ms" } }));
    }

    /// A consumer that works so.
    fn join_with(&mut self, work: Value) {
        let service = self.bench.node(Kind::Service, work);
        let group = json!({ "group": "g" });
        let link = self.bench.slow_link(self.log, service, group);
        if self.millis > 0 {
            self.bench.world.start_node(service);
        }
        self.consumers.push(Consumer {
            service,
            link,
            there: true,
            cut: false,
        });
    }

    fn set(&mut self, field: &str, value: Value) {
        self.settings[field] = value;
        self.bench.configure(self.log, self.settings.clone());
    }

    fn cut(&mut self, n: usize, cut: bool) {
        if let Some(consumer) = self.consumers.get_mut(n)
            && consumer.there
        {
            consumer.cut = cut;
            let link = consumer.link;
            let settings = json!({ "group": "g", "cut": cut });
            let settings = serde_json::from_value(settings).expect("they are settings");
            self.bench.world.set_link(link, settings);
            self.bench.world.relink(link);
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
                if let Some(consumer) = self.consumers.get_mut(n)
                    && std::mem::take(&mut consumer.there)
                {
                    self.bench.world.remove_link(consumer.link);
                }
            }
            Deed::Crash(n) => {
                if let Some(consumer) = self.consumers.get(n) {
                    self.bench.crash(consumer.service);
                }
            }
            Deed::Restart(n) => {
                if let Some(consumer) = self.consumers.get(n) {
                    self.bench.restart(consumer.service);
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
            Deed::Start(broker) => {
                let mut stopped = self.list("stopped");
                stopped.retain(|other| *other != broker);
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
            // Whoever is not missed yet can be reached, so that nobody else is handed anything.
            for member in group.members.iter().filter(|it| it.silent.is_none()) {
                let mut consumers = self.consumers.iter();
                let consumer = consumers.find(|it| Some(it.link) == member.link);
                assert!(consumer.is_some_and(|it| it.there && !it.cut));
            }
        }
    }

    /// What all consumers finished, in the order of time.
    fn finished_in_time(&self) -> Vec<crate::engine::Message> {
        let mut finished: Vec<_> = self
            .consumers
            .iter()
            .flat_map(|it| self.bench.happened(it.service, What::Finished))
            .collect();
        finished.sort_by_key(|(time, _)| *time);
        finished.into_iter().map(|(_, message)| message).collect()
    }

    fn finished(&self) -> impl Iterator<Item = (NodeIndex, crate::engine::Message)> {
        let of = |consumer: &Consumer| {
            let service = consumer.service;
            let messages = self.bench.messages(service, What::Finished);
            messages.into_iter().map(move |message| (service, message))
        };
        self.consumers.iter().flat_map(of)
    }
}

fn assignor() -> impl Strategy<Value = Assignor> {
    prop_oneof![
        Just(Assignor::Range),
        Just(Assignor::RoundRobin),
        Just(Assignor::Sticky),
        Just(Assignor::CooperativeSticky),
    ]
}
