//! Brokers: what is never lost, and that chance finds the loss where there is one.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::{Value, json};

use super::{Deed, Yard, of_brokers, pauses};

/// Three brokers with all on each of them.
pub(super) fn cluster(acks: &str, unclean: bool) -> Value {
    json!({
        "partitions": 2, "brokers": 3, "replication": 3, "min_in_sync": 2, "acks": acks,
        "unclean_election": unclean, "replication_time": "50ms", "broker_timeout": "600ms",
        "delivery_timeout": "1000s", "reset": "earliest", "initial_delay": "0s",
        "commit": "after", "heartbeat": "300ms", "session_timeout": "1s",
    })
}

/// Lets things happen to the brokers; how many records were lost.
fn lost(acks: &str, unclean: bool, deeds: &[(Deed, u64)]) -> (u64, Yard) {
    let mut yard = Yard::new(cluster(acks, unclean), 50.0);
    yard.join();
    yard.go(500);
    for (deed, millis) in deeds {
        yard.happen(*deed);
        yard.go(*millis);
    }
    yard.happen(Deed::Heal);
    yard.go(4000);
    (yard.bench.tally().dropped, yard)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_all_in_sync_have_is_never_lost_in_a_clean_election(
        deeds in proptest::collection::vec((of_brokers(), pauses(2500)), 0..10),
    ) {
        let (lost, yard) = lost("all", false, &deeds);
        prop_assert_eq!(lost, 0);
        // What was read stays where it is: no offset is read with two contents.
        let finished: Vec<_> = yard.finished().collect();
        let roots: BTreeSet<_> = finished.iter().map(|it| it.1.root).collect();
        prop_assert_eq!(roots.len(), finished.len());
        let tally = yard.bench.tally();
        prop_assert_eq!(tally.stored + tally.in_flight + tally.waiting, tally.created);
    }

}

/// The same failures that lose nothing when all must have a record do lose some otherwise.
#[test]
fn failures_find_the_loss_where_there_is_one() {
    let stop_the_leader = [
        (Deed::Stop(1), 1500),
        (Deed::Heal, 1000),
        (Deed::Stop(2), 1500),
    ];
    let one_by_one = [
        (Deed::Stop(2), 800),
        (Deed::Stop(3), 800),
        (Deed::Stop(1), 800),
        (Deed::Heal, 10),
        (Deed::Stop(1), 1500),
    ];
    assert_eq!(lost("all", false, &stop_the_leader).0, 0);
    assert!(lost("1", false, &stop_the_leader).0 > 0);
    assert_eq!(lost("all", false, &one_by_one).0, 0);
    let unclean = |deeds: &[(Deed, u64)]| lost("1", true, deeds).0;
    assert!(unclean(&one_by_one) > 0);
}

/// Sequences of failures that chance makes, always the same ones.
fn sequences(count: usize) -> Vec<Vec<(Deed, u64)>> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let deed = prop_oneof![
        (1..=3_u32).prop_map(Deed::Stop),
        (1..=3_u32).prop_map(Deed::Start),
        of_brokers(),
    ];
    let strategy = proptest::collection::vec((deed, pauses(2000)), 6..14);
    let one = |_| {
        let tree = strategy.new_tree(&mut runner);
        tree.expect("nothing is refused").current()
    };
    (0..count).map(one).collect()
}

/// What is lost is not found because somebody knew where to look.
#[test]
fn random_failures_find_the_loss_where_there_is_one() {
    let sequences = sequences(40);
    let losing = |acks: &str, unclean: bool| {
        let loses = |deeds: &&Vec<(Deed, u64)>| lost(acks, unclean, deeds).0 > 0;
        sequences.iter().filter(loses).count()
    };
    assert_eq!(losing("all", false), 0);
    assert!(losing("1", false) > 0);
    assert!(losing("all", true) > 0);
}
