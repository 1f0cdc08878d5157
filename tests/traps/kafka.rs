//! Where folk belief about Kafka is wrong. Transactions (trap 26) are not there.

use eventyard::nodes::Kind;
use eventyard::nodes::log::assign::{Assignor, Joining, Topic, assign};
use eventyard::nodes::log::{KeyHash, crc32, murmur2};

use crate::{tested, told};

#[test]
fn trap_20_the_partition_of_a_key_depends_on_the_client() {
    let differ = |n: u32| {
        let key = format!("order-{n}");
        KeyHash::Murmur2.partition(key.as_bytes(), 4) != KeyHash::Crc32.partition(key.as_bytes(), 4)
    };
    let many = (0..400).filter(|n| differ(*n)).count();
    assert!(
        (200..400).contains(&many),
        "{many} of 400 keys land elsewhere"
    );
    assert_eq!((murmur2(b"21") as i32, crc32(b"")), (-973_932_308, 0));
    told(Kind::PartitionedLog, "key_hash", "lands elsewhere");
}

#[test]
fn trap_21_without_a_key_there_is_no_round_robin() {
    tested(
        "log/tests/partitions.rs",
        "without_a_key_a_burst_sticks_to_one_partition",
    );
    told(
        Kind::PartitionedLog,
        "keyless",
        "a burst goes to one partition … no round robin",
    );
    tested(
        "log/tests/producers.rs",
        "without_keys_a_client_sticks_to_a_partition_until_its_batch_is_sent",
    );
    told(Kind::PartitionedLog, "batch_bytes", "sticks to a partition");
}

#[test]
fn trap_22_range_gives_the_first_consumer_the_first_partition_of_every_topic() {
    let topics: Vec<Topic<'_>> = ["a", "b", "c"]
        .iter()
        .map(|name| Topic {
            name,
            partitions: 1,
        })
        .collect();
    let joining = |id| Joining {
        id,
        instance: None,
        unknown_topics: 0,
        topics: vec![0, 1, 2],
        owned: Vec::new(),
        generation: None,
    };
    // Ids are texts: consumer-10 comes before consumer-2.
    let members = ["consumer-2", "consumer-10", "consumer-3"].map(joining);
    let shares = assign(Assignor::Range, &topics, &members);
    let counts: Vec<usize> = shares.iter().map(Vec::len).collect();
    assert_eq!(counts, [0, 3, 0]);
    told(Kind::PartitionedLog, "assignor", "the first consumers more");
}

#[test]
fn trap_23_a_cooperative_rebalance_takes_two_rounds() {
    let test = "an_eager_rebalance_stops_all_and_a_cooperative_one_only_what_moves";
    tested("log/tests/groups.rs", test);
    told(
        Kind::PartitionedLog,
        "assignor",
        "two rounds … nobody's in between",
    );
}

#[test]
fn trap_24_compaction_spares_the_active_segment_and_tombstones_stay_a_while() {
    let test = "compaction_keeps_the_last_of_each_key_and_the_active_segment";
    tested("log/tests/keeping.rs", test);
    tested(
        "log/tests/keeping.rs",
        "a_tombstone_forgets_its_key_after_a_while",
    );
    told(
        Kind::PartitionedLog,
        "cleanup",
        "neither touches the segment that is written to",
    );
    told(
        Kind::PartitionedLog,
        "delete_retention",
        "misses the deletion",
    );
}

#[test]
fn trap_25_retention_asks_nobody_whether_it_was_read() {
    tested(
        "log/tests/keeping.rs",
        "segments_go_when_they_are_old_read_or_not",
    );
    told(
        Kind::PartitionedLog,
        "retention",
        "Nobody asks whether a group has read them",
    );
    told(
        Kind::PartitionedLog,
        "segment_bytes",
        "Only closed segments",
    );
}

#[test]
fn trap_27_an_idempotent_producer_knows_its_own_retries_alone() {
    tested(
        "log/tests/clusters.rs",
        "what_is_sent_again_is_there_twice_unless_it_is_recognised",
    );
    told(
        Kind::PartitionedLog,
        "idempotent",
        "What an application sends twice are two records",
    );
    tested(
        "log/tests/producers.rs",
        "without_an_answer_a_record_is_there_twice_unless_it_is_recognised",
    );
    tested(
        "log/tests/producers.rs",
        "idempotence_needs_all_to_acknowledge",
    );
    told(
        Kind::PartitionedLog,
        "idempotent",
        "clients switch it off without a word",
    );
}
