//! Transactions: read, work, write and commit together, through crashes and failures.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::PartitionedLog;
use crate::engine::{LinkIndex, Message, NodeIndex, What};
use crate::nodes::bench::Bench;
use crate::nodes::{Kind, Node, Settings};

/// A producer, a log, a service that works on what it reads and writes to a second log, and two
/// readers of that: one sees all, the other what is committed.
struct Yard {
    bench: Bench,
    source: NodeIndex,
    service: NodeIndex,
    /// From the source to the service.
    link: LinkIndex,
    sink: NodeIndex,
    settings: Value,
    all: NodeIndex,
    committed: NodeIndex,
}

/// How the world is put together.
struct Plan {
    service: Value,
    source: Value,
    sink: Value,
    /// Of the links between the source, the service and the sink.
    into: Value,
    out: Value,
    limit: u32,
}

fn with(mut base: Value, more: &Value) -> Value {
    for (field, value) in more.as_object().into_iter().flatten() {
        base[field] = value.clone();
    }
    base
}

fn groups() -> Value {
    json!({
        "partitions": 1, "reset": "earliest", "initial_delay": "0s", "commit": "after",
        "heartbeat": "300ms", "session_timeout": "1s", "transaction_timeout": "5s",
    })
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            service: json!({ "transactional": true }),
            source: json!({}),
            sink: json!({}),
            into: json!({}),
            out: json!({}),
            limit: 20,
        }
    }
}

impl Plan {
    /// Ten events a second, the first at 100 ms, and 20 ms of work on each.
    fn build(self) -> Yard {
        let mut bench = Bench::new();
        let pace = json!({ "pace": "constant", "rate": 10.0, "keys": 5, "limit": self.limit });
        let producer = bench.node(Kind::Producer, pace);
        let source = bench.node(Kind::PartitionedLog, with(groups(), &self.source));
        bench.link(producer, source);
        let time = json!({ "shape": "constant", "value": "20ms" });
        let work = json!({ "service_time": time, "emits": [{ "event": "Out" }] });
        let service = bench.node(Kind::Service, with(work, &self.service));
        let link = bench.slow_link(source, service, with(json!({ "group": "g" }), &self.into));
        let isolation = json!([{ "name": "committed", "isolation": "read_committed" }]);
        let settings = with(groups(), &json!({ "groups": isolation }));
        let settings = with(settings, &self.sink);
        let sink = bench.node(Kind::PartitionedLog, settings.clone());
        bench.slow_link(service, sink, self.out);
        let mut reader = |group: &str| {
            let time = json!({ "shape": "constant", "value": "1ms" });
            let reader = bench.node(Kind::Service, json!({ "service_time": time }));
            bench.slow_link(sink, reader, json!({ "group": group }));
            reader
        };
        let (all, committed) = (reader("all"), reader("committed"));
        Yard {
            bench,
            source,
            service,
            link,
            sink,
            settings,
            all,
            committed,
        }
    }
}

impl Yard {
    fn log(&self, node: NodeIndex) -> &PartitionedLog {
        match self.bench.world.node(node) {
            Node::PartitionedLog(log) => log,
            _ => unreachable!("it is a log"),
        }
    }

    /// How often each event of the source was worked on downstream, and had an effect.
    fn effects(&self, reader: NodeIndex) -> BTreeMap<u64, u32> {
        let mut effects = BTreeMap::new();
        for message in self.bench.messages(reader, What::Finished) {
            *effects.entry(message.causation).or_default() += 1;
        }
        effects
    }

    /// How many events had an effect, and how many effects there were.
    fn counted(&self, reader: NodeIndex) -> (usize, u32) {
        let effects = self.effects(reader);
        (effects.len(), effects.values().sum())
    }

    fn lag(&self, node: NodeIndex, name: &str) -> u64 {
        let mut groups = self.log(node).groups.iter();
        groups
            .find(|group| group.name == name)
            .map_or(0, |it| it.lag)
    }

    /// Offsets of the sink's only partition that are used, records, and the last stable offset.
    fn lane(&self) -> (u64, u64, u64) {
        let lane = &self.log(self.sink).topic.partitions[0];
        (lane.store.end(), lane.store.count(), lane.stable())
    }

