//! The producer's side: batches, requests in flight, and what is sent again.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Setup;
use crate::engine::{Fault, Message, NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;
use crate::units::{SimDuration, SimTime};

fn with(base: Value, more: Value) -> Value {
    let mut settings = base;
    for (field, value) in more.as_object().into_iter().flatten() {
        settings[field] = value.clone();
    }
    settings
}

/// One partition, batches of ten records, and requests that take 20 ms.
fn quick(more: Value) -> Value {
    let base = json!({ "partitions": 1, "record_bytes": 100, "batch_bytes": 1000,
        "request_time": "20ms", "retry_backoff": "50ms", "delivery_timeout": "1000s" });
    with(base, more)
}

/// The records of all partitions, as they lie there.
fn logged(setup: &Setup) -> Vec<Vec<Message>> {
    let log = setup.log();
    let lanes = log.topic.partitions.iter();
    lanes
        .map(|lane| {
            let records = lane.store.iter();
            records
                .map(|(_, record)| log.topic.labels.message(record))
                .collect()
        })
        .collect()
}

/// When records came into the log.
fn times(setup: &Setup) -> Vec<String> {
    let lines = setup.bench.lines(setup.log, What::Stored);
    let times = lines.iter().filter_map(|line| line.split(' ').next());
    times.map(str::to_owned).collect()
}

/// Whether a record of a partition came behind one that was sent after it.
fn is_reordered(setup: &Setup) -> bool {
    let mut pairs = logged(setup).into_iter();
    pairs.any(|lane| {
        lane.windows(2)
            .any(|two| two[0].sequence > two[1].sequence && !two[1].duplicate)
    })
}

#[test]
fn a_batch_is_sent_when_it_is_full_or_has_lingered() {
    // A record every 10 ms: five come while the first of them lingers, and the last one too.
    let settings = json!({ "partitions": 1, "linger": "45ms" });
    let mut setup = Setup::new(settings, (100.0, 3, 12));
    setup.until("30ms");
    assert_eq!(setup.log().client_waiting(), (3, 0));
    let waiting = setup.bench.tally().waiting;
    assert_eq!((waiting, setup.bench.tally().stored), (3, 0));
    assert_eq!(setup.bench.count(setup.log, What::Queued), 3);
    setup.until("1s");
    let expected = [("55ms", 5), ("105ms", 5), ("155ms", 2)];
    let expected = expected.iter().flat_map(|(at, n)| vec![*at; *n]);
    assert_eq!(times(&setup), expected.collect::<Vec<_>>());
    assert!(!is_reordered(&setup));
    // Two records fill a batch: it does not wait.
    let settings = json!({ "partitions": 1, "linger": "45ms", "record_bytes": 8000 });
    let mut setup = Setup::new(settings, (100.0, 3, 5));
    setup.until("1s");
    assert_eq!(times(&setup), ["20ms", "20ms", "40ms", "40ms", "95ms"]);
}

#[test]
fn a_record_is_in_the_log_after_half_the_time_of_a_request() {
    let mut setup = Setup::new(quick(json!({})), (1.0, 3, 2));
    setup.until("1005ms");
    assert_eq!(setup.log().client_waiting(), (0, 1));
    let record = setup.bench.messages(setup.log, What::Queued)[0];
    assert_eq!(setup.log().message(record.id), Some(record));
    setup.until("5s");
    assert_eq!(times(&setup), ["1.01s", "2.01s"]);
    assert_eq!(setup.log().client_waiting(), (0, 0));
}

#[test]
fn requests_in_flight_and_batches_are_what_a_client_gets_through() {
    let stored = |more: Value| {
        let settings = with(quick(more), json!({ "request_time": "100ms" }));
        let mut setup = Setup::new(settings, (1000.0, 3, 1000));
        setup.until("1s");
        setup.bench.tally().stored
    };
    // Ten requests a second, with ten records each.
    let one = stored(json!({ "max_in_flight": 1 }));
    assert!((91..=100).contains(&one), "{one}");
    let five = stored(json!({ "max_in_flight": 5 }));
    assert!((440..=500).contains(&five), "{five}");
    let large = stored(json!({ "max_in_flight": 1, "batch_bytes": 100_000 }));
    assert!((850..=1000).contains(&large), "{large}");
}

/// A thousand records through requests of which some fail.
fn failing(more: Value) -> Setup {
    let settings = quick(with(json!({ "request_loss": 0.2 }), more));
    let mut setup = Setup::new(settings, (1000.0, 10, 1000));
    setup.until("100s");
    assert_eq!(setup.bench.tally().waiting, 0);
    assert_eq!(setup.log().client_waiting(), (0, 0));
    setup
}

#[test]
fn what_is_sent_again_comes_behind_what_was_sent_later() {
    let setup = failing(json!({ "idempotent": false }));
    assert!(is_reordered(&setup));
    assert_eq!(setup.bench.tally().stored, 1000);
    assert!(setup.bench.count(setup.log, What::Retried) > 50);
    let why = setup.bench.lines(setup.log, What::Retried);
    assert!(why[0].ends_with("the request with it failed on the way"));
}

#[test]
fn one_at_a_time_keeps_the_order_and_so_do_sequence_numbers() {
    let one = failing(json!({ "idempotent": false, "max_in_flight": 1 }));
    let known = failing(json!({ "idempotent": true }));
    for setup in [&one, &known] {
        assert!(!is_reordered(setup));
        assert_eq!(setup.bench.tally().stored, 1000);
    }
    let why = known.bench.lines(known.log, What::Retried);
    let refused = why
        .iter()
        .filter(|line| line.ends_with("one before it is missing"));
    assert!(refused.count() > 20);
}

#[test]
fn without_an_answer_a_record_is_there_twice_unless_it_is_recognised() {
    let run = |idempotent: bool| {
        let losses = json!({ "request_loss": 0.0, "answer_loss": 0.2, "idempotent": idempotent });
        let setup = failing(losses);
        let tally = setup.bench.tally();
        let roots = logged(&setup).concat().into_iter().map(|it| it.root);
        assert_eq!(roots.collect::<BTreeSet<u64>>().len(), 1000);
        assert_eq!(tally.dropped, 0);
        (tally.stored, tally.done)
    };
    let (stored, done) = run(true);
    assert_eq!(stored, 1000);
    assert!(done > 50, "{done}");
    let (stored, done) = run(false);
    assert!(stored > 1050 && done == 0, "{stored} {done}");
}

#[test]
fn idempotence_needs_all_to_acknowledge() {
    let losses = json!({ "request_loss": 0.0, "answer_loss": 0.2, "acks": "1" });
    assert!(failing(losses).bench.tally().stored > 1050);
}

#[test]
fn with_acks_0_nothing_is_sent_again() {
    let losses = json!({ "acks": "0", "answer_loss": 0.9 });
    let setup = failing(losses);
    let tally = setup.bench.tally();
    assert_eq!(tally.stored + tally.dropped, 1000);
    assert!((100..=300).contains(&tally.dropped), "{tally:?}");
    assert_eq!(setup.bench.count(setup.log, What::Retried), 0);
    assert!(!is_reordered(&setup));
}

#[test]
fn a_client_gives_up_when_its_time_is_over() {
    for (acks, request_loss) in [("1", 0.0), ("all", 1.0)] {
        let timeout = json!({ "delivery_timeout": "2s", "acks": acks, "request_loss": 0.0 });
        let mut setup = Setup::new(quick(timeout), (10.0, 3, 100));
        setup.until("1050ms");
        match acks {
            "1" => setup.bench.crash(setup.log),
            _ => setup.set(&json!({ "request_loss": request_loss })),
        }
        setup.until("8s");
        match acks {
            "1" => setup.bench.restart(setup.log),
            _ => setup.set(&json!({ "request_loss": 0.0 })),
        }
        setup.until("20s");
        let tally = setup.bench.tally();
        assert_eq!(tally.stored + tally.dropped, 100);
        // All that came until two seconds before the end of the failure.
        assert!((45..=55).contains(&tally.dropped), "{acks} {tally:?}");
        assert_eq!(tally.waiting, 0);
        assert!(!is_reordered(&setup));
    }
}

#[test]
fn too_few_in_sync_refuse_a_request_and_the_client_tries_again() {
    let brokers = json!({ "brokers": 3, "replication": 3, "min_in_sync": 2,
        "replication_time": "5ms", "broker_timeout": "1s" });
    let mut setup = Setup::new(quick(brokers), (100.0, 3, 1000));
    setup.until("1s");
    setup.set(&json!({ "stopped": [2, 3] }));
    setup.until("5s");
    let held = setup.bench.tally().waiting;
    assert!((280..=410).contains(&held), "{held}");
    setup.set(&json!({ "stopped": [] }));
    setup.until("30s");
    let tally = setup.bench.tally();
    assert_eq!((tally.stored, tally.dropped, tally.waiting), (1000, 0, 0));
    assert!(!is_reordered(&setup));
    let why = setup.bench.lines(setup.log, What::Retried);
    assert!(
        why.iter()
            .any(|line| line.ends_with("no broker could take it"))
    );
}

/// The leader fails, and another one leads, with all that was acknowledged.
fn leader_fails(more: Value) -> Setup {
    let brokers = json!({ "brokers": 3, "replication": 3, "min_in_sync": 2,
        "replication_time": "95ms", "broker_timeout": "2s" });
    let mut setup = Setup::new(quick(with(brokers, more)), (100.0, 3, 1000));
    setup.until("3055ms");
    setup.set(&json!({ "stopped": [1] }));
    setup.until("8s");
    setup.set(&json!({ "stopped": [] }));
    setup.until("30s");
    assert_eq!(setup.bench.tally().waiting, 0);
    setup
}

#[test]
fn a_client_sends_again_what_a_leader_took_with_it() {
    for idempotent in [true, false] {
        let setup = leader_fails(json!({ "idempotent": idempotent }));
        let tally = setup.bench.tally();
        assert_eq!((tally.stored, tally.dropped), (1000, 0), "{idempotent}");
        assert!(setup.bench.count(setup.log, What::Requeued) > 0);
    }
    let setup = leader_fails(json!({ "acks": "1" }));
    let tally = setup.bench.tally();
    assert!((1..=20).contains(&tally.dropped), "{tally:?}");
    assert_eq!(tally.stored + tally.dropped, 1000);
}

#[test]
fn what_the_next_leader_has_and_nobody_was_told_of_comes_once_more() {
    let most = |idempotent: bool| {
        let settings = json!({ "partitions": 1, "brokers": 3, "replication": 3, "min_in_sync": 2,
            "replication_time": "500ms", "broker_timeout": "2s", "idempotent": idempotent });
        let mut setup = Setup::new(quick(settings), (100.0, 3, 1000));
        setup.until("4740ms");
        setup.set(&json!({ "stopped": [3] }));
        setup.until("5240ms");
        setup.set(&json!({ "stopped": [1, 3] }));
        setup.until("8s");
        setup.set(&json!({ "stopped": [] }));
        setup.until("60s");
        assert_eq!(setup.bench.tally().waiting, 0);
        let mut times = BTreeMap::new();
        for message in logged(&setup).concat() {
            *times.entry(message.root).or_insert(0) += 1;
        }
        assert_eq!(times.len(), 1000);
        times.into_values().max()
    };
    assert_eq!(most(true), Some(1));
    assert_eq!(most(false), Some(2));
}

#[test]
fn without_keys_a_client_sticks_to_a_partition_until_its_batch_is_sent() {
    let runs = |settings: Value, source: (f64, u32, u32)| {
        let mut setup = Setup::new(settings, source);
        setup.until("10s");
        let log = setup.log();
        let mut all: Vec<(u32, usize)> = Vec::new();
        for (n, lane) in log.topic.partitions.iter().enumerate() {
            let records = lane.store.iter();
            all.extend(records.map(|it| (log.topic.labels.message(it.1).sequence, n)));
        }
        all.sort_unstable();
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (_, lane) in all {
            match runs.last_mut().filter(|last| last.0 == lane) {
                Some(last) => last.1 += 1,
                None => runs.push((lane, 1)),
            }
        }
        runs.into_iter().map(|run| run.1).collect::<Vec<_>>()
    };
    let sticky = json!({ "partitions": 6, "record_bytes": 1000, "linger": "10ms" });
    // A burst goes by full batches of 16 records.
    let burst = runs(sticky.clone(), (100_000.0, 0, 160));
    assert!(burst.len() > 3, "{burst:?}");
    assert!(burst.iter().all(|run| run % 16 == 0), "{burst:?}");
    // Batches of 12 are sent when they have lingered: after two of them it is another partition.
    let slow = runs(with(sticky, json!({ "linger": "115ms" })), (100.0, 0, 240));
    assert!(slow.len() > 3, "{slow:?}");
    assert!(slow.iter().all(|run| run % 24 == 0), "{slow:?}");
}

/// When a producer that wants confirms heard of its only record.
fn confirmed(more: Value, until: &str) -> (Bench, [NodeIndex; 2]) {
    let mut bench = Bench::new();
    let producer = json!({ "pace": "constant", "rate": 1.0, "limit": 1, "confirms": true,
        "confirm_timeout": "1s", "confirm_retries": 0 });
    let producer = bench.node(Kind::Producer, producer);
    let log = bench.node(Kind::PartitionedLog, quick(more));
    bench.link(producer, log);
    bench.until(until);
    (bench, [producer, log])
}

#[test]
fn a_confirm_comes_with_the_answer_to_the_request() {
    let refused = |more: Value| {
        let (bench, [producer, _]) = confirmed(more, "30s");
        bench.count(producer, What::Unconfirmed)
    };
    assert_eq!(refused(json!({ "request_time": "900ms" })), 0);
    assert_eq!(refused(json!({ "request_time": "1100ms" })), 1);
    assert_eq!(
        refused(json!({ "request_time": "0s", "linger": "900ms" })),
        0
    );
    assert_eq!(
        refused(json!({ "request_time": "0s", "linger": "1100ms" })),
        1
    );
    // Followers count with acks all, and with 1 they do not.
    let slow = json!({ "brokers": 3, "replication": 3, "replication_time": "950ms",
        "request_time": "100ms" });
    assert_eq!(refused(slow.clone()), 1);
    assert_eq!(refused(with(slow.clone(), json!({ "acks": "1" }))), 0);
    assert_eq!(
        refused(with(slow, json!({ "replication_time": "850ms" }))),
        0
    );
    // Nobody waits for what nobody answers.
    assert_eq!(refused(json!({ "acks": "0", "request_loss": 1.0 })), 0);
}

#[test]
fn who_waits_for_a_confirm_hears_that_a_client_gave_up() {
    let lost = json!({ "request_loss": 1.0, "delivery_timeout": "500ms" });
    let (bench, [producer, log]) = confirmed(lost, "30s");
    let why = "SomethingHappened: the broker refused it";
    let lines = bench.lines(producer, What::Unconfirmed);
    assert!(lines.len() == 1 && lines[0].ends_with(why), "{lines:?}");
    let dropped = bench.lines(log, What::Dropped);
    assert!(dropped[0].ends_with("the request with it failed on the way"));
}

#[test]
fn what_followers_do_not_get_in_time_is_in_the_log_and_was_refused() {
    let slow = json!({ "brokers": 2, "replication": 2, "replication_time": "10s",
        "delivery_timeout": "500ms" });
    let (bench, [producer, log]) = confirmed(slow, "30s");
    let why = "SomethingHappened: the broker refused it";
    let lines = bench.lines(producer, What::Unconfirmed);
    assert!(lines.len() == 1 && lines[0].ends_with(why), "{lines:?}");
    assert_eq!(bench.count(log, What::Dropped), 0);
    assert_eq!(bench.tally().stored, 1);
}

#[test]
fn requests_end_well_when_they_take_no_time_any_more() {
    let mut setup = Setup::new(quick(json!({ "linger": "30ms" })), (1000.0, 5, 1000));
    setup.until("500ms");
    setup.set(&json!({ "request_time": "0s", "linger": "0s" }));
    setup.until("800ms");
    assert!(!setup.log().by_batches);
    assert_eq!(setup.bench.tally().waiting, 0);
    setup.set(&json!({ "request_time": "5ms" }));
    setup.until("10s");
    assert_eq!(setup.bench.tally().stored, 1000);
    assert!(!is_reordered(&setup));
}

#[test]
fn what_is_in_batches_goes_with_the_log() {
    let mut setup = Setup::new(quick(json!({ "request_time": "1s" })), (1000.0, 5, 500));
    setup.until("600ms");
    let held = setup.bench.tally().waiting;
    assert!(held == 495, "{held}");
    assert!(
        setup
            .bench
            .shown(setup.log)
            .contains(&"in batches: 495".into())
    );
    setup.bench.world.suffer(setup.log, Fault::Remove);
    setup.until("5s");
    assert_eq!(setup.bench.tally().waiting, 0);
    assert_eq!(setup.bench.tally().alive(), 0);
}

#[test]
fn more_than_five_in_flight_are_refused_with_idempotence() {
    let problems = |settings: Value| {
        let read = crate::nodes::Settings::from_json(Kind::PartitionedLog, &settings);
        read.err().unwrap_or_default().len()
    };
    assert_eq!(problems(json!({ "max_in_flight": 5 })), 0);
    assert_eq!(problems(json!({ "max_in_flight": 6 })), 1);
    assert_eq!(
        problems(json!({ "max_in_flight": 6, "idempotent": false })),
        0
    );
    assert_eq!(
        problems(json!({ "linger": "2s", "delivery_timeout": "1s" })),
        1
    );
}

/// What random losses and failures of brokers do to what two producers send.
#[derive(Clone, Debug)]
struct Trouble {
    idempotent: bool,
    max_in_flight: u32,
    losses: (f64, f64),
    linger: u64,
    keys: u32,
    /// Which broker stops when for how long, in milliseconds.
    stops: Vec<(u32, u64, u64)>,
}

fn trouble() -> impl Strategy<Value = Trouble> {
    let stops = proptest::collection::vec((1..=3_u32, 50..900_u64, 50..1500_u64), 0..3);
    let losses = (0.0..0.4_f64, 0.0..0.4_f64);
    (any::<bool>(), 1..=5_u32, losses, 0..40_u64, 0..8_u32, stops).prop_map(
        |(idempotent, max_in_flight, losses, linger, keys, stops)| Trouble {
            idempotent,
            max_in_flight,
            losses,
            linger,
            keys,
            stops,
        },
    )
}

fn troubled(trouble: &Trouble) -> Setup {
    let settings = quick(json!({
        "partitions": 3, "brokers": 3, "replication": 3, "min_in_sync": 2,
        "replication_time": "8ms", "broker_timeout": "400ms",
        "idempotent": trouble.idempotent, "max_in_flight": trouble.max_in_flight,
        "request_loss": trouble.losses.0, "answer_loss": trouble.losses.1,
        "linger": format!("{}ms", trouble.linger),
    }));
    let source = (300.0, trouble.keys, 300);
    let mut setup = Setup::new(settings, source);
    let other = json!({ "pace": "poisson", "rate": 300.0, "keys": trouble.keys, "limit": 300 });
    let other = setup.bench.node(Kind::Producer, other);
    setup.bench.link(other, setup.log);
    let mut now = 0;
    for (broker, after, long) in &trouble.stops {
        now += after;
        setup.until(&format!("{now}ms"));
        setup.set(&json!({ "stopped": [broker] }));
        now += long;
        setup.until(&format!("{now}ms"));
        setup.set(&json!({ "stopped": [] }));
    }
    setup.until("200s");
    setup
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_with_idempotence_each_is_there_once_and_in_order(trouble in trouble()) {
        let setup = troubled(&trouble);
        let tally = setup.bench.tally();
        prop_assert_eq!((tally.dropped, tally.waiting), (0, 0));
        let lanes = logged(&setup);
        let roots: BTreeSet<u64> = lanes.iter().flatten().map(|it| it.root).collect();
        prop_assert_eq!(roots.len(), 600);
        let in_order = trouble.idempotent || trouble.max_in_flight == 1 && trouble.stops.is_empty();
        if trouble.idempotent {
            prop_assert_eq!(tally.stored, 600);
        }
        if in_order {
            for lane in lanes {
                let mut last = BTreeMap::new();
                for message in lane.iter().filter(|it| !it.duplicate || trouble.idempotent) {
                    let before = last.insert(message.source, message.sequence);
                    prop_assert!(before < Some(message.sequence), "{:?}", message);
                }
            }
        }
    }
}

#[test]
fn the_same_happens_each_time() {
    let trouble = Trouble {
        idempotent: false,
        max_in_flight: 5,
        losses: (0.2, 0.2),
        linger: 3,
        keys: 4,
        stops: vec![(1, 300, 700)],
    };
    let digest = || troubled(&trouble).bench.world.trace_mut().digest();
    assert_eq!(digest(), digest());
    let end = SimTime::ZERO.after(SimDuration::from_secs(200));
    assert_eq!(troubled(&trouble).bench.world.now(), end);
}
