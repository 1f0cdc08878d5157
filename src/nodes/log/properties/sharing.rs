//! Assignors: every partition has one owner, and shares are even.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::assignor;
use crate::nodes::log::assign::{Assignor, Joining, Place, Topic, assign};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_partition_has_one_owner_and_shares_are_even(
        assignor in assignor(),
        counts in proptest::collection::vec(0..9_u32, 1..4),
        sizes in proptest::collection::vec(1..9_usize, 1..6),
    ) {
        let names = ["a", "b", "c"];
        let topics: Vec<Topic<'_>> = counts.iter().zip(names)
            .map(|(partitions, name)| Topic { name, partitions: *partitions })
            .collect();
        let all: u32 = counts.iter().sum();
        let mut owned: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for (round, members) in sizes.into_iter().enumerate() {
            let ids: Vec<String> = (0..members).map(|n| format!("m{}", n + round % 2)).collect();
            let joining: Vec<Joining<'_>> = ids.iter().map(|id| Joining {
                id,
                topics: (0..topics.len() as u32).collect(),
                owned: owned.get(id).cloned().unwrap_or_default(),
                generation: Some(round as i64),
                ..Joining::default()
            }).collect();
            let mut shares = assign(assignor, &topics, &joining);
            if assignor.is_cooperative() {
                let second: Vec<Joining<'_>> = joining.iter().zip(&shares)
                    .map(|(member, share)| Joining { owned: share.clone(), ..member.clone() })
                    .collect();
                shares = assign(assignor, &topics, &second);
            }
            let mut places: Vec<Place> = shares.iter().flatten().copied().collect();
            places.sort_unstable();
            places.dedup();
            prop_assert_eq!(places.len() as u32, all);
            prop_assert_eq!(shares.iter().map(Vec::len).sum::<usize>() as u32, all);
            if assignor != Assignor::Range {
                let sizes = || shares.iter().map(Vec::len);
                prop_assert!(sizes().max() <= sizes().min().map(|least| least + 1));
            }
            owned = ids.into_iter().zip(shares).collect();
        }
    }
}
