//! The promise of transactions, whatever happens: at every instant the source's group has committed
//! exactly those records whose consequences are committed at the sink.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::PartitionedLog;
use crate::engine::{Fault, LinkIndex, NodeIndex, What};
use crate::nodes::bench::Bench;
use crate::nodes::log::cluster::Partition;
use crate::nodes::log::settings::Isolation;
use crate::nodes::{Kind, Node};

/// Something that happens.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Join,
    Crash(usize),
    Restart(usize),
    /// A link of a service: to it, or from it.
    Cut(usize, bool),
    Mend(usize, bool),
    /// A broker of the source, or of the sink.
    Stop(bool, u32),
    CutOff(bool, u32),
    Heal(bool),
    /// A log as a whole.
    Down(bool),
    Up(bool),
    /// It leaves for good.
    Remove(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let which = 0..3_usize;
    let side = any::<bool>();
    prop_oneof![
        1 => Just(Deed::Join),
        4 => which.clone().prop_map(Deed::Crash),
        4 => which.clone().prop_map(Deed::Restart),
        2 => (which.clone(), side).prop_map(|(n, into)| Deed::Cut(n, into)),
        3 => (which.clone(), side).prop_map(|(n, into)| Deed::Mend(n, into)),
        2 => (side, 1..=3_u32).prop_map(|(source, n)| Deed::Stop(source, n)),
        1 => (side, 1..=3_u32).prop_map(|(source, n)| Deed::CutOff(source, n)),
        3 => side.prop_map(Deed::Heal),
        1 => side.prop_map(Deed::Down),
        2 => side.prop_map(Deed::Up),
        1 => which.prop_map(Deed::Remove),
    ]
}

/// How links and services are.
#[derive(Clone, Copy, Debug)]
struct Plan {
    batch: u32,
    /// Milliseconds on the links to the services and from them.
    latency: (u32, u32),
    /// Whether links lose, double and reorder.
    faulty: bool,
    failure_rate: f64,
    cooperative: bool,
    static_members: bool,
}

fn plan() -> impl Strategy<Value = Plan> {
    (
        1..5_u32,
        (0..60_u32, 0..150_u32),
        any::<bool>(),
        prop_oneof![Just(0.0), Just(0.2)],
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(batch, latency, faulty, failure_rate, cooperative, stay)| Plan {
                batch,
                latency,
                faulty,
                failure_rate,
                cooperative,
                static_members: stay,
            },
        )
}

/// A service with its two links, unless it was removed.
struct Worker {
    service: NodeIndex,
    into: LinkIndex,
    out: LinkIndex,
    there: bool,
}

struct Yard {
    bench: Bench,
    plan: Plan,
    /// The sink and the source, with their settings.
    logs: [(NodeIndex, Value); 2],
    workers: Vec<Worker>,
    reader: NodeIndex,
    millis: u64,
}

const SINK: usize = 0;
const SOURCE: usize = 1;

impl Yard {
    fn new(plan: Plan, seed: u64) -> Self {
        let mut bench = Bench::seeded(seed);
        let pace = json!({ "pace": "poisson", "rate": 12.0, "keys": 9, "limit": 70 });
        let producer = bench.node(Kind::Producer, pace);
        let assignor = if plan.cooperative {
            "cooperative_sticky"
        } else {
            "range"
        };
        let settings = json!({
            "partitions": 2, "brokers": 3, "replication": 3, "min_in_sync": 2,
            "replication_time": "30ms", "broker_timeout": "400ms", "delivery_timeout": "1000s",
            "reset": "earliest", "initial_delay": "0s", "commit": "after", "heartbeat": "200ms",
            "session_timeout": "700ms", "max_poll_interval": "3s", "max_poll_records": 6,
            "transaction_timeout": "1500ms", "assignor": assignor,
            "isolation": "read_committed", "static_members": plan.static_members,
        });
        let source = bench.node(Kind::PartitionedLog, settings.clone());
        bench.link(producer, source);
        let sink = bench.node(Kind::PartitionedLog, settings.clone());
        let work = json!({ "service_time": { "shape": "constant", "value": "1ms" } });
        let reader = bench.node(Kind::Service, work);
        bench.slow_link(sink, reader, json!({ "group": "readers" }));
        let mut yard = Self {
            bench,
            plan,
            logs: [(sink, settings.clone()), (source, settings)],
            workers: Vec::new(),
            reader,
            millis: 0,
        };
        yard.join();
        yard.join();
        yard
    }