    fn crash_between(&mut self, crash: &str, restart: &str) {
        self.bench.until(crash);
        self.bench.crash(self.service);
        self.bench.until(restart);
        self.bench.restart(self.service);
    }

    fn messages(&self, what: What) -> Vec<Message> {
        self.bench.messages(self.service, what)
    }
}

#[test]
fn what_is_read_and_written_is_committed_together() {
    let mut yard = Plan::default().build();
    yard.bench.until("10s");
    assert_eq!(yard.counted(yard.all), (20, 20));
    assert_eq!(yard.counted(yard.committed), (20, 20));
    assert_eq!(
        yard.bench.count(yard.source, What::TransactionCommitted),
        20
    );
    assert_eq!(yard.messages(What::Finished).len(), 20);
    // Each transaction has left a marker, which takes an offset and is no record.
    assert_eq!(yard.lane(), (40, 20, 40));
    for (node, group) in [
        (yard.source, "g"),
        (yard.sink, "all"),
        (yard.sink, "committed"),
    ] {
        assert_eq!(yard.lag(node, group), 0, "{group}");
    }
    assert_eq!(yard.log(yard.source).transactions.open(), 0);
}

fn slow() -> Value {
    json!({ "latency": { "shape": "constant", "value": "300ms" } })
}

/// The link to the sink takes 300 ms: there is much time in which what was written is not
/// committed.
fn slow_confirm(transactional: bool) -> Plan {
    Plan {
        service: json!({ "transactional": transactional }),
        out: slow(),
        ..Plan::default()
    }
}

#[test]
fn a_crash_before_the_commit_has_no_effect_and_without_a_transaction_it_has() {
    // The first record is written at 420 ms, and committed at 720 ms.
    let mut yard = slow_confirm(true).build();
    yard.crash_between("500ms", "3s");
    yard.bench.until("40s");
    assert_eq!(yard.counted(yard.committed), (20, 20));
    // Whoever reads what is not committed has seen it twice.
    let (events, effects) = yard.counted(yard.all);
    assert!(events == 20 && effects > 20, "{effects}");
    assert!(yard.bench.count(yard.source, What::TransactionAborted) >= 1);

    let mut plan = slow_confirm(false);
    plan.source = json!({ "commit": "interval", "commit_interval": "5s" });
    let mut yard = plan.build();
    yard.crash_between("500ms", "3s");
    yard.bench.until("40s");
    let (events, effects) = yard.counted(yard.committed);
    assert!(events == 20 && effects > 20, "{effects}");
}

#[test]
fn a_cut_link_has_no_effect_twice_and_without_a_transaction_it_has() {
    let run = |transactional: bool| {
        let plan = Plan {
            service: json!({ "transactional": transactional }),
            into: slow(),
            ..Plan::default()
        };
        let mut yard = plan.build();
        // At 620 ms the first is written, and the log hears of that at 920 ms, or not.
        for (moment, cut) in [("700ms", true), ("2s", false)] {
            yard.bench.until(moment);
            let settings = with(json!({ "group": "g", "cut": cut }), &slow());
            let settings = serde_json::from_value(settings).expect("they are settings");
            yard.bench.world.set_link(yard.link, settings);
            yard.bench.world.relink(yard.link);
        }
        yard.bench.until("40s");
        yard
    };
    let yard = run(true);
    assert_eq!(yard.counted(yard.committed), (20, 20));
    let yard = run(false);
    let (events, effects) = yard.counted(yard.committed);
    assert!(events == 20 && effects > 20, "{effects}");
}

#[test]
fn a_crash_after_the_commit_does_nothing_again() {
    let plan = Plan {
        into: slow(),
        ..Plan::default()
    };
    let mut yard = plan.build();
    // The log has committed at 920 ms, and its answer is under way until 1220 ms.
    yard.crash_between("1.1s", "3s");
    yard.bench.until("40s");
    assert_eq!(yard.counted(yard.committed), (20, 20));
    assert_eq!(
        yard.bench.count(yard.source, What::TransactionCommitted),
        20
    );
}

