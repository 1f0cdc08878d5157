//! Retention and compaction: what stays, whatever happens to brokers meanwhile.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::{Yard, of_brokers};
use crate::engine::{Key, What};
use crate::nodes::bench::Bench;
use crate::nodes::{Kind, Node};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

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

    /// Also of keys that are deleted and come back, and while brokers fail. A tombstone is a value
    /// until it is old.
    #[test]
    fn of_every_key_the_last_value_stays_that_was_safe(
        segment in 100..1500_u32,
        deeds in proptest::collection::vec((of_brokers(), 50..1500_u64), 0..8),
    ) {
        let mut settings = super::brokers::cluster("all", false);
        for (field, value) in [
            ("cleanup", json!("compact")), ("record_bytes", json!(100)),
            ("segment_bytes", json!(segment)), ("check_every", json!("300ms")),
            ("tombstone", json!("Gone")), ("delete_retention", json!("1h")),
        ] {
            settings[field] = value;
        }
        let events = json!([{ "event": "Changed", "weight": 3 }, { "event": "Gone" }]);
        let producer = json!({ "pace": "poisson", "rate": 60.0, "keys": 12, "events": events });
        let mut yard = Yard::produced(producer, settings);
        let mut before = BTreeMap::new();
        for (deed, millis) in deeds {
            yard.happen(deed);
            for _ in 0..=millis / 100 {
                yard.go(100);
                before = values(&yard, &before);
            }
        }
    }

    #[test]
    fn retention_never_touches_the_active_segment(
        segment in 1..20_u64, millis in 50..1500_u64, cleanup in 0..3_usize, bytes in 0..2000_u64,
    ) {
        let cleanup = ["delete", "compact", "compact_delete"][cleanup];
        let settings = json!({
            "cleanup": cleanup, "partitions": 2, "record_bytes": 100,
            "segment_bytes": segment * 100, "check_every": "200ms",
            "retention": format!("{millis}ms"), "retention_bytes": bytes,
        });
        let mut yard = Yard::new(settings, 60.0);
        for _ in 0..60 {
            yard.go(100);
            for lane in &yard.log().topic.partitions {
                let end = lane.store.end();
                let active = end.saturating_sub(1) / segment * segment;
                let found: Vec<u64> = lane.store.iter().map(|(offset, _)| offset)
                    .filter(|offset| *offset >= active).collect();
                prop_assert_eq!(found, (active..end).collect::<Vec<u64>>());
            }
        }
    }
}

/// The last offset of every key that is safe; what was there before must still be there or have a
/// successor.
fn values(yard: &Yard, before: &BTreeMap<Key, u64>) -> BTreeMap<Key, u64> {
    let (mut safe, mut there) = (BTreeMap::new(), BTreeMap::new());
    for lane in &yard.log().topic.partitions {
        for (offset, record) in lane.store.iter() {
            there.insert(record.key, offset);
            if offset < lane.high() {
                safe.insert(record.key, offset);
            }
        }
    }
    for (key, offset) in before {
        assert!(there.get(key).is_some_and(|later| later >= offset));
    }
    safe
}
