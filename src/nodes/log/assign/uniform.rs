//! The sticky assignor for members that all subscribe to the same: everybody gets a quota.
//!
//! Who may keep one more than others depends in Kafka on the order of a Java hash map, which
//! stands here too, so that the same partitions move.

use std::collections::BTreeSet;

use super::{Claims, Joining, Place};

/// The shares, and what goes from one member to another.
pub(super) fn share(
    places: &[Place],
    members: &[Joining<'_>],
    claims: &Claims,
) -> (Vec<Vec<Place>>, BTreeSet<Place>) {
    let mut shares = vec![Vec::new(); members.len()];
    if members.is_empty() {
        return (shares, BTreeSet::new());
    }
    let least = places.len() / members.len();
    // So many members get one more than the least.
    let mut with_more = places.len() % members.len();
    let mut revoked = BTreeSet::new();
    let (mut below, mut at_least) = (Vec::new(), Vec::new());
    for n in java_order(members) {
        let mut owned = claims.owned[n].clone();
        owned.sort_unstable_by_key(|place| (place.partition, place.topic));
        let quota = if owned.len() > least && with_more > 0 {
            with_more -= 1;
            least + 1
        } else if owned.len() >= least {
            at_least.push(n);
            least
        } else {
            below.push(n);
            owned.len()
        };
        revoked.extend(owned.drain(quota..));
        shares[n] = owned;
    }
    below.sort_unstable_by_key(|n| members[*n].id);
    at_least.sort_unstable_by_key(|n| members[*n].id);
    let kept: BTreeSet<Place> = shares.iter().flatten().copied().collect();
    let mut free = places.iter().filter(|place| !kept.contains(place)).copied();
    let mut moving = BTreeSet::new();
    let mut give = |n: usize, place: Place| {
        if (revoked.contains(&place) || claims.disputed.contains(&place))
            && !claims.owned[n].contains(&place)
        {
            moving.insert(place);
        }
        shares[n].push(place);
        shares[n].len()
    };
    // One by one to those below the least, until nobody is.
    while !below.is_empty() {
        below.retain(|n| {
            let is_full = free.next().is_none_or(|place| give(*n, place) >= least);
            if is_full {
                at_least.push(*n);
            }
            !is_full
        });
    }
    for (n, place) in at_least.into_iter().zip(free) {
        give(n, place);
    }
    (shares, moving)
}

/// The places of members in the order in which a `java.util.HashMap` goes through their ids.
fn java_order(members: &[Joining<'_>]) -> Vec<usize> {
    let mut buckets = 16;
    while members.len() * 4 > buckets * 3 {
        buckets *= 2;
    }
    let bucket = |id: &str| {
        let units = id.encode_utf16();
        let hash = units.fold(0u32, |hash, unit| {
            hash.wrapping_mul(31).wrapping_add(u32::from(unit))
        });
        (hash ^ hash >> 16) as usize % buckets
    };
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|n| bucket(members[*n].id));
    order
}