#[test]
fn an_open_transaction_hides_what_comes_behind_it_until_it_times_out() {
    let mut yard = slow_confirm(true).build();
    let other = json!({ "pace": "constant", "rate": 10.0, "limit": 10 });
    let other = yard.bench.node(Kind::Producer, other);
    yard.bench.link(other, yard.sink);
    yard.bench.until("500ms");
    yard.bench.crash(yard.service);
    yard.bench.until("4s");
    // The other's records belong to no transaction, and yet nobody who reads committed sees those
    // behind the open one.
    assert_eq!(yard.lane(), (11, 11, 4));
    assert_eq!(yard.counted(yard.all).1, 11);
    assert_eq!(yard.counted(yard.committed).1, 4);
    assert_eq!(yard.lag(yard.sink, "committed"), 7);
    assert_eq!(yard.lag(yard.sink, "all"), 0);
    let lane = &yard.log(yard.sink).topic.partitions[0];
    assert_eq!(
        (lane.open_transactions(), lane.unstable.is_aborted(4)),
        (1, false)
    );
    let told = |yard: &Yard, offset| {
        let log = yard.log(yard.sink);
        let (_, record) = log.topic.partitions[0]
            .store
            .from(offset)
            .expect("a record");
        let message = log.topic.labels.message(record);
        let way = log.whereabouts(&message, yard.bench.world.names());
        let texts = way.into_iter().map(|step| step.text);
        (texts.collect::<Vec<_>>(), yard.bench.shown(yard.sink))
    };
    let (way, card) = told(&yard, 4);
    assert!(way.contains(&"open".to_owned()), "{way:?}");
    assert_eq!(card, ["transactions: 1 open!", "aborted: 0"]);
    // It began at 420 ms.
    yard.bench.until("5.41s");
    assert_eq!(yard.counted(yard.committed).1, 4);
    yard.bench.until("5.43s");
    assert_eq!(yard.counted(yard.committed).1, 10);
    assert_eq!(yard.lane(), (12, 11, 12));
    assert_eq!(yard.lag(yard.sink, "committed"), 0);
    let lane = &yard.log(yard.sink).topic.partitions[0];
    assert_eq!(
        (lane.open_transactions(), lane.unstable.is_aborted(4)),
        (0, true)
    );
    let (way, card) = told(&yard, 4);
    let passed = ["aborted", "passed over"].map(str::to_owned);
    assert!(passed.iter().all(|it| way.contains(it)), "{way:?}");
    assert_eq!(card, ["transactions: 0 open", "aborted: 1"]);
}

#[test]
fn whoever_is_back_ends_at_once_what_it_left_open() {
    let mut yard = slow_confirm(true).build();
    yard.bench.until("500ms");
    yard.bench.crash(yard.service);
    yard.bench.until("1s");
    assert_eq!(yard.log(yard.source).transactions.open(), 1);
    yard.bench.restart(yard.service);
    yard.bench.until("1.01s");
    assert_eq!(yard.log(yard.source).transactions.open(), 0);
    assert_eq!(yard.lane(), (2, 1, 2));
}

#[test]
fn one_that_took_too_long_is_fenced() {
    let slow = |transactional: bool| {
        let time = json!({ "shape": "constant", "value": "900ms" });
        let mut yard = Plan {
            service: json!({ "transactional": transactional, "service_time": time,
                "periods": [{ "from": "0s", "to": "1s", "slow": 4.0 }] }),
            source: json!({ "max_poll_interval": "2s", "max_poll_records": 1 }),
            limit: 3,
            ..Plan::default()
        }
        .build();
        // A second one takes over.
        let time = json!({ "shape": "constant", "value": "900ms" });
        let second = json!({ "transactional": transactional, "service_time": time,
            "emits": [{ "event": "Out" }] });
        let second = yard.bench.node(Kind::Service, second);
        yard.bench
            .slow_link(yard.source, second, json!({ "group": "g" }));
        yard.bench.link(second, yard.sink);
        yard.bench.until("60s");
        yard
    };
    let yard = slow(true);
    assert_eq!(yard.counted(yard.committed), (3, 3));
    let failed = yard.bench.lines(yard.service, What::Failed);
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].ends_with("its transaction was ended by others before"));
    let yard = slow(false);
    assert_eq!(yard.counted(yard.committed), (3, 4));
}

