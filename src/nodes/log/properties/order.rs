//! Order: the records of a key are worked on in order where Kafka promises it, and only there.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Yard;
use crate::engine::Key;

/// A log with two consumers, to whom some records of each key come every second.
fn two(settings: &Value, work: &Value) -> Yard {
    let mut all = json!({
        "partitions": 2, "commit": "after", "reset": "earliest", "initial_delay": "0s",
        "heartbeat": "300ms", "session_timeout": "1s", "max_poll_records": 5,
    });
    for (field, value) in settings.as_object().into_iter().flatten() {
        all[field] = value.clone();
    }
    let producer = json!({ "pace": "poisson", "rate": 60.0, "keys": 6 });
    let mut yard = Yard::produced(producer, all);
    for _ in 0..2 {
        yard.join_with(work.clone());
    }
    yard
}

/// How often a record is worked on to the end after a later one of its key, by whomever.
fn swapped(yard: &Yard) -> usize {
    let mut last: BTreeMap<Key, u32> = BTreeMap::new();
    let mut finished = yard.finished_in_time();
    finished.retain(|message| message.attempt <= 1);
    let is_late = |message: &&crate::engine::Message| {
        let last = last.entry(message.key).or_insert(0);
        let is_late = message.sequence < *last;
        *last = message.sequence.max(*last);
        is_late
    };
    finished.iter().filter(is_late).count()
}

fn work(workers: u32) -> Value {
    json!({ "workers": workers, "service_time": { "shape": "exponential", "mean": "30ms" } })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn one_after_the_other_keeps_the_order_of_each_key(
        partitions in 1..7_u32, hash in 0..2_usize, rate in 0..2_usize,
    ) {
        let hash = ["murmur2", "crc32"][hash];
        let acks = ["1", "all"][rate];
        let settings = json!({ "partitions": partitions, "key_hash": hash, "acks": acks });
        let mut yard = two(&settings, &work(1));
        yard.go(5000);
        prop_assert!(yard.finished().count() > 100);
        prop_assert_eq!(swapped(&yard), 0);
    }
}

#[test]
fn several_workers_of_one_consumer_break_it() {
    let mut yard = two(&json!({}), &work(4));
    yard.go(5000);
    assert!(swapped(&yard) > 0);
}

/// Who had the key before still has some of its records waiting.
#[test]
fn partitions_that_are_added_break_it() {
    let swaps = |more: Option<u32>| {
        let mut yard = two(&json!({ "assignor": "cooperative_sticky" }), &work(1));
        // More comes than they can do.
        yard.join_with(work(1));
        yard.go(4000);
        if let Some(more) = more {
            yard.set("partitions", json!(more));
        }
        yard.go(4000);
        swapped(&yard)
    };
    assert_eq!(swaps(None), 0);
    assert!(swaps(Some(5)) > 0);
}

/// Without a key there is no order to keep.
#[test]
fn records_without_a_key_come_in_any_order() {
    let producer = json!({ "pace": "poisson", "rate": 60.0 });
    let mut yard = Yard::produced(
        producer,
        json!({ "partitions": 4, "keyless": "round_robin", "reset": "earliest",
            "initial_delay": "0s" }),
    );
    yard.join_with(work(1));
    yard.join_with(work(1));
    yard.go(5000);
    assert!(swapped(&yard) > 0);
}