    fn log(&self, which: usize) -> &PartitionedLog {
        match self.bench.world.node(self.logs[which].0) {
            Node::PartitionedLog(log) => log,
            _ => unreachable!("it is a log"),
        }
    }

    /// The settings of a link to a service or from it.
    fn link(&self, into: bool, cut: bool, faulty: bool) -> Value {
        let (there, back) = self.plan.latency;
        let latency = if into { there } else { back };
        let latency = json!({ "shape": "exponential", "mean": format!("{latency}ms") });
        let mut link = json!({ "latency": latency, "cut": cut });
        if into {
            link["group"] = json!("g");
        }
        if faulty {
            link["loss"] = json!(0.03);
            link["duplication"] = json!(0.1);
            link["reordering"] = json!(if into { 0.0 } else { 0.2 });
        }
        link
    }

    fn join(&mut self) {
        let time = json!({ "shape": "exponential", "mean": "8ms" });
        let settings = json!({
            "transactional": true, "service_time": time, "batch": self.plan.batch,
            "batch_wait": "30ms", "failure_rate": self.plan.failure_rate,
            "emits": [{ "event": "Out" }],
        });
        let service = self.bench.node(Kind::Service, settings);
        let faulty = self.plan.faulty;
        let (into, out) = (
            self.link(true, false, faulty),
            self.link(false, false, faulty),
        );
        let into = self.bench.slow_link(self.logs[SOURCE].0, service, into);
        let out = self.bench.slow_link(service, self.logs[SINK].0, out);
        if self.millis > 0 {
            self.bench.world.start_node(service);
        }
        self.workers.push(Worker {
            service,
            into,
            out,
            there: true,
        });
    }

    fn set_link(&mut self, n: usize, into: bool, (cut, faulty): (bool, bool)) {
        let settings = self.link(into, cut, faulty);
        if let Some(worker) = self.workers.get(n).filter(|it| it.there) {
            let link = if into { worker.into } else { worker.out };
            let settings = serde_json::from_value(settings).expect("they are settings");
            self.bench.world.set_link(link, settings);
            self.bench.world.relink(link);
        }
    }

    fn set(&mut self, which: usize, field: &str, value: Value) {
        let (node, settings) = &mut self.logs[which];
        settings[field] = value;
        self.bench.configure(*node, settings.clone());
    }

    fn suffer(&mut self, n: usize, fault: Fault) {
        if let Some(worker) = self.workers.get_mut(n).filter(|it| it.there) {
            worker.there = fault != Fault::Remove;
            self.bench.world.suffer(worker.service, fault);
        }
    }

    fn happen(&mut self, deed: Deed) {
        let faulty = self.plan.faulty;
        match deed {
            Deed::Join if self.workers.len() < 4 => self.join(),
            Deed::Join => {}
            Deed::Crash(n) => self.suffer(n, Fault::Crash),
            Deed::Restart(n) => self.suffer(n, Fault::Restart),
            Deed::Remove(n) => self.suffer(n, Fault::Remove),
            Deed::Cut(n, into) => self.set_link(n, into, (true, faulty)),
            Deed::Mend(n, into) => self.set_link(n, into, (false, faulty)),
            Deed::Stop(which, broker) => {
                let which = usize::from(which);
                let stopped = &self.logs[which].1["stopped"];
                let mut stopped = stopped.as_array().cloned().unwrap_or_default();
                stopped.retain(|other| *other != json!(broker));
                stopped.push(json!(broker));
                self.set(which, "stopped", json!(stopped));
            }
            Deed::CutOff(which, broker) => {
                self.set(usize::from(which), "cut_off", json!([broker]));
            }
            Deed::Heal(which) => {
                self.set(usize::from(which), "stopped", json!([]));
                self.set(usize::from(which), "cut_off", json!([]));
            }
            Deed::Down(which) => self.bench.crash(self.logs[usize::from(which)].0),
            Deed::Up(which) => self.bench.restart(self.logs[usize::from(which)].0),
        }
    }

