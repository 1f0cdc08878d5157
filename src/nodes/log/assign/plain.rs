//! The assignors that do not look at what members own: range and round robin.

use super::{Joining, Place, Topic, all_places};

/// Neighbouring partitions of each topic, the first members one more if they do not go up evenly.
pub(super) fn range(topics: &[Topic<'_>], members: &[Joining<'_>]) -> Vec<Vec<Place>> {
    let mut shares = vec![Vec::new(); members.len()];
    let order = static_first(members);
    for (topic, known) in (0..).zip(topics) {
        let takes = |n: &&usize| members[**n].topics.contains(&topic);
        let takers: Vec<usize> = order.iter().filter(takes).copied().collect();
        let Some(each) = known.partitions.checked_div(takers.len() as u32) else {
            continue;
        };
        let further = known.partitions % takers.len() as u32;
        let mut next = 0;
        for (n, taker) in (0..).zip(takers) {
            let end = next + each + u32::from(n < further);
            shares[taker].extend((next..end).map(|partition| Place { topic, partition }));
            next = end;
        }
    }
    shares
}

/// All partitions in the order of their topics' names, to one member after the other.
pub(super) fn round_robin(topics: &[Topic<'_>], members: &[Joining<'_>]) -> Vec<Vec<Place>> {
    let mut shares = vec![Vec::new(); members.len()];
    let order = static_first(members);
    let mut turn = 0;
    let wanted = |place: &Place| {
        let takes = |member: &Joining<'_>| member.topics.contains(&place.topic);
        members.iter().any(takes)
    };
    for place in all_places(topics).into_iter().filter(wanted) {
        while !members[order[turn % order.len()]]
            .topics
            .contains(&place.topic)
        {
            turn += 1;
        }
        shares[order[turn % order.len()]].push(place);
        turn += 1;
    }
    shares
}

/// The places of members: static ones by their instance ids, then the others by their ids.
fn static_first(members: &[Joining<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_unstable_by_key(|n| {
        let member = &members[*n];
        match member.instance {
            Some(instance) => (false, instance, member.id),
            None => (true, member.id, ""),
        }
    });
    order
}
