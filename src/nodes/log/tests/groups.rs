//! Groups: who owns what, what a rebalance costs, and what a crash repeats or loses.

use serde_json::{Value, json};

use super::Setup;
use crate::engine::{NodeIndex, What};
use crate::units::{SimDuration, SimTime};

/// Twelve partitions that are read from the beginning, without the wait of a new group.
fn twelve(more: Value) -> Value {
    let mut settings = json!({
        "partitions": 12, "reset": "earliest", "initial_delay": "0s", "commit": "after",
    });
    for (field, value) in more.as_object().into_iter().flatten() {
        settings[field] = value.clone();
    }
    settings
}

fn times(setup: &Setup, service: NodeIndex) -> Vec<SimTime> {
    let lines = setup.bench.lines(service, What::Finished);
    let time = |line: &String| {
        let text = line.split(' ').next()?;
        Some(SimTime::ZERO.after(text.parse::<SimDuration>().ok()?))
    };
    lines.iter().filter_map(time).collect()
}

#[test]
fn partitions_are_shared_and_more_consumers_than_partitions_stay_idle() {
    let settings = json!({ "partitions": 3, "initial_delay": "1s" });
    let mut setup = Setup::new(settings, (10.0, 9, 100));
    for _ in 0..5 {
        setup.consumer("g", "1ms");
    }
    setup.until("900ms");
    assert_eq!(setup.shares("g"), [0, 0, 0, 0, 0]);
    setup.until("1100ms");
    assert_eq!(setup.shares("g"), [1, 1, 1, 0, 0]);
    let idle = setup.group("g").members.iter().filter(|it| it.is_idle());
    assert_eq!(idle.count(), 2);
    assert_eq!(setup.group("g").rebalances, 1);
}

#[test]
fn more_partitions_while_it_runs_are_shared_out_and_read() {
    let settings = twelve(json!({ "partitions": 2, "session_timeout": "6s", "heartbeat": "1s" }));
    let mut setup = Setup::new(settings, (20.0, 40, 200));
    let services = [setup.consumer("g", "1ms"), setup.consumer("g", "1ms")];
    setup.until("5s");
    assert_eq!(setup.shares("g"), [1, 1]);
    setup.set(&json!({ "partitions": 4 }));
    setup.until("20s");
    assert_eq!(setup.shares("g"), [2, 2]);
    let done = services.map(|service| setup.bench.count(service, What::Finished));
    assert_eq!(done.iter().sum::<u64>(), 200);
    let new = &setup.log().topic.partitions[2..];
    assert!(new.iter().all(|lane| lane.store.count() > 0));
}

#[test]
fn a_consumer_without_a_partition_says_so_until_it_gets_one() {
    let settings = json!({
        "partitions": 2, "initial_delay": "0s", "heartbeat": "1s", "session_timeout": "4s",
    });
    let mut setup = Setup::new(settings, (10.0, 9, 1000));
    let mut consumers: Vec<_> = (0..2).map(|_| setup.linked_consumer("g", "1ms")).collect();
    setup.until("5s");
    let idle = |setup: &Setup, service| {
        let shown = setup.bench.shown(service);
        shown.contains(&"idle: no partition left!".to_owned())
    };
    let third = setup.linked_consumer("g", "1ms");
    setup.bench.world.start_node(third.0);
    consumers.push(third);
    setup.until("10s");
    let idles =
        |setup: &Setup| -> Vec<bool> { consumers.iter().map(|it| idle(setup, it.0)).collect() };
    assert_eq!(idles(&setup), [false, false, true]);
    // A restart makes it idle anew, and the death of another is its chance.
    setup.bench.crash(third.0);
    setup.until("11s");
    assert_eq!(idles(&setup), [false; 3]);
    setup.bench.restart(third.0);
    setup.until("20s");
    assert_eq!(idles(&setup), [false, false, true]);
    setup.bench.crash(consumers[0].0);
    setup.until("30s");
    assert_eq!(idles(&setup), [false; 3]);
    setup.bench.restart(consumers[0].0);
    setup.until("40s");
    assert_eq!(idles(&setup), [true, false, false]);
    setup.set(&json!({ "sharing": "records" }));
    setup.until("41s");
    assert_eq!(idles(&setup), [false; 3]);
}

#[test]
fn a_new_group_sees_only_what_comes_unless_it_begins_with_the_earliest() {
    for (reset, expected) in [("latest", 70), ("earliest", 100)] {
        let settings = json!({ "reset": reset, "initial_delay": "3050ms" });
        let mut setup = Setup::new(settings, (10.0, 5, 100));
        let service = setup.consumer("g", "1ms");
        setup.until("30s");
        assert_eq!(
            setup.bench.count(service, What::Finished),
            expected,
            "{reset}"
        );
    }
}

