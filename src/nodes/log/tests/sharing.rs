//! Groups that share records: who gets what, what comes back, and what is given up.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Setup;
use crate::engine::{GroupName, LinkIndex, NodeIndex, Operation, SeekTo, What};
use crate::nodes::Kind;
use crate::nodes::log::PartitionedLog;
use crate::nodes::log::share::ShareGroup;

impl Setup {
    fn share(&self, name: &str) -> &ShareGroup {
        let mut shares = self.log().shares.iter();
        let found = shares.find(|share| share.is_used && share.name == name);
        found.expect("the group shares records")
    }

    fn worker(&mut self, settings: Value) -> (NodeIndex, LinkIndex) {
        let service = self.bench.node(Kind::Service, settings);
        let group = json!({ "group": "g" });
        let link = self.bench.slow_link(self.log, service, group);
        (service, link)
    }

    fn finished(&self, service: NodeIndex) -> u64 {
        self.bench.count(service, What::Finished)
    }

    fn cut(&mut self, link: LinkIndex, cut: bool) {
        let settings = json!({ "group": "g", "cut": cut });
        let settings = serde_json::from_value(settings).expect("they are settings");
        self.bench.world.set_link(link, settings);
        self.bench.world.relink(link);
    }
}

/// Panics if a group is not as it must be at any time.
pub(super) fn check_shares(log: &PartitionedLog) {
    for share in &log.shares {
        let mut lent = BTreeMap::new();
        for consumer in &share.consumers {
            for record in &consumer.lent {
                let place = (record.partition, record.offset);
                assert_eq!(lent.insert(place, record.message), None, "{place:?}");
            }
        }
        let (mut lag, mut open) = (0, 0);
        let lanes = share.places.iter().zip(&log.topic.partitions);
        for (n, (place, lane)) in lanes.enumerate() {
            let (end, offsets) = (lane.store.end(), place.open.iter().map(|it| it.offset));
            assert!(offsets.clone().is_sorted() && place.next <= end);
            assert!(offsets.clone().all(|offset| offset < place.next));
            let mut back = 0;
            for record in &place.open {
                let is_lent = lent.remove(&(n as u32, record.offset)).is_some();
                assert_eq!(is_lent, record.is_lent, "{n} {}", record.offset);
                back += u32::from(!is_lent);
            }
            assert_eq!(place.back, back);
            open += place.open.len() as u64;
            if place.has_begun {
                lag += end - place.next;
            }
        }
        assert!(lent.is_empty(), "{lent:?}");
        assert_eq!((u64::from(share.open), share.lag), (open, lag + open));
    }
}

/// A log whose groups share records from the beginning.
fn sharing(more: Value) -> Value {
    let mut settings = json!({
        "partitions": 3, "reset": "earliest", "sharing": "records", "ack_wait": "2s",
    });
    for (field, value) in more.as_object().into_iter().flatten() {
        settings[field] = value.clone();
    }
    settings
}

fn takes(time: &str) -> Value {
    json!({ "service_time": { "shape": "constant", "value": time } })
}

#[test]
fn there_can_be_more_consumers_than_partitions() {
    let settings = sharing(json!({ "partitions": 1 }));
    let mut setup = Setup::new(settings, (50.0, 1, 200));
    let services: Vec<NodeIndex> = (0..5).map(|_| setup.worker(takes("90ms")).0).collect();
    setup.until("5s");
    for service in &services {
        assert!((35..=45).contains(&setup.finished(*service)));
    }
    let share = setup.share("g");
    assert_eq!((share.lag, share.open), (0, 0));
    assert_eq!(setup.bench.count(setup.log, What::Rebalanced), 0);
    assert_eq!(setup.bench.count(setup.log, What::Committed), 200);
}

#[test]
fn no_consumer_has_more_than_its_prefetch_and_the_group_no_more_than_may_be_open() {
    let settings = sharing(json!({ "max_unacked": 7 }));
    let mut setup = Setup::new(settings, (50.0, 9, 200));
    let mut five = takes("1s");
    five["prefetch"] = json!(5);
    setup.worker(five.clone());
    setup.worker(takes("1s"));
    setup.until("1500ms");
    let lent = |setup: &Setup| -> Vec<usize> {
        let consumers = setup.share("g").consumers.iter();
        consumers.map(|it| it.lent.len()).collect()
    };
    assert_eq!(lent(&setup), [5, 1]);
    setup.set(&json!({ "max_unacked": 3 }));
    setup.until("6s");
    assert!(lent(&setup).iter().sum::<usize>() <= 3);
}

