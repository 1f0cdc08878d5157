//! A record is followed from its key to whoever reads it.

use serde_json::{Value, json};

use super::{Bench, Kind, Setup};
use crate::engine::Message;
use crate::nodes::{Step, Tone};

/// Orders with the same key, one a second, and a log.
fn setup(key: &str, settings: Value) -> Setup {
    let mut bench = Bench::new();
    let times: Vec<String> = (0..4).map(|n| format!("{n}s")).collect();
    let orders: Vec<_> = (times.iter())
        .map(|at| (&**at, "Order", key, json!({})))
        .collect();
    let producer = bench.keyed(&orders);
    let log = bench.node(Kind::PartitionedLog, settings);
    bench.link(producer, log);
    Setup { bench, log }
}

/// The record with this offset of the partition that has any.
fn record(setup: &Setup, offset: u64) -> Message {
    let topic = &setup.log().topic;
    let mut lanes = topic.partitions.iter();
    let record = lanes.find_map(|lane| Some(*lane.store.from(offset)?.1));
    topic.labels.message(&record.expect("it is there"))
}

fn steps(setup: &Setup, offset: u64) -> Vec<Step> {
    let message = record(setup, offset);
    let world = &setup.bench.world;
    world.node(setup.log).whereabouts(&message, world.names())
}

fn words(setup: &Setup, offset: u64) -> Vec<String> {
    let steps = steps(setup, offset).into_iter();
    steps
        .map(|step| format!("{}: {}", step.label, step.text))
        .collect()
}

#[test]
fn a_record_is_followed_from_its_key_to_its_consumer() {
    let settings = json!({ "reset": "earliest", "initial_delay": "0s", "commit": "after" });
    let mut setup = setup("foobar", settings);
    let (_, link) = setup.linked_consumer("billing", "1500ms");
    setup.until("2900ms");
    // Kafka's own vector: murmur2 of "foobar" is -790332482.
    assert_eq!(
        words(&setup, 1),
        [
            "Key: foobar",
            "Hash: murmur2 0x50e47bbe",
            "Modulo: 0x50e47bbe mod 3 = 0",
            "Partition: 0",
            "Offset: 1",
            "billing: in hand, not committed",
        ]
    );
    let far = steps(&setup, 1);
    assert_eq!((far[3].part, far[5].to), (Some(0), Some(link)));
    assert!(far.iter().all(|step| step.tone == Tone::Calm), "{far:?}");
    assert_eq!(words(&setup, 0)[5], "billing: committed");
    assert_eq!(steps(&setup, 0)[4].means, "2 records came after it.");
    setup.until("10s");
    assert_eq!(words(&setup, 3)[5], "billing: committed");
}

#[test]
fn the_other_hash_is_named_and_more_partitions_are_noticed() {
    let mut setup = setup("order-7", json!({ "key_hash": "crc32", "partitions": 4 }));
    setup.until("500ms");
    let hashed = steps(&setup, 0);
    assert!(hashed[1].text.starts_with("CRC-32 0x"), "{hashed:?}");
    assert!(hashed[1].means.starts_with("A Java client makes 0x"));
    let there = hashed[3].text.clone();
    let more = json!({ "key_hash": "crc32", "partitions": 5 });
    setup.bench.configure(setup.log, more);
    let later = steps(&setup, 0);
    assert_eq!(later[3].text, there, "it stays where it is");
    if !later[2].text.ends_with(&format!("= {there}")) {
        assert!(later[2].means.contains("fewer partitions"), "{later:?}");
    }
}

#[test]
fn without_a_key_it_is_said_how_the_partition_was_chosen() {
    for (keyless, how) in [("sticky", "sticky"), ("round_robin", "round robin")] {
        let mut setup = setup("", json!({ "keyless": keyless }));
        setup.until("500ms");
        assert_eq!(words(&setup, 0)[0], format!("Key: none, {how}"));
        assert_eq!(words(&setup, 0).len(), 3);
    }
}

#[test]
fn what_a_group_has_read_and_not_committed_or_never_saw_is_told() {
    let settings = json!({ "initial_delay": "1500ms", "commit": "never" });
    let mut setup = setup("a", settings);
    setup.consumer("billing", "1ms");
    setup.until("1s");
    assert_eq!(words(&setup, 0)[5], "billing: not begun");
    setup.until("10s");
    assert_eq!(words(&setup, 0)[5], "billing: passed over");
    assert_eq!(words(&setup, 3)[5], "billing: read, not committed");
}

#[test]
fn what_no_broker_takes_is_held_back() {
    let settings = json!({ "partitions": 1, "stopped": [1] });
    let mut setup = setup("a", settings);
    setup.until("500ms");
    let message = setup.log().pending[0].message;
    let world = &setup.bench.world;
    let told = world.node(setup.log).whereabouts(&message, world.names());
    assert_eq!(
        (&*told[3].label, told[3].tone),
        ("Partition", Tone::Trouble)
    );
    assert_eq!(told[4].label, "Held back");
    let producer = world.nodes().next().unwrap().2;
    assert!(producer.whereabouts(&message, world.names()).is_empty());
}