#[test]
fn an_eager_rebalance_stops_all_and_a_cooperative_one_only_what_moves() {
    let pauses = |assignor: &str| {
        let settings = twelve(json!({ "assignor": assignor, "heartbeat": "3s" }));
        let mut setup = Setup::new(settings, (200.0, 50, 6000));
        let first = setup.consumer("g", "1ms");
        setup.until("1700ms");
        let second = setup.consumer("g", "1ms");
        setup.bench.world.start_node(second);
        setup.until("10s");
        assert_eq!(setup.shares("g"), [6, 6], "{assignor}");
        let third = setup.consumer("g", "1ms");
        setup.bench.world.start_node(third);
        setup.until("25s");
        assert_eq!(setup.shares("g"), [4, 4, 4], "{assignor}");
        let rebalances = setup.group("g").rebalances;
        let longest = |service| {
            let mut times = times(&setup, service);
            times.retain(|time| *time > SimTime::ZERO.after(SimDuration::from_secs(9)));
            let pairs = times
                .windows(2)
                .map(|pair| pair[1].since(pair[0]).as_secs());
            pairs.fold(0.0, f64::max)
        };
        (longest(first).max(longest(second)), rebalances)
    };
    let (eager, rounds) = pauses("range");
    assert!((1.0..=3.1).contains(&eager), "{eager}");
    let (cooperative, more_rounds) = pauses("cooperative_sticky");
    assert!(cooperative < 0.5, "{cooperative}");
    // Those who join at the start need some, too; the last takes one, or two.
    assert!(more_rounds > rounds, "{more_rounds} {rounds}");
}

#[test]
fn a_crash_is_noticed_when_the_session_is_over() {
    let settings = twelve(json!({ "session_timeout": "10s", "heartbeat": "3s" }));
    let mut setup = Setup::new(settings, (20.0, 50, 2000));
    let first = setup.consumer("g", "1ms");
    setup.consumer("g", "1ms");
    setup.until("20s");
    setup.bench.crash(first);
    setup.until("24s");
    assert_eq!(setup.shares("g"), [6, 6]);
    assert!(setup.group("g").lag > 20);
    setup.until("35s");
    assert_eq!(setup.shares("g"), [12]);
    setup.until("36010ms");
    assert_eq!(setup.group("g").lag, 0);
}

#[test]
fn a_restarted_consumer_waits_for_its_old_self_unless_it_is_static() {
    let gap = |is_static: bool| {
        let settings = twelve(json!({
            "session_timeout": "10s", "heartbeat": "1s", "static_members": is_static,
        }));
        let mut setup = Setup::new(settings, (100.0, 50, 4000));
        let service = setup.consumer("g", "1ms");
        setup.until("10s");
        let before = setup.group("g").rebalances;
        setup.bench.crash(service);
        setup.until("11s");
        setup.bench.restart(service);
        setup.until("40s");
        let rebalances = setup.group("g").rebalances - before;
        let times = times(&setup, service);
        let pairs = times
            .windows(2)
            .map(|pair| pair[1].since(pair[0]).as_secs());
        (pairs.fold(0.0, f64::max), rebalances)
    };
    let (dynamic, rebalances) = gap(false);
    assert!((9.0..=11.0).contains(&dynamic), "{dynamic}");
    assert_eq!(rebalances, 1);
    let (kept, rebalances) = gap(true);
    assert!((0.9..=1.2).contains(&kept), "{kept}");
    assert_eq!(rebalances, 0);
}

/// How often each event was finished, after a crash in the middle.
fn after_a_crash(commit: &str, workers: u32) -> (usize, usize) {
    let settings = twelve(json!({
        "commit": commit, "session_timeout": "4s", "heartbeat": "1s", "partitions": 1,
    }));
    let mut setup = Setup::new(settings, (20.0, 5, 200));
    let service = setup.bench.node(
        crate::nodes::Kind::Service,
        json!({
            "service_time": { "shape": "constant", "value": "30ms" },
            "workers": workers,
        }),
    );
    let link = json!({ "group": "g" });
    setup.bench.slow_link(setup.log, service, link);
    setup.until("7120ms");
    setup.bench.crash(service);
    setup.until("7200ms");
    setup.bench.restart(service);
    setup.until("60s");
    let finished = setup.bench.messages(service, What::Finished);
    let mut counts = std::collections::BTreeMap::new();
    for message in &finished {
        *counts.entry(message.root).or_insert(0) += 1;
    }
    let repeated = counts.values().filter(|count| **count > 1).count();
    (200 - counts.len(), repeated)
}

#[test]
fn what_a_crash_loses_or_repeats_depends_on_when_it_is_committed() {
    let (lost, repeated) = after_a_crash("before", 1);
    assert!(lost > 0 && repeated == 0, "{lost} {repeated}");
    let (lost, repeated) = after_a_crash("after", 1);
    assert_eq!((lost, repeated), (0, 0));
    // Every five seconds: what was done since then is done again.
    let (lost, repeated) = after_a_crash("interval", 1);
    assert!(lost == 0 && repeated >= 30, "{lost} {repeated}");
    let (lost, repeated) = after_a_crash("never", 1);
    assert!(lost == 0 && repeated > 100, "{lost} {repeated}");
}