#[test]
fn what_is_not_acknowledged_in_time_is_lent_to_somebody_else() {
    let mut setup = Setup::new(sharing(json!({})), (10.0, 9, 10));
    let (slow, _) = setup.worker(takes("3s"));
    let (fast, _) = setup.worker(takes("10ms"));
    setup.until("2500ms");
    assert_eq!(setup.bench.count(setup.log, What::GivenBack), 1);
    setup.until("10s");
    // What the slow one has is done twice; its own answer comes too late and says nothing new.
    assert_eq!((setup.finished(slow), setup.finished(fast)), (1, 10));
    assert_eq!(setup.bench.count(setup.log, What::Ignored), 1);
    let again = setup.bench.messages(fast, What::Finished);
    assert_eq!(again.iter().filter(|it| it.attempt == 2).count(), 1);
    assert_eq!(setup.share("g").lag, 0);
}

#[test]
fn it_tells_who_has_what() {
    let mut setup = Setup::new(sharing(json!({ "partitions": 1 })), (10.0, 1, 30));
    let (service, link) = setup.worker(takes("800ms"));
    setup.until("5s");
    setup.bench.crash(service);
    setup.until("9s");
    let survey = setup.log().survey().expect("a log tells");
    let group = &survey.groups[0];
    assert!(group.shares_records && group.name == "g" && group.lag == setup.share("g").lag);
    assert!(group.members[0].silent && group.members[0].owned.is_empty());
    let place = group.places[0];
    assert_eq!((place.position, place.committed, place.lag), (7, 6, 24));
    let standing = |setup: &Setup, offset| setup.share("g").standing(0, offset);
    let words = [2, 6, 7, 9].map(|offset| standing(&setup, offset).0);
    assert_eq!(words, ["done", "came back", "not lent yet", "not lent yet"]);
    setup.bench.restart(service);
    setup.until("9100ms");
    assert_eq!(standing(&setup, 6).0, "lent");
    assert_eq!(standing(&setup, 6).3, Some(link));
}

#[test]
fn a_late_answer_counts_where_it_may() {
    let done = |late: bool| {
        let settings = sharing(json!({ "late_acks": late, "partitions": 1 }));
        let mut setup = Setup::new(settings, (10.0, 1, 1));
        let services = [takes("3s"), takes("3s")].map(|it| setup.worker(it).0);
        setup.until("20s");
        services.map(|it| setup.finished(it)).iter().sum::<u64>()
    };
    // The first answer comes after the second began; without it that is tried for ever.
    assert_eq!(done(true), 2);
    assert!(done(false) > 6);
}

#[test]
fn what_a_crashed_consumer_had_waits_for_its_time() {
    let mut setup = Setup::new(sharing(json!({})), (10.0, 9, 100));
    let mut many = takes("400ms");
    many["prefetch"] = json!(5);
    let (service, _) = setup.worker(many);
    let (other, _) = setup.worker(takes("50ms"));
    setup.until("5s");
    setup.bench.crash(service);
    setup.until("5500ms");
    let lent = setup.share("g").consumers[0].lent.len();
    assert!(lent > 0);
    setup.until("20s");
    assert_eq!(setup.share("g").lag, 0);
    let done = setup.finished(service) + setup.finished(other);
    assert!((100..=101).contains(&done), "{done}");
}

#[test]
fn without_a_time_it_waits_for_its_consumer() {
    let mut setup = Setup::new(sharing(json!({ "ack_wait": null })), (10.0, 9, 100));
    let (service, _) = setup.worker(takes("190ms"));
    let (other, link) = setup.worker(takes("190ms"));
    setup.until("5050ms");
    setup.bench.crash(service);
    setup.until("60s");
    assert_eq!(setup.share("g").lag, 1);
    setup.bench.restart(service);
    setup.until("61s");
    assert_eq!(setup.share("g").lag, 0);
    assert_eq!(setup.bench.count(setup.log, What::GivenBack), 1);
    assert_eq!(setup.finished(service) + setup.finished(other), 100);
    // A link that was cut may have lost an answer; a consumer that is taken away gives all back.
    setup.bench.world.remove_link(link);
    assert_eq!(setup.share("g").consumers.len(), 1);
}

#[test]
fn what_fails_too_often_is_given_up_and_stays_in_the_log() {
    let settings = sharing(json!({ "max_deliveries": 3, "partitions": 1 }));
    let mut setup = Setup::new(settings, (10.0, 1, 20));
    let mut failing = takes("1ms");
    failing["failure_rate"] = json!(1.0);
    let (service, _) = setup.worker(failing);
    setup.until("10s");
    assert_eq!(setup.bench.count(service, What::Failed), 60);
    assert_eq!(setup.bench.count(setup.log, What::Skipped), 20);
    assert_eq!(setup.bench.count(setup.log, What::GivenBack), 40);
    assert_eq!(setup.share("g").lag, 0);
    assert_eq!(setup.bench.tally().stored, 20);
    let lines = setup.bench.lines(setup.log, What::Skipped);
    assert!(lines[0].contains("failed too often"), "{lines:?}");
}