#[test]
fn it_ends_where_the_logs_end() {
    let mut yard = slow_confirm(true).build();
    let queue = yard.bench.node(Kind::Queue, json!({}));
    yard.bench.link(yard.service, queue);
    yard.crash_between("500ms", "3s");
    yard.bench.until("40s");
    assert_eq!(yard.counted(yard.committed), (20, 20));
    // The queue has what was emitted before the crash all the same.
    let queued = yard.bench.count(queue, What::Queued);
    assert!(queued > 20, "{queued}");
}

#[test]
fn a_batch_is_one_transaction() {
    let mut yard = Plan {
        service: json!({ "transactional": true, "batch": 5, "batch_wait": "2s" }),
        ..Plan::default()
    }
    .build();
    yard.bench.until("20s");
    assert_eq!(yard.counted(yard.committed), (20, 20));
    assert_eq!(yard.bench.count(yard.source, What::TransactionCommitted), 4);
    assert_eq!(yard.lane(), (24, 20, 24));
    assert_eq!(yard.lag(yard.source, "g"), 0);
}

#[test]
fn work_that_fails_is_done_again_in_order_and_counts_once() {
    let mut yard = Plan {
        service: json!({ "transactional": true, "failure_rate": 0.3 }),
        ..Plan::default()
    }
    .build();
    yard.bench.until("40s");
    assert!(!yard.messages(What::Failed).is_empty());
    assert_eq!(yard.counted(yard.all), (20, 20));
    let finished = yard.messages(What::Finished);
    assert!(finished.is_sorted_by_key(|message| message.sequence));
    // What is rejected is read, and what follows from that is written, together.
    let mut yard = Plan {
        service: json!({ "transactional": true, "failure_rate": 0.3, "on_failure": "reject",
            "emits": [{ "event": "Out" }, { "event": "Trouble", "failed": true }] }),
        ..Plan::default()
    }
    .build();
    yard.bench.until("40s");
    let failed = yard.messages(What::Failed).len();
    assert!(failed > 0 && yard.messages(What::Finished).len() + failed == 20);
    assert_eq!(yard.counted(yard.committed), (20, 20));
    assert_eq!(yard.lag(yard.source, "g"), 0);
}

#[test]
fn a_broker_that_fails_in_the_middle_loses_and_doubles_nothing() {
    let cluster = json!({
        "brokers": 3, "replication": 3, "min_in_sync": 2, "replication_time": "50ms",
        "broker_timeout": "700ms", "acks": "1", "idempotent": false,
    });
    let mut yard = Plan {
        sink: cluster,
        limit: 60,
        ..Plan::default()
    }
    .build();
    let stop = |yard: &mut Yard, moment: &str, brokers: Value| {
        yard.bench.until(moment);
        let settings = with(yard.settings.clone(), &json!({ "stopped": brokers }));
        yard.bench.configure(yard.sink, settings);
    };
    stop(&mut yard, "2135ms", json!([1]));
    stop(&mut yard, "4s", json!([]));
    stop(&mut yard, "6130ms", json!([2]));
    stop(&mut yard, "7s", json!([2, 3]));
    stop(&mut yard, "9s", json!([]));
    yard.bench.until("60s");
    assert_eq!(yard.counted(yard.committed), (60, 60));
    let (end, _, stable) = yard.lane();
    assert_eq!(end, stable);
    assert_eq!(yard.lag(yard.sink, "committed"), 0);
    assert_eq!(yard.bench.tally().waiting, 0);
}