    fn heal(&mut self) {
        self.join();
        for which in [true, false] {
            self.happen(Deed::Heal(which));
            self.happen(Deed::Up(which));
        }
        for n in 0..self.workers.len() {
            for into in [true, false] {
                self.set_link(n, into, (false, false));
            }
            self.happen(Deed::Restart(n));
        }
    }

    /// Goes on for some time, and looks at every step whether what must hold does.
    fn go(&mut self, millis: u64) {
        let end = self.millis + millis;
        while self.millis < end {
            self.millis = (self.millis + 23).min(end);
            self.bench.until(&format!("{}ms", self.millis));
            self.check();
        }
    }

    /// How often there is a committed consequence of each event at the sink.
    fn consequences(&self) -> BTreeMap<u64, u32> {
        let log = self.log(SINK);
        let mut found = BTreeMap::new();
        for lane in &log.topic.partitions {
            for (offset, record) in lane.store.iter() {
                let undecided = lane.unstable.open_at(offset).is_some();
                if !undecided && !lane.unstable.is_aborted(offset) {
                    let causation = log.topic.labels.message(record).causation;
                    *found.entry(causation).or_default() += 1;
                }
            }
        }
        found
    }

    /// What the group has committed at the source.
    fn committed(&self) -> BTreeSet<u64> {
        let log = self.log(SOURCE);
        let Some(group) = log.groups.iter().find(|group| group.name == "g") else {
            return BTreeSet::new();
        };
        let mut roots = BTreeSet::new();
        for (cursor, lane) in group.cursors.iter().zip(&log.topic.partitions) {
            let before = |it: &(u64, _)| it.0 < cursor.committed;
            let read = lane.store.iter().take_while(before);
            roots.extend(read.map(|(_, record)| log.topic.labels.message(record).root));
        }
        roots
    }

    fn check(&self) {
        let consequences = self.consequences();
        let twice: Vec<_> = consequences.iter().filter(|it| *it.1 > 1).collect();
        assert!(twice.is_empty(), "twice at {} ms: {twice:?}", self.millis);
        let roots: BTreeSet<u64> = consequences.into_keys().collect();
        assert_eq!(roots, self.committed(), "at {} ms", self.millis);
        let sink = self.log(SINK);
        for lane in &sink.topic.partitions {
            let readable = lane.readable_to(Isolation::ReadCommitted);
            assert!(readable <= lane.readable() && lane.stable() <= lane.high());
        }
        for log in [sink, self.log(SOURCE)] {
            for group in &log.groups {
                let lanes = log.topic.partitions.len();
                let lag: u64 = (0..lanes).map(|n| group.lag_in(&log.topic, n)).sum();
                assert_eq!(group.lag, lag);
            }
        }
    }

    /// At last all is done, and nothing is open.
    fn check_end(&self) {
        let source = self.log(SOURCE);
        let produced: u64 = source
            .topic
            .partitions
            .iter()
            .map(|it| it.store.count())
            .sum();
        let consequences = self.consequences();
        assert_eq!(consequences.len() as u64, produced);
        let mut seen = BTreeMap::new();
        for message in self.bench.messages(self.reader, What::Finished) {
            *seen.entry(message.causation).or_insert(0) += 1;
        }
        assert_eq!(seen, consequences, "each once");
        for log in [source, self.log(SINK)] {
            let open = |lane: &Partition| lane.open_transactions();
            assert_eq!(log.topic.partitions.iter().map(open).sum::<usize>(), 0);
            assert!(log.groups.iter().all(|group| group.lag == 0));
        }
        assert_eq!(source.transactions.open(), 0);
        let tally = self.bench.tally();
        assert_eq!(tally.stored, {
            let logs = [self.log(SINK), source];
            let lanes = logs.iter().flat_map(|log| &log.topic.partitions);
            lanes.map(|lane| lane.store.count()).sum::<u64>()
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_read_and_what_follows_are_committed_together_whatever_happens(
        plan in plan(),
        seed in 0..1000_u64,
        deeds in proptest::collection::vec((deed(), 30..900_u64), 0..16),
    ) {
        let mut yard = Yard::new(plan, seed);
        yard.go(300);
        for (deed, millis) in deeds {
            yard.happen(deed);
            yard.go(millis);
        }
        yard.heal();
        yard.go(45_000);
        yard.check_end();
    }
}
