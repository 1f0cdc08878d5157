//! What a log tells of itself agrees with what it does.

use serde_json::json;

use super::Setup;
use crate::nodes::survey::{Phase, Stance, Survey};

fn survey(setup: &Setup) -> Survey {
    let node = setup.bench.world.node(setup.log);
    node.survey().expect("it has partitions")
}

fn owned(survey: &Survey) -> Vec<(u16, Vec<u32>)> {
    let members = survey.groups[0].members.iter();
    members.map(|it| (it.number, it.owned.clone())).collect()
}

#[test]
fn only_what_has_partitions_tells_of_them() {
    let mut setup = Setup::new(json!({ "partitions": 2 }), (10.0, 3, 10));
    let service = setup.consumer("g", "1ms");
    setup.until("1s");
    assert_eq!(setup.bench.world.node(service).survey(), None);
    assert_eq!(survey(&setup).partitions.len(), 2);
    assert_eq!(survey(&setup).brokers.len(), 1);
}

#[test]
fn owners_positions_and_lag_are_told_and_add_up() {
    let settings = json!({
        "partitions": 3, "reset": "earliest", "initial_delay": "0s", "commit": "after",
        "assignor": "round_robin",
    });
    let mut setup = Setup::new(settings, (30.0, 9, 300));
    setup.consumer("g", "100ms");
    setup.consumer("", "1ms");
    setup.until("5s");
    let told = survey(&setup);
    let group = &told.groups[0];
    assert_eq!(owned(&told), [(1, vec![0, 1, 2])]);
    assert_eq!((&*group.shown, &*group.name), ("g", "g"));
    assert_eq!(
        (group.phase, group.assignor),
        (Phase::Stable, "round robin")
    );
    let own = &told.groups[1];
    assert_eq!((&*own.shown, &*own.name), ("consumer 1", ""));
    assert!(own.lag <= 1, "it is about as fast as they come");
    let lags: u64 = group.places.iter().map(|place| place.lag).sum();
    assert_eq!((group.lag, lags), (setup.group("g").lag, group.lag));
    assert!(
        group.lag > 50,
        "it does ten a second of thirty: {}",
        group.lag
    );
    for (place, lane) in group.places.iter().zip(&told.partitions) {
        assert_eq!(place.owner, Some(0));
        assert_eq!(place.lag, lane.end - place.committed);
        assert!(place.committed <= place.position && place.position <= lane.end);
        assert_eq!((lane.high, lane.served), (lane.end, true));
    }
    assert!(group.members[0].in_hand > 1, "it polls several at once");
}

/// Numbers are those of links, so that nobody's colour changes when somebody else goes.
#[test]
fn members_keep_their_numbers_when_others_go() {
    let settings = json!({
        "partitions": 4, "initial_delay": "0s", "session_timeout": "2s", "heartbeat": "500ms",
    });
    let mut setup = Setup::new(settings, (10.0, 9, 300));
    let (first, _) = setup.linked_consumer("g", "1ms");
    for _ in 0..2 {
        setup.consumer("g", "1ms");
    }
    setup.until("3s");
    let numbers = |told: &Survey| -> Vec<u16> { owned(told).iter().map(|it| it.0).collect() };
    assert_eq!(numbers(&survey(&setup)), [1, 2, 3]);
    setup.bench.world.suffer(first, crate::engine::Fault::Crash);
    setup.until("4s");
    let told = survey(&setup);
    assert_eq!(numbers(&told), [1, 2, 3]);
    let gone = &told.groups[0].members[0];
    assert!(gone.silent && gone.paused && !gone.owned.is_empty());
    setup.until("8s");
    assert_eq!(numbers(&survey(&setup)), [2, 3]);
    setup
        .bench
        .world
        .suffer(first, crate::engine::Fault::Restart);
    setup.until("12s");
    let told = survey(&setup);
    assert_eq!(numbers(&told), [2, 3, 1]);
    let all: usize = owned(&told).iter().map(|it| it.1.len()).sum();
    assert_eq!(all, 4);
}

#[test]
fn an_eager_rebalance_pauses_and_a_spare_consumer_is_idle() {
    let settings = json!({
        "partitions": 1, "initial_delay": "2s", "assignor": "range",
    });
    let mut setup = Setup::new(settings, (10.0, 9, 300));
    setup.consumer("g", "1ms");
    setup.consumer("g", "1ms");
    setup.until("1s");
    let told = survey(&setup);
    let group = &told.groups[0];
    assert_eq!(group.phase, Phase::Joining);
    assert!(
        group
            .members
            .iter()
            .all(|it| it.paused && it.stance == Stance::Joined)
    );
    setup.until("3s");
    let told = survey(&setup);
    let idle: Vec<bool> = told.groups[0].members.iter().map(|it| it.idle).collect();
    assert_eq!(idle, [false, true]);
    assert!(told.groups[0].members.iter().all(|it| !it.paused));
}

#[test]
fn who_polls_too_late_is_outside_until_it_is_done() {
    let settings = json!({
        "partitions": 1, "initial_delay": "0s", "max_poll_interval": "1s", "reset": "earliest",
    });
    let mut setup = Setup::new(settings, (10.0, 9, 300));
    setup.consumer("g", "5s");
    setup.until("3s");
    let told = survey(&setup);
    let members = &told.groups[0].members;
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].stance, Stance::Outside);
    assert!(members[0].in_hand > 0);
    assert_eq!(members[0].number, 1);
    assert_eq!(told.groups[0].phase, Phase::Empty);
}

#[test]
fn brokers_tell_what_they_lead_and_whether_they_are_missed() {
    let settings = json!({
        "partitions": 3, "brokers": 3, "replication": 3, "min_in_sync": 2,
        "broker_timeout": "2s", "replication_time": "50ms",
    });
    let mut setup = Setup::new(settings, (100.0, 9, 3000));
    setup.until("1s");
    let leads = |told: &Survey| -> Vec<(u32, u32)> {
        told.brokers
            .iter()
            .map(|it| (it.leads, it.follows))
            .collect()
    };
    assert_eq!(leads(&survey(&setup)), [(1, 2); 3]);
    setup.set(&json!({ "stopped": [1] }));
    setup.until("2s");
    let told = survey(&setup);
    assert!(told.brokers[0].stopped && !told.brokers[0].missed);
    assert_eq!((told.brokers[0].leads, told.brokers[0].led), (0, 1));
    let lane = &told.partitions[0];
    assert_eq!((lane.leader, lane.served), (Some(1), false));
    assert!(
        told.partitions[1].high < told.partitions[1].end,
        "all in sync must have it"
    );
    setup.until("5s");
    let told = survey(&setup);
    assert!(told.brokers[0].missed);
    assert_eq!(leads(&told)[0], (0, 3));
    let lane = &told.partitions[0];
    assert_eq!((lane.leader, lane.served), (Some(2), true));
    let sync: Vec<(u32, bool)> = lane
        .replicas
        .iter()
        .map(|it| (it.broker, it.in_sync))
        .collect();
    assert_eq!(sync, [(1, false), (2, true), (3, true)]);
}