#[test]
fn a_log_that_takes_nothing_holds_a_transaction_open_until_it_is_aborted() {
    let cluster = json!({ "brokers": 1, "replication": 1 });
    let mut yard = Plan {
        sink: cluster,
        limit: 3,
        ..Plan::default()
    }
    .build();
    let settings = with(yard.settings.clone(), &json!({ "stopped": [1] }));
    yard.bench.configure(yard.sink, settings);
    yard.bench.until("15s");
    assert_eq!(yard.bench.count(yard.service, What::Finished), 0);
    assert!(yard.bench.count(yard.source, What::TransactionAborted) >= 2);
    yard.bench.configure(yard.sink, yard.settings.clone());
    yard.bench.until("30s");
    assert_eq!(yard.counted(yard.committed), (3, 3));
}

#[test]
fn a_log_or_a_link_that_is_removed_leaves_nothing_open() {
    for removes_log in [true, false] {
        let mut yard = slow_confirm(true).build();
        yard.bench.until("500ms");
        assert_eq!(yard.lane(), (1, 1, 0));
        if removes_log {
            let fault = crate::engine::Fault::Remove;
            yard.bench.world.suffer(yard.source, fault);
        } else {
            yard.bench.world.remove_link(yard.link);
        }
        yard.bench.until("10s");
        assert_eq!(yard.lane(), (2, 1, 2));
        assert_eq!(yard.counted(yard.committed).1, 0);
        assert_eq!(yard.bench.metrics(yard.service).busy.value(), 0);
    }
}

#[test]
fn it_can_write_to_the_log_that_it_reads() {
    let mut bench = Bench::new();
    let producer = bench.events(&[("1s", "A"), ("2s", "A")]);
    let log = bench.node(Kind::PartitionedLog, groups());
    bench.link(producer, log);
    let emits = json!([{ "event": "B", "on": "A" }]);
    let service = bench.node(
        Kind::Service,
        json!({ "transactional": true, "emits": emits }),
    );
    bench.slow_link(log, service, json!({ "group": "g" }));
    bench.link(service, log);
    bench.until("20s");
    assert_eq!(bench.count(log, What::Stored), 4);
    assert_eq!(bench.count(log, What::TransactionCommitted), 4);
    assert_eq!(bench.count(service, What::Finished), 4);
    let Node::PartitionedLog(log) = bench.world.node(log) else {
        unreachable!("it is a log");
    };
    assert_eq!(log.groups[0].lag, 0);
}

#[test]
fn a_read_model_that_reads_committed_sees_nothing_aborted() {
    for (isolation, seen) in [("read_committed", 20), ("read_uncommitted", 21)] {
        let mut plan = slow_confirm(true);
        plan.sink = json!({ "isolation": isolation });
        let mut yard = plan.build();
        let model = yard.bench.node(Kind::Projection, json!({}));
        yard.bench.link(yard.sink, model);
        yard.crash_between("500ms", "3s");
        yard.bench.until("40s");
        assert_eq!(yard.bench.count(model, What::Applied), seen);
    }
}

#[test]
fn compaction_forgets_what_was_aborted() {
    let mut plan = slow_confirm(true);
    plan.sink = json!({ "cleanup": "compact", "record_bytes": 100, "segment_bytes": 100,
        "check_every": "3s", "dirty_ratio": 0.0 });
    let mut yard = plan.build();
    yard.crash_between("500ms", "3s");
    yard.bench.until("40s");
    let lane = &yard.log(yard.sink).topic.partitions[0];
    assert!(lane.store.from(0).is_some_and(|(offset, _)| offset > 0));
    assert!(!lane.unstable.is_aborted(0), "it is gone");
    assert_eq!(lane.store.count(), 5, "one of each key");
}

#[test]
fn what_does_not_go_together_with_transactions_is_said() {
    for (field, more) in [
        ("workers", json!({ "workers": 2 })),
        ("priorities", json!({ "priorities": ["A"] })),
        (
            "emits[0]",
            json!({ "emits": [{ "event": "B", "after": "1s" }] }),
        ),
        ("store", json!({ "remembers": "1m", "store": "Ids" })),
    ] {
        let settings = with(json!({ "transactional": true }), &more);
        let problems = Settings::from_json(Kind::Service, &settings);
        let problems = problems.expect_err("there is a problem");
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].field, field);
        assert!(Settings::from_json(Kind::Service, &more).is_ok());
    }
}