#[test]
fn a_consumer_that_takes_too_long_is_missed_and_its_work_done_twice() {
    let settings = twelve(json!({ "max_poll_interval": "2s", "partitions": 1 }));
    let mut setup = Setup::new(settings, (1.0, 1, 3));
    let slow = setup.consumer("g", "5s");
    setup.until("2s");
    let fast = setup.consumer("g", "10ms");
    setup.bench.world.start_node(fast);
    setup.until("30s");
    assert_eq!(setup.bench.count(fast, What::Finished), 3);
    // It had two in hand.
    assert_eq!(setup.bench.count(slow, What::Finished), 2);
    assert_eq!(setup.bench.count(setup.log, What::Ignored), 2);
    // It came back when it was done.
    assert_eq!(setup.group("g").members.len(), 2);
}

#[test]
fn a_group_goes_where_it_is_sent() {
    let settings = twelve(json!({}));
    let mut setup = Setup::new(settings, (10.0, 5, 100));
    let service = setup.consumer("g", "1ms");
    setup.until("20s");
    assert_eq!(setup.bench.count(service, What::Finished), 100);
    setup.set(&json!({ "groups": [{ "name": "g", "seek": "earliest" }] }));
    setup.until("21s");
    assert_eq!(setup.bench.count(service, What::Finished), 200);
    setup.set(&json!({ "groups": [{ "name": "g", "seek": { "time": "5s" } }] }));
    setup.until("22s");
    assert_eq!(setup.bench.count(service, What::Finished), 251);
    assert_eq!(setup.group("g").lag, 0);
    let again = setup.bench.messages(service, What::Finished);
    assert!(again.iter().skip(100).all(|message| message.attempt > 1));
}

#[test]
fn a_failing_record_is_tried_again_in_its_place() {
    let settings = twelve(json!({ "partitions": 1 }));
    let mut setup = Setup::new(settings, (10.0, 1, 10));
    let service = setup.bench.node(
        crate::nodes::Kind::Service,
        json!({ "service_time": { "shape": "constant", "value": "10ms" }, "failure_rate": 0.5 }),
    );
    setup
        .bench
        .slow_link(setup.log, service, json!({ "group": "g" }));
    setup.until("20s");
    assert_eq!(setup.bench.count(service, What::Finished), 10);
    assert!(setup.bench.count(service, What::Failed) > 2);
    let finished = setup.bench.messages(service, What::Finished);
    let numbers: Vec<u32> = finished.iter().map(|it| it.sequence).collect();
    assert!(numbers.is_sorted());
    assert_eq!(setup.group("g").lag, 0);
}

#[test]
fn consumers_come_and_go_without_a_loss() {
    for assignor in ["range", "round_robin", "sticky", "cooperative_sticky"] {
        let settings = twelve(json!({
            "assignor": assignor, "heartbeat": "1s", "session_timeout": "4s",
        }));
        let mut setup = Setup::new(settings, (50.0, 50, 1500));
        let mut links = vec![setup.linked_consumer("g", "5ms").1];
        let mut services = Vec::new();
        for second in ["4s", "8s", "12s"] {
            setup.until(second);
            let (service, link) = setup.linked_consumer("g", "5ms");
            setup.bench.world.start_node(service);
            links.push(link);
            services.push(service);
        }
        setup.until("16s");
        setup.bench.world.remove_link(links[0]);
        setup.until("20s");
        setup.bench.crash(services[0]);
        setup.until("60s");
        assert_eq!(setup.shares("g"), [6, 6], "{assignor}");
        assert_eq!(setup.group("g").lag, 0, "{assignor}");
        assert_eq!(
            setup
                .group("g")
                .cursors
                .iter()
                .map(|it| it.committed)
                .sum::<u64>(),
            1500
        );
    }
}

#[test]
fn a_link_that_is_cut_for_long_costs_the_membership() {
    let settings = twelve(json!({ "heartbeat": "1s", "session_timeout": "4s" }));
    let mut setup = Setup::new(settings, (50.0, 50, 2000));
    let (service, link) = setup.linked_consumer("g", "5ms");
    setup.consumer("g", "5ms");
    setup.until("10s");
    let cut = |setup: &mut Setup, cut: bool| {
        let settings = serde_json::from_value(json!({ "group": "g", "cut": cut })).unwrap();
        setup.bench.world.set_link(link, settings);
        setup.bench.world.relink(link);
    };
    cut(&mut setup, true);
    setup.until("12s");
    assert_eq!(setup.shares("g"), [6, 6]);
    cut(&mut setup, false);
    setup.until("14s");
    assert_eq!(setup.shares("g"), [6, 6]);
    cut(&mut setup, true);
    setup.until("20s");
    assert_eq!(setup.shares("g"), [12]);
    cut(&mut setup, false);
    setup.until("60s");
    assert_eq!(setup.shares("g"), [6, 6]);
    assert_eq!(setup.group("g").lag, 0);
    assert!(setup.bench.count(service, What::Finished) > 100);
}
