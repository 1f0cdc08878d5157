//! Brokers: what an election loses, and what it does not.

use serde_json::{Value, json};

use super::Setup;
use crate::engine::{NodeIndex, What};
use crate::nodes::Kind;
use crate::nodes::bench::Bench;

/// Three brokers, one partition on all of them, and a hundred records a second for ten seconds.
fn three(more: Value) -> Setup {
    let mut settings = json!({
        "partitions": 1, "brokers": 3, "replication": 3, "min_in_sync": 2,
        "replication_time": "95ms", "broker_timeout": "2s",
        "reset": "earliest", "initial_delay": "0s", "commit": "after",
    });
    for (field, value) in more.as_object().into_iter().flatten() {
        settings[field] = value.clone();
    }
    Setup::new(settings, (100.0, 5, 1000))
}

/// Stops the leader in the middle. What is stored and what is lost at the end.
fn leader_fails(acks: &str) -> (u64, u64) {
    let mut setup = three(json!({ "acks": acks }));
    let service = setup.consumer("g", "1ms");
    setup.until("5035ms");
    setup.set(&json!({ "stopped": [1] }));
    setup.until("6s");
    assert!(!setup.log().topic.partitions[0].is_served());
    setup.until("8s");
    assert_eq!(setup.log().topic.partitions[0].leader_broker(), Some(1));
    setup.set(&json!({ "stopped": [] }));
    setup.until("30s");
    let lane = &setup.log().topic.partitions[0];
    assert_eq!(lane.in_sync(), 3);
    assert_eq!(lane.high(), lane.store.end());
    let stored = lane.store.count();
    assert_eq!(setup.bench.count(service, What::Finished), stored);
    assert_eq!(setup.group("g").lag, 0);
    let tally = setup.bench.tally();
    assert_eq!(tally.waiting, 0);
    (stored, tally.dropped)
}

#[test]
fn what_only_the_leader_had_is_lost_unless_all_must_have_it() {
    let (stored, lost) = leader_fails("1");
    assert!((1..=20).contains(&lost), "{lost}");
    assert_eq!(stored + lost, 1000);
    assert_eq!(leader_fails("all"), (1000, 0));
    // Nobody tries again: all that came while nobody led is gone as well.
    let (stored, lost) = leader_fails("0");
    assert!((190..=220).contains(&lost), "{lost}");
    assert_eq!(stored + lost, 1000);
}

#[test]
fn consumers_see_only_what_all_in_sync_have() {
    let mut setup = three(json!({ "replication_time": "500ms" }));
    let service = setup.consumer("g", "1ms");
    setup.until("450ms");
    let lane = &setup.log().topic.partitions[0];
    assert_eq!((lane.store.end(), lane.high()), (45, 0));
    assert_eq!(setup.bench.count(service, What::Delivered), 0);
    assert_eq!(setup.group("g").lag, 45);
    setup.until("520ms");
    assert_eq!(setup.log().topic.partitions[0].high(), 1);
}

#[test]
fn too_few_in_sync_take_nothing_if_all_must_have_it() {
    let mut setup = three(json!({}));
    setup.until("1s");
    setup.set(&json!({ "stopped": [2, 3] }));
    setup.until("8s");
    let lane = &setup.log().topic.partitions[0];
    assert_eq!(lane.in_sync(), 1);
    assert!(lane.is_served());
    // Until they were missed the leader took records, but nobody was told that they are safe.
    let held = setup.log().pending.len();
    assert_eq!(lane.store.end() as usize + held, 800);
    assert!((495..=505).contains(&held), "{held}");
    setup.set(&json!({ "stopped": [] }));
    setup.until("20s");
    assert_eq!(setup.log().topic.partitions[0].high(), 1000);
    assert_eq!(setup.bench.tally().dropped, 0);
}

#[test]
fn an_unclean_election_loses_what_was_safe() {
    let lost = |unclean: bool| {
        let mut setup = three(json!({ "unclean_election": unclean, "min_in_sync": 1 }));
        setup.until("1s");
        setup.set(&json!({ "stopped": [2, 3] }));
        setup.until("5s");
        setup.set(&json!({ "stopped": [1, 2, 3] }));
        setup.until("8s");
        setup.set(&json!({ "stopped": [1] }));
        setup.until("9s");
        assert_eq!(setup.log().topic.partitions[0].is_served(), unclean);
        setup.set(&json!({ "stopped": [] }));
        setup.until("30s");
        let tally = setup.bench.tally();
        assert_eq!(tally.stored + tally.dropped, 1000);
        tally.dropped
    };
    assert_eq!(lost(false), 0);
    // All that came while the others were away, which the leader alone had made safe.
    assert!((395..=420).contains(&lost(true)), "{}", lost(true));
}

#[test]
fn a_leader_that_is_cut_off_takes_what_nobody_else_gets() {
    let run = |acks: &str| {
        let mut setup = three(json!({ "acks": acks }));
        setup.until("5s");
        setup.set(&json!({ "cut_off": [1] }));
        setup.until("6s");
        let lane = &setup.log().topic.partitions[0];
        assert!(lane.is_served() && lane.store.end() >= 600);
        setup.until("8s");
        assert_eq!(setup.log().topic.partitions[0].leader_broker(), Some(1));
        setup.set(&json!({ "cut_off": [] }));
        setup.until("30s");
        let tally = setup.bench.tally();
        (tally.stored, tally.dropped)
    };
    assert_eq!(run("all"), (1000, 0));
    let (stored, lost) = run("1");
    assert!((195..=215).contains(&lost), "{lost}");
    assert_eq!(stored + lost, 1000);
}