#[test]
fn what_is_rejected_is_not_tried_again() {
    let mut setup = Setup::new(sharing(json!({})), (10.0, 9, 20));
    let mut failing = takes("1ms");
    failing["failure_rate"] = json!(1.0);
    failing["on_failure"] = json!("reject");
    let (service, _) = setup.worker(failing);
    setup.until("10s");
    assert_eq!(setup.bench.count(service, What::Failed), 20);
    assert_eq!(setup.bench.count(setup.log, What::Skipped), 20);
    assert_eq!((setup.share("g").lag, setup.bench.tally().stored), (0, 20));
}

#[test]
fn single_groups_share_records_and_others_share_partitions() {
    let settings = json!({
        "partitions": 2, "reset": "earliest", "initial_delay": "0s", "commit": "after",
        "groups": [{ "name": "g", "sharing": "records" }],
    });
    let mut setup = Setup::new(settings, (10.0, 9, 50));
    let (sharer, _) = setup.worker(takes("1ms"));
    let member = setup.consumer("other", "1ms");
    setup.until("10s");
    assert_eq!((setup.finished(sharer), setup.finished(member)), (50, 50));
    assert_eq!((setup.share("g").lag, setup.group("other").lag), (0, 0));
    assert_eq!(setup.shares("other"), [2]);
}

#[test]
fn a_group_goes_on_where_it_was_when_it_shares_something_else() {
    let settings = json!({
        "partitions": 2, "reset": "earliest", "initial_delay": "0s", "commit": "after",
        "heartbeat": "500ms", "session_timeout": "2s",
    });
    let mut setup = Setup::new(settings, (20.0, 9, 400));
    let services = [takes("30ms"), takes("30ms")].map(|it| setup.worker(it).0);
    setup.until("5s");
    let sum = |setup: &Setup| services.map(|it| setup.finished(it)).iter().sum::<u64>();
    assert!(sum(&setup) > 90);
    setup.set(&json!({ "sharing": "records" }));
    setup.until("10s");
    assert!(sum(&setup) > 190);
    assert_eq!(setup.share("g").consumers.len(), 2);
    setup.set(&json!({ "sharing": "partitions" }));
    setup.until("40s");
    assert!(setup.log().shares.iter().all(|share| !share.is_used));
    assert_eq!((setup.shares("g"), setup.group("g").lag), (vec![1, 1], 0));
    // What was in hand both times may be done twice.
    assert!((400..=404).contains(&sum(&setup)), "{}", sum(&setup));
}

#[test]
fn a_person_sends_a_group_elsewhere_that_shares_records() {
    let mut setup = Setup::new(sharing(json!({})), (10.0, 9, 100));
    let (service, _) = setup.worker(takes("1ms"));
    setup.until("20s");
    let seek = |setup: &mut Setup, to| {
        let group = GroupName::Named("g".into());
        setup
            .bench
            .world
            .operate(setup.log, Operation::Seek { group, to });
        setup.check();
    };
    seek(&mut setup, SeekTo::Earliest);
    assert_eq!(setup.share("g").lag, 100);
    setup.until("21s");
    assert_eq!(setup.finished(service), 200);
    let offset = setup.share("g").places[1].floor() - 3;
    let partition = 1;
    seek(&mut setup, SeekTo::Offset { partition, offset });
    setup.until("22s");
    assert_eq!(setup.finished(service), 203);
    let group = GroupName::Named("g".into());
    setup
        .bench
        .world
        .operate(setup.log, Operation::Commit { group });
    setup.set(&json!({ "groups": [{ "name": "g", "seek": { "time": "5s" } }] }));
    setup.until("23s");
    assert_eq!(setup.finished(service), 254);
    let finished = setup.bench.messages(service, What::Finished);
    assert!(finished.iter().skip(100).all(|it| it.attempt > 1));
}

#[test]
fn old_records_go_although_somebody_works_on_them() {
    let settings = sharing(json!({
        "partitions": 1, "retention": "2s", "segment_bytes": 5000, "check_every": "500ms",
    }));
    let mut setup = Setup::new(settings, (10.0, 1, 100));
    let (service, _) = setup.worker(takes("1500ms"));
    setup.until("60s");
    assert_eq!(setup.share("g").lag, 0);
    assert!(setup.finished(service) < 20);
    assert!(setup.bench.tally().expired > 60);
}

