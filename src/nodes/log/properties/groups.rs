//! Groups: nothing is left out, nobody works on what is another's, and a place is kept.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Deed, Yard, assignor, of_consumers, pauses};
use crate::nodes::log::assign::Assignor;

fn groups(assignor: Assignor, commit: &str) -> Value {
    json!({
        "partitions": 5, "assignor": assignor, "commit": commit, "reset": "earliest",
        "initial_delay": "100ms", "heartbeat": "300ms", "session_timeout": "1s",
        "max_poll_records": 5, "commit_interval": "700ms",
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn groups_keep_what_they_promise(
        assignor in assignor(),
        deeds in proptest::collection::vec((of_consumers(), pauses(1500)), 0..14),
    ) {
        let mut yard = Yard::new(groups(assignor, "after"), 40.0);
        yard.join();
        yard.go(10);
        for (deed, millis) in deeds {
            yard.happen(deed);
            yard.go(millis);
        }
        // At last one is there that works.
        for n in 0..6 {
            yard.happen(Deed::Mend(n));
            yard.happen(Deed::Restart(n));
        }
        yard.happen(Deed::Join);
        let produced = yard.log().topic.partitions.iter().map(|lane| lane.store.end());
        let produced: u64 = produced.sum();
        yard.go(8000);
        let mut last = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (service, message) in yard.finished() {
            seen.insert(message.root);
            // A consumer never goes back in a key but where it is told to: by another attempt.
            let before = last.insert((service, message.key), message.sequence);
            prop_assert!(before < Some(message.sequence) || message.attempt > 1);
        }
        if yard.consumers.iter().any(|consumer| consumer.there) {
            prop_assert!(seen.len() as u64 >= produced, "{} of {produced}", seen.len());
        }
    }

    #[test]
    fn committed_before_the_work_nothing_happens_twice(
        assignor in assignor(),
        deeds in proptest::collection::vec((of_consumers(), pauses(1500)), 0..10),
    ) {
        let mut yard = Yard::new(groups(assignor, "before"), 40.0);
        yard.join();
        yard.go(10);
        for (deed, millis) in deeds {
            yard.happen(deed);
            yard.go(millis);
        }
        yard.go(2000);
        let mut seen = BTreeSet::new();
        for (_, message) in yard.finished() {
            prop_assert!(seen.insert(message.root));
        }
    }

    #[test]
    fn a_group_reads_again_from_where_it_is_sent(
        assignor in assignor(), begins in 0..4000_u64, commit in 0..4_usize,
    ) {
        let commit = ["before", "after", "interval", "never"][commit];
        let mut yard = Yard::produced(
            json!({ "pace": "constant", "rate": 40.0, "keys": 20, "limit": 120 }),
            groups(assignor, commit),
        );
        for _ in 0..3 {
            yard.join();
        }
        yard.go(6000);
        let finished = |yard: &Yard| yard.finished().count() as u64;
        let ends = |yard: &Yard| yard.log().topic.partitions.iter()
            .map(|lane| lane.store.end()).sum::<u64>();
        prop_assert_eq!(finished(&yard), 120);
        let send = |yard: &mut Yard, to: Value| {
            yard.set("groups", json!([{ "name": "g", "seek": to }]));
            yard.check();
            // What is in hand counts as read if it is committed before the work.
            let group = &yard.log().groups[0];
            let in_hand = group.members.iter().map(|member| member.in_hand.len() as u64);
            group.lag + if commit == "before" { in_hand.sum() } else { 0 }
        };
        prop_assert_eq!(send(&mut yard, json!("latest")), 0);
        prop_assert_eq!(send(&mut yard, json!("earliest")), ends(&yard));
        yard.go(3000);
        prop_assert_eq!(finished(&yard), 240);
        // The n-th record happens at n times 25 ms.
        let later = (1..=120).filter(|n| n * 25 >= begins).count() as u64;
        prop_assert_eq!(send(&mut yard, json!({ "time": format!("{begins}ms") })), later);
        yard.go(3000);
        prop_assert_eq!(finished(&yard), 240 + later);
    }

    #[test]
    fn a_static_member_keeps_its_place_if_it_is_back_in_time(
        assignor in assignor(),
        restarts in proptest::collection::vec((0..3_usize, 1..650_u64, 100..900_u64), 1..8),
    ) {
        let mut settings = groups(assignor, "after");
        settings["static_members"] = json!(true);
        let mut yard = Yard::new(settings, 40.0);
        for _ in 0..3 {
            yard.join();
        }
        yard.go(3000);
        let owners = |yard: &Yard| -> Vec<u32> {
            yard.log().groups[0].cursors.iter().map(|cursor| cursor.owner).collect()
        };
        let (before, rounds) = (owners(&yard), yard.log().groups[0].rebalances);
        for (n, down, up) in restarts {
            yard.happen(Deed::Crash(n));
            yard.go(down);
            yard.happen(Deed::Restart(n));
            yard.go(up);
        }
        prop_assert_eq!(yard.log().groups[0].rebalances, rounds);
        prop_assert_eq!(owners(&yard), before);
        yard.set("stopped", json!([1]));
        yard.go(2000);
        let roots: BTreeSet<u64> = yard.finished().map(|it| it.1.root).collect();
        let produced: u64 = yard.log().topic.partitions.iter().map(|it| it.store.end()).sum();
        prop_assert_eq!(roots.len() as u64, produced);
    }
}

/// It was gone when it came: its link went in the instant in which it said that it is there.
#[test]
fn nobody_joins_along_a_link_that_is_gone() {
    let mut yard = Yard::new(groups(Assignor::Range, "after"), 40.0);
    yard.join();
    yard.join();
    yard.go(2000);
    yard.happen(Deed::Crash(1));
    yard.go(500);
    yard.happen(Deed::Restart(1));
    yard.happen(Deed::Unplug(1));
    yard.go(5000);
    assert_eq!(yard.log().groups[0].members.len(), 1);
}
