//! Which partition a record goes to, and in which order it is read.

use serde_json::json;

use super::Setup;
use crate::engine::What;
use crate::nodes::log::KeyHash;

#[test]
fn a_key_is_in_one_partition_and_its_records_in_order() {
    for hash in [KeyHash::Murmur2, KeyHash::Crc32] {
        let settings = json!({ "partitions": 4, "key_hash": hash });
        let mut setup = Setup::new(settings, (100.0, 10, 200));
        setup.until("3s");
        let log = setup.log();
        let mut seen = 0;
        for (n, lane) in (0..).zip(&log.topic.partitions) {
            let mut last = 0;
            for (_, record) in lane.store.iter() {
                let message = log.topic.labels.message(record);
                let key = setup.bench.world.names().key_text(message.key);
                assert_eq!(hash.partition(key.as_bytes(), 4), n);
                assert!(message.sequence > last);
                last = message.sequence;
                seen += 1;
            }
        }
        assert_eq!(seen, 200);
    }
}

#[test]
fn without_a_key_a_burst_sticks_to_one_partition() {
    let counts = |keyless: &str| {
        let settings = json!({ "partitions": 4, "keyless": keyless, "record_bytes": 100 });
        let mut setup = Setup::new(settings, (1000.0, 0, 160));
        setup.until("1s");
        let lanes = setup.log().topic.partitions.iter();
        let mut counts: Vec<u64> = lanes.map(|lane| lane.store.count()).collect();
        counts.sort_unstable();
        counts
    };
    // A batch of 16 KiB is 164 records of 100 bytes.
    assert_eq!(counts("sticky"), [0, 0, 0, 160]);
    assert_eq!(counts("round_robin"), [40, 40, 40, 40]);
    assert!(counts("random")[0] > 20);
}

#[test]
fn every_group_reads_every_record_and_the_log_keeps_it() {
    let settings = json!({ "reset": "earliest", "initial_delay": "0s" });
    let mut setup = Setup::new(settings, (50.0, 5, 100));
    let first = setup.consumer("billing", "1ms");
    let second = setup.consumer("mail", "5ms");
    let unnamed = setup.consumer("", "5ms");
    setup.until("10s");
    for service in [first, second, unnamed] {
        assert_eq!(setup.bench.count(service, What::Finished), 100);
    }
    let tally = setup.bench.tally();
    assert_eq!((tally.stored, tally.done, tally.dropped), (100, 0, 0));
}

#[test]
fn a_consumer_reads_the_records_of_a_key_in_order() {
    let settings = json!({ "partitions": 6, "reset": "earliest" });
    let mut setup = Setup::new(settings, (100.0, 20, 500));
    let services = [setup.consumer("g", "10ms"), setup.consumer("g", "12ms")];
    setup.until("60s");
    let mut finished = 0;
    for service in services {
        let mut last = std::collections::BTreeMap::new();
        for message in setup.bench.messages(service, What::Finished) {
            let before = last.insert(message.key, message.sequence);
            assert!(before.is_none_or(|before| before < message.sequence));
            finished += 1;
        }
    }
    assert_eq!(finished, 500);
}

#[test]
fn what_a_link_does_not_take_is_stepped_over() {
    let settings = json!({ "reset": "earliest", "commit": "after" });
    let mut setup = Setup::new(settings, (50.0, 5, 100));
    let time = json!({ "service_time": { "shape": "constant", "value": "1ms" } });
    let service = setup.bench.node(crate::nodes::Kind::Service, time);
    let settings = json!({ "group": "g", "types": ["Other"] });
    setup.bench.slow_link(setup.log, service, settings);
    setup.until("10s");
    assert_eq!(setup.bench.count(service, What::Finished), 0);
    assert_eq!(setup.group("g").lag, 0);
}