#[test]
fn an_election_takes_what_only_the_old_leader_had() {
    let settings = sharing(json!({
        "partitions": 1, "brokers": 3, "replication": 3, "acks": "1", "replication_time": "300ms",
        "broker_timeout": "600ms", "idempotent": false,
    }));
    let mut setup = Setup::new(settings, (50.0, 9, 400));
    let (service, _) = setup.worker(takes("5ms"));
    setup.until("4s");
    for (stopped, moment) in [(json!([1]), "6s"), (json!([]), "8s"), (json!([2]), "30s")] {
        setup.set(&json!({ "stopped": stopped }));
        setup.until(moment);
    }
    let left = setup.bench.tally().stored;
    assert!(left < 400);
    assert_eq!(setup.share("g").lag, 0);
    let finished = setup.bench.messages(service, What::Finished);
    let roots: BTreeSet<u64> = finished.iter().map(|it| it.root).collect();
    assert_eq!((roots.len(), finished.len() as u64), (finished.len(), left));
}

#[test]
fn a_consumer_is_done_with_what_its_link_does_not_take() {
    let mut setup = Setup::new(sharing(json!({})), (10.0, 9, 30));
    let service = setup.bench.node(Kind::Service, takes("1ms"));
    let link = json!({ "group": "g", "types": ["Other"] });
    setup.bench.slow_link(setup.log, service, link);
    setup.until("10s");
    assert_eq!((setup.finished(service), setup.share("g").lag), (0, 0));
}

/// Something that happens to consumers or settings.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Crash(usize),
    Restart(usize),
    Cut(usize),
    Mend(usize),
    Switch(bool),
    Stop(u32),
    Heal,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (0..4_usize).prop_map(Deed::Crash),
        (0..4_usize).prop_map(Deed::Restart),
        (0..4_usize).prop_map(Deed::Cut),
        (0..4_usize).prop_map(Deed::Mend),
        any::<bool>().prop_map(Deed::Switch),
        (1..=3_u32).prop_map(Deed::Stop),
        Just(Deed::Heal),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_record_is_done_while_consumers_come_back(
        deeds in proptest::collection::vec((deed(), 50..1500_u64), 0..14),
        max_unacked in 1..9_u64,
        waits in any::<bool>(),
        late in any::<bool>(),
    ) {
        let settings = sharing(json!({
            "max_unacked": max_unacked, "late_acks": late, "commit": "after",
            "ack_wait": waits.then_some("700ms"), "brokers": 3, "replication": 3,
            "min_in_sync": 2, "replication_time": "50ms", "broker_timeout": "600ms",
            "delivery_timeout": "1000s", "initial_delay": "100ms", "heartbeat": "300ms",
            "session_timeout": "1s",
        }));
        let mut setup = Setup::new(settings, (40.0, 20, 0));
        let workers: Vec<(NodeIndex, LinkIndex)> = (0..4)
            .map(|n| {
                let time = json!({ "shape": "exponential", "mean": "20ms" });
                setup.worker(json!({ "service_time": time, "prefetch": n + 1 }))
            })
            .collect();
        let mut millis = 0;
        let mut go = |setup: &mut Setup, time: u64| {
            let end = millis + time;
            while millis < end {
                millis = (millis + 97).min(end);
                setup.until(&format!("{millis}ms"));
                let most = setup.log().settings.max_unacked;
                prop_assert!(setup.log().shares.iter().all(|share| share.open <= most));
            }
            Ok(())
        };
        for (deed, time) in deeds {
            match deed {
                Deed::Crash(n) => setup.bench.crash(workers[n].0),
                Deed::Restart(n) => setup.bench.restart(workers[n].0),
                Deed::Cut(n) => setup.cut(workers[n].1, true),
                Deed::Mend(n) => setup.cut(workers[n].1, false),
                Deed::Switch(records) => setup.set(&json!({
                    "sharing": if records { "records" } else { "partitions" },
                })),
                Deed::Stop(broker) => setup.set(&json!({ "stopped": [broker] })),
                Deed::Heal => setup.set(&json!({ "stopped": [] })),
            }
            go(&mut setup, time)?;
        }
        setup.set(&json!({ "stopped": [], "sharing": "records" }));
        for (service, link) in &workers {
            setup.cut(*link, false);
            setup.bench.restart(*service);
        }
        setup.until("30s");
        let ends = setup.log().topic.partitions.iter().map(|lane| lane.store.end());
        let produced: u64 = ends.sum();
        setup.set(&json!({ "max_unacked": 100 }));
        setup.until("45s");
        let mut done = BTreeSet::new();
        for (service, _) in &workers {
            let finished = setup.bench.messages(*service, What::Finished);
            done.extend(finished.iter().map(|it| it.root));
        }
        prop_assert!(done.len() as u64 >= produced, "{} of {produced}", done.len());
        prop_assert_eq!(setup.bench.tally().dropped, 0);
    }
}