#[test]
fn what_is_sent_again_is_there_twice_unless_it_is_recognised() {
    let stored = |idempotent: bool| {
        let settings = json!({ "idempotent": idempotent, "replication_time": "500ms" });
        let mut setup = three(settings);
        setup.until("4740ms");
        setup.set(&json!({ "stopped": [3] }));
        setup.until("5240ms");
        setup.set(&json!({ "stopped": [1, 3] }));
        setup.until("8s");
        setup.set(&json!({ "stopped": [] }));
        setup.until("30s");
        assert_eq!(setup.bench.tally().dropped, 0);
        setup.bench.tally().stored
    };
    assert_eq!(stored(true), 1000);
    // The second broker had them, the third did not: nobody was told.
    assert!(stored(false) > 1000);
}

#[test]
fn a_link_that_carries_twice_is_recognised() {
    for (idempotent, stored) in [(true, 100), (false, 200)] {
        let mut setup = Setup::new(json!({ "idempotent": idempotent }), (0.0, 0, 0));
        let producer = json!({ "pace": "constant", "rate": 10.0, "keys": 3, "limit": 100 });
        let producer = setup.bench.node(Kind::Producer, producer);
        setup.bench.slow_link(
            producer,
            setup.log,
            json!({ "duplication": 1.0, "latency": { "shape": "exponential", "mean": "1s" } }),
        );
        setup.until("60s");
        assert_eq!(setup.bench.tally().stored, stored);
        setup.bench.tally();
    }
}

#[test]
fn clients_give_up_after_a_while() {
    let mut setup = Setup::new(json!({ "delivery_timeout": "5s" }), (10.0, 3, 100));
    setup.until("1s");
    setup.bench.crash(setup.log);
    setup.until("8s");
    setup.bench.restart(setup.log);
    setup.until("20s");
    let tally = setup.bench.tally();
    assert_eq!((tally.stored, tally.dropped), (80, 20));
}

/// A producer of one record that waits a second for its confirm, and a log of three brokers.
fn confirmed(more: Value) -> (Bench, [NodeIndex; 2]) {
    let mut bench = Bench::new();
    let producer = json!({ "pace": "constant", "rate": 1.0, "limit": 1, "confirms": true,
        "confirm_timeout": "1s", "confirm_retries": 1 });
    let producer = bench.node(Kind::Producer, producer);
    let mut settings = json!({ "partitions": 1, "brokers": 3, "replication": 3,
        "replication_time": "1.5s", "delivery_timeout": "5s", "idempotent": false });
    for (field, value) in more.as_object().into_iter().flatten() {
        settings[field] = value.clone();
    }
    let log = bench.node(Kind::PartitionedLog, settings);
    bench.link(producer, log);
    (bench, [producer, log])
}

#[test]
fn a_confirm_says_that_a_record_is_as_safe_as_was_asked_for() {
    for (acks, stored, given_up) in [("0", 1, 0), ("1", 1, 0), ("all", 2, 1)] {
        let (mut bench, [producer, log]) = confirmed(json!({ "acks": acks }));
        bench.until("20s");
        assert_eq!(bench.count(log, What::Stored), stored, "{acks}");
        assert_eq!(bench.count(producer, What::Unconfirmed), given_up, "{acks}");
    }
    let quick = json!({ "acks": "all", "replication_time": "400ms" });
    let (mut bench, [producer, log]) = confirmed(quick);
    bench.until("20s");
    assert_eq!(bench.count(log, What::Stored), 1);
    assert_eq!(bench.count(producer, What::Retried), 0);
    // Sent once more by the client itself it is known, and confirmed again.
    let (mut bench, [_, log]) = confirmed(json!({ "acks": "all", "idempotent": true }));
    bench.until("20s");
    assert_eq!(bench.count(log, What::Stored), 1);
}

#[test]
fn what_no_broker_took_in_time_is_refused_and_what_one_takes_later_is_confirmed() {
    let down = json!({ "acks": "1", "stopped": [1, 2, 3], "delivery_timeout": "500ms" });
    let (mut bench, [producer, log]) = confirmed(down);
    bench.until("20s");
    let why = "SomethingHappened: the broker refused it";
    assert_eq!(bench.lines(producer, What::Retried), [format!("2s {why}")]);
    assert_eq!(
        bench.lines(producer, What::Unconfirmed),
        [format!("3s {why}")]
    );
    assert_eq!(bench.count(log, What::Stored), 0);
    let (mut bench, [producer, log]) = confirmed(json!({ "acks": "1", "stopped": [1, 2, 3] }));
    bench.until("1.5s");
    bench.configure(
        log,
        json!({ "partitions": 1, "brokers": 3, "replication": 3, "acks": "1" }),
    );
    bench.until("20s");
    assert_eq!(bench.count(log, What::Stored), 1);
    assert_eq!(bench.count(producer, What::Retried), 0);
}

#[test]
fn a_record_without_a_key_that_needs_one_is_refused() {
    let (mut bench, [producer, _]) = confirmed(json!({ "cleanup": "compact" }));
    bench.until("20s");
    let why = "3s SomethingHappened: the broker refused it";
    assert_eq!(bench.lines(producer, What::Unconfirmed), [why]);
}
