//! What a person does to groups: commits for them, and sends them elsewhere.

use serde_json::json;

use super::Setup;
use crate::engine::{GroupName, LinkIndex, NodeIndex, Operation, SeekTo, What};
use crate::units::{LinkId, SimDuration, SimTime};

impl Setup {
    fn operate(&mut self, operation: Operation) {
        self.bench.world.operate(self.log, operation);
        self.check();
    }

    fn commit(&mut self, group: &str) {
        let group = GroupName::Named(group.into());
        self.operate(Operation::Commit { group });
    }

    fn seek(&mut self, group: &str, to: SeekTo) {
        let group = GroupName::Named(group.into());
        self.operate(Operation::Seek { group, to });
    }
}

/// A log that is read from the beginning, and committed by hand.
fn by_hand(partitions: u32) -> Setup {
    let settings = json!({
        "partitions": partitions, "reset": "earliest", "initial_delay": "0s", "commit": "by_hand",
        "session_timeout": "4s", "heartbeat": "1s", "key_hash": "crc32",
    });
    Setup::new(settings, (10.0, 9, 100))
}

fn finished(setup: &Setup, service: NodeIndex) -> u64 {
    setup.bench.count(service, What::Finished)
}

#[test]
fn nothing_is_committed_until_somebody_does() {
    let mut setup = by_hand(3);
    let service = setup.consumer("g", "1ms");
    setup.until("5050ms");
    assert_eq!((finished(&setup, service), setup.group("g").lag), (50, 50));
    setup.commit("g");
    assert_eq!(setup.group("g").lag, 0);
    assert_eq!(setup.bench.count(setup.log, What::Committed), 1);
    // There is nothing more to commit.
    setup.commit("g");
    assert_eq!(setup.bench.count(setup.log, What::Committed), 1);
    setup.until("7050ms");
    setup.bench.crash(service);
    setup.until("7100ms");
    setup.bench.restart(service);
    setup.until("30s");
    // The twenty since the commit happened again.
    assert_eq!(finished(&setup, service), 120);
    assert_eq!(setup.group("g").lag, 50);
}

#[test]
fn only_what_is_done_is_committed() {
    let mut setup = by_hand(1);
    setup.consumer("g", "1s");
    setup.until("5050ms");
    setup.commit("g");
    let cursor = setup.group("g").cursors[0];
    assert!(cursor.position > 40, "{cursor:?}");
    assert_eq!(cursor.committed, 4);
    assert_eq!(setup.group("g").lag, 46);
}

#[test]
fn who_is_away_commits_nothing() {
    let mut setup = by_hand(1);
    let service = setup.consumer("g", "1ms");
    setup.until("5050ms");
    setup.bench.crash(service);
    setup.until("5060ms");
    setup.commit("g");
    assert_eq!(setup.group("g").lag, 50);
    setup.until("20s");
    setup.commit("g");
    assert_eq!(setup.bench.count(setup.log, What::Committed), 0);
}

#[test]
fn a_commit_by_hand_never_goes_back() {
    let mut setup = by_hand(1);
    setup.set(&json!({ "commit": "before" }));
    setup.consumer("g", "1s");
    setup.until("5050ms");
    let before = setup.group("g").cursors[0].committed;
    setup.commit("g");
    assert_eq!(setup.group("g").cursors[0].committed, before);
}

#[test]
fn a_group_goes_where_a_person_sends_it() {
    let mut setup = by_hand(3);
    let service = setup.consumer("g", "1ms");
    setup.until("20s");
    assert_eq!(finished(&setup, service), 100);
    setup.seek("g", SeekTo::Latest);
    assert_eq!(setup.group("g").lag, 0);
    setup.seek("g", SeekTo::Earliest);
    assert_eq!(setup.group("g").lag, 100);
    setup.until("21s");
    assert_eq!(finished(&setup, service), 200);
    let time = SimTime::ZERO.after(SimDuration::from_secs(5));
    setup.seek("g", SeekTo::Time(time));
    setup.until("22s");
    assert_eq!(finished(&setup, service), 251);
    // What a seek goes to is committed.
    setup.bench.crash(service);
    setup.until("23s");
    setup.bench.restart(service);
    setup.until("40s");
    assert_eq!(finished(&setup, service), 302);
}

#[test]
fn one_partition_goes_back_and_the_others_stay() {
    let mut setup = by_hand(3);
    let service = setup.consumer("g", "1ms");
    setup.until("20s");
    setup.commit("g");
    let ends: Vec<u64> = setup
        .group("g")
        .cursors
        .iter()
        .map(|it| it.committed)
        .collect();
    let to = |partition, offset| SeekTo::Offset { partition, offset };
    setup.seek("g", to(1, 5));
    assert_eq!(setup.group("g").lag, ends[1] - 5);
    setup.until("21s");
    assert_eq!(finished(&setup, service), 100 + ends[1] - 5);
    // Beyond the end is the end; there is no fourth partition, and no other group.
    setup.seek("g", to(0, 1 << 50));
    assert_eq!(setup.group("g").cursors[0].committed, ends[0]);
    let ignored = setup.bench.count(setup.log, What::Ignored);
    setup.seek("g", to(3, 0));
    setup.seek("other", SeekTo::Earliest);
    setup.commit("other");
    setup.operate(Operation::Purge);
    assert_eq!(setup.bench.count(setup.log, What::Ignored), ignored + 4);
}

#[test]
fn what_is_in_hand_is_done_and_counts_no_more() {
    let mut setup = by_hand(1);
    setup.set(&json!({ "max_poll_records": 3 }));
    let service = setup.consumer("g", "1s");
    setup.until("5050ms");
    setup.seek("g", SeekTo::Latest);
    assert_eq!(setup.group("g").lag, 0);
    setup.until("9s");
    assert_eq!(setup.bench.count(setup.log, What::Ignored), 3);
    assert!(finished(&setup, service) >= 7);
    setup.commit("g");
    let cursor = setup.group("g").cursors[0];
    assert!(cursor.committed > 50, "{cursor:?}");
}

#[test]
fn a_consumer_without_a_name_is_meant_by_its_link() {
    let mut setup = by_hand(2);
    let (service, link) = setup.linked_consumer("", "1ms");
    let (named, other) = setup.linked_consumer("g", "1ms");
    setup.until("20s");
    let id = |link: LinkIndex| {
        // The bench counts ids of nodes and links together, links from the third on.
        LinkId([3, 5, 7][link.0 as usize])
    };
    for link in [link, other] {
        let group = GroupName::OfLink(id(link));
        let to = SeekTo::Earliest;
        setup.operate(Operation::Seek { group, to });
    }
    setup.until("21s");
    assert_eq!(
        (finished(&setup, service), finished(&setup, named)),
        (200, 200)
    );
    let ignored = setup.bench.count(setup.log, What::Ignored);
    for unknown in [LinkId(3), LinkId(99)] {
        let group = GroupName::OfLink(unknown);
        setup.operate(Operation::Commit { group });
    }
    assert_eq!(setup.bench.count(setup.log, What::Ignored), ignored + 2);
}
