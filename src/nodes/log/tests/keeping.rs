//! Retention and compaction.

use serde_json::json;

use super::Setup;
use crate::engine::What;
use crate::nodes::Kind;

#[test]
fn segments_go_when_they_are_old_read_or_not() {
    let settings = json!({
        "partitions": 1, "record_bytes": 100, "segment_bytes": 1000, "retention": "5s",
        "check_every": "1s", "reset": "earliest", "initial_delay": "0s", "commit": "after",
        "max_poll_records": 1,
    });
    let mut setup = Setup::new(settings, (10.0, 3, 200));
    let slow = setup.consumer("slow", "1s");
    let fast = setup.consumer("fast", "1ms");
    setup.until("20500ms");
    let store = &setup.log().topic.partitions[0].store;
    // Ten records each second, and the segment in which the oldest is that may stay.
    assert!((50..=70).contains(&store.count()), "{}", store.count());
    assert_eq!(store.start() % 10, 0);
    assert_eq!(setup.bench.count(fast, What::Finished), 200);
    let tally = setup.bench.tally();
    // The slow group went on with the oldest that was there, and never saw the others.
    assert!(tally.expired > 100, "{tally:?}");
    assert_eq!(tally.expired + tally.done + tally.stored, 200);
    let seen = setup.bench.messages(slow, What::Finished);
    assert!(
        seen.windows(2)
            .any(|pair| pair[1].sequence > pair[0].sequence + 1)
    );
}

#[test]
fn what_all_have_read_is_no_loss() {
    let settings = json!({
        "partitions": 2, "record_bytes": 100, "segment_bytes": 500, "retention": null,
        "retention_bytes": 2000, "check_every": "1s", "reset": "earliest",
        "initial_delay": "0s", "commit": "after",
    });
    let mut setup = Setup::new(settings, (20.0, 10, 400));
    setup.consumer("g", "1ms");
    setup.until("30s");
    let tally = setup.bench.tally();
    assert_eq!((tally.expired, tally.dropped), (0, 0));
    assert!((40..=50).contains(&tally.stored), "{tally:?}");
}

#[test]
fn compaction_keeps_the_last_of_each_key_and_the_active_segment() {
    let settings = json!({
        "partitions": 2, "cleanup": "compact", "record_bytes": 100, "segment_bytes": 2000,
        "check_every": "1s", "reset": "earliest", "initial_delay": "0s", "commit": "after",
    });
    let mut setup = Setup::new(settings, (50.0, 7, 500));
    setup.until("30s");
    let before: Vec<u64> = setup
        .log()
        .topic
        .partitions
        .iter()
        .map(|lane| lane.store.closed_records().count() as u64)
        .collect();
    assert!(before.iter().sum::<u64>() <= 7, "{before:?}");
    let tally = setup.bench.tally();
    assert_eq!(tally.done + tally.stored, 500);
    // Who reads now sees the last value of every key.
    let late = setup.consumer("late", "1ms");
    setup.bench.world.start_node(late);
    setup.until("40s");
    let seen = setup.bench.messages(late, What::Finished);
    let keys: std::collections::BTreeSet<_> = seen.iter().map(|it| it.key).collect();
    assert_eq!(keys.len(), 7);
    assert_eq!(seen.len() as u64, tally.stored);
    assert_eq!(setup.group("late").lag, 0);
}

#[test]
fn a_tombstone_forgets_its_key_after_a_while() {
    let settings = json!({
        "partitions": 1, "cleanup": "compact", "record_bytes": 100, "segment_bytes": 300,
        "check_every": "1s", "tombstone": "Forgotten", "delete_retention": "10s",
    });
    let mut setup = Setup::new(settings, (0.0, 0, 0));
    let events: Vec<_> = (0..12)
        .map(|n| {
            let event = if n == 3 { "Forgotten" } else { "Changed" };
            let key = if n < 4 { "ada" } else { ["bob", "eve"][n % 2] };
            (format!("{n}s"), event, key)
        })
        .collect();
    let events: Vec<_> = events
        .iter()
        .map(|(at, event, key)| (at.as_str(), *event, *key, json!({})))
        .collect();
    let producer = setup.bench.keyed(&events);
    setup.bench.link(producer, setup.log);
    let has_ada = |setup: &mut Setup, moment: &str| {
        setup.until(moment);
        let ada = crate::engine::Key(1);
        assert_eq!(setup.bench.world.names().key_text(ada), "ada");
        let log = setup.log();
        let records = log.topic.partitions[0].store.iter();
        records.filter(|(_, record)| record.key == ada).count()
    };
    assert_eq!(has_ada(&mut setup, "9900ms"), 1);
    let more: Vec<_> = (16..26).map(|n| format!("{n}s")).collect();
    let more: Vec<_> = more
        .iter()
        .map(|at| (at.as_str(), "Changed", "bob", json!({})))
        .collect();
    let producer = setup.bench.keyed(&more);
    setup.bench.link(producer, setup.log);
    setup.bench.world.start_node(producer);
    assert_eq!(has_ada(&mut setup, "60s"), 0);
}

#[test]
fn a_compacted_log_refuses_what_has_no_key() {
    let mut setup = Setup::new(json!({ "cleanup": "compact" }), (10.0, 0, 20));
    setup.until("5s");
    assert_eq!(setup.bench.tally().dropped, 20);
    let kind = setup.bench.world.node(setup.log);
    assert!(matches!(kind, crate::nodes::Node::PartitionedLog(_)));
    assert_eq!(Kind::PartitionedLog.name(), "log");
}
