//! Who gets which partitions: the four assignors of Apache Kafka's classic consumers.
//!
//! They are pure functions of the topics, the members and what the members own. Left out: racks.

mod general;
mod plain;
mod uniform;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// How a group shares partitions among its members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignor {
    /// Each topic for itself, in ranges of neighbours: the first members get more of every topic.
    #[default]
    Range,
    /// All partitions dealt out one by one.
    RoundRobin,
    /// As even as can be, and as much as possible stays where it is.
    Sticky,
    /// Sticky, and what moves is first given up and belongs to nobody until the next round.
    CooperativeSticky,
}

impl Assignor {
    /// Whether members keep working on what they keep while the group rebalances.
    pub const fn is_cooperative(self) -> bool {
        matches!(self, Self::CooperativeSticky)
    }

    /// The name of the product's setting.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::RoundRobin => "round robin",
            Self::Sticky => "sticky",
            Self::CooperativeSticky => "cooperative sticky",
        }
    }
}

/// A partition of a topic, which is a place in the list of topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which topic.
    pub topic: u32,
    /// Which of its partitions.
    pub partition: u32,
}

/// A topic: its name, and how many partitions it has.
#[derive(Clone, Copy, Debug)]
pub struct Topic<'a> {
    /// Its name: topics are gone through in the order of their names as texts.
    pub name: &'a str,
    /// How many partitions it has.
    pub partitions: u32,
}

/// A member as it joins.
#[derive(Clone, Debug, Default)]
pub struct Joining<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its `group.instance.id`, if it is a static member. Those come first.
    pub instance: Option<&'a str>,
    /// The topics that it subscribes to.
    pub topics: Vec<u32>,
    /// How many of its topics there are not.
    pub unknown_topics: u32,
    /// What it owns, as far as it knows.
    pub owned: Vec<Place>,
    /// Since which generation of the group.
    pub generation: Option<i64>,
}

/// What each member gets, in the order of the members; each list is sorted. As in Kafka, it is
/// called with the topics to which somebody subscribes.
pub fn assign(
    assignor: Assignor,
    topics: &[Topic<'_>],
    members: &[Joining<'_>],
) -> Vec<Vec<Place>> {
    let mut shares = match assignor {
        Assignor::Range => plain::range(topics, members),
        Assignor::RoundRobin => plain::round_robin(topics, members),
        Assignor::Sticky => sticky(topics, members).0,
        Assignor::CooperativeSticky => cooperative(topics, members),
    };
    shares.iter_mut().for_each(|share| share.sort_unstable());
    shares
}

/// All partitions, by the names of their topics.
fn all_places(topics: &[Topic<'_>]) -> Vec<Place> {
    let mut order: Vec<u32> = (0..topics.len() as u32).collect();
    order.sort_unstable_by_key(|topic| topics[*topic as usize].name);
    let places = |topic: u32| {
        let count = topics[topic as usize].partitions;
        (0..count).map(move |partition| Place { topic, partition })
    };
    order.into_iter().flat_map(places).collect()
}

/// The places of members, by their ids.
fn by_id(members: &[Joining<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_unstable_by_key(|n| members[*n].id);
    order
}

/// Shares that follow from what was owned, and what goes from one member to another meanwhile, if
/// the way there tells it.
fn sticky(
    topics: &[Topic<'_>],
    members: &[Joining<'_>],
) -> (Vec<Vec<Place>>, Option<BTreeSet<Place>>) {
    let places = all_places(topics);
    let claims = Claims::of(&places, members);
    let interests = |member: &Joining<'_>| {
        let known: BTreeSet<u32> = member.topics.iter().copied().collect();
        (known, member.unknown_topics)
    };
    let all_alike = members
        .windows(2)
        .all(|pair| interests(&pair[0]) == interests(&pair[1]));
    if all_alike {
        let (shares, moving) = uniform::share(&places, members, &claims);
        (shares, Some(moving))
    } else {
        (general::share(topics, &places, members, &claims), None)
    }
}

/// As sticky, but what goes from one member to another is given to nobody yet.
fn cooperative(topics: &[Topic<'_>], members: &[Joining<'_>]) -> Vec<Vec<Place>> {
    let (mut shares, moving) = sticky(topics, members);
    let moving = moving.unwrap_or_else(|| changing_hands(members, &shares));
    for share in &mut shares {
        share.retain(|place| !moving.contains(place));
    }
    shares
}

/// What one member gives up and another gets.
fn changing_hands(members: &[Joining<'_>], shares: &[Vec<Place>]) -> BTreeSet<Place> {
    let pairs = || members.iter().zip(shares);
    let given_up: BTreeSet<Place> = pairs()
        .flat_map(|(member, share)| member.owned.iter().filter(|place| !share.contains(place)))
        .copied()
        .collect();
    pairs()
        .flat_map(|(member, share)| share.iter().filter(|place| !member.owned.contains(place)))
        .filter(|place| given_up.contains(place))
        .copied()
        .collect()
}

/// What members own of what there is, each partition one member's: of two that claim the same the
/// one of the later generation, and none of two of the same generation.
struct Claims {
    owned: Vec<Vec<Place>>,
    /// Those that two members of one generation claimed.
    disputed: BTreeSet<Place>,
}

impl Claims {
    fn of(places: &[Place], members: &[Joining<'_>]) -> Self {
        let there: BTreeSet<Place> = places.iter().copied().collect();
        let generation = |n: usize| members[n].generation.unwrap_or(-1);
        let mut owned: Vec<Vec<Place>> = vec![Vec::new(); members.len()];
        let mut disputed = BTreeSet::new();
        for place in there {
            let claims = |n: &usize| members[*n].owned.contains(&place);
            let claimants: Vec<usize> = (0..members.len()).filter(claims).collect();
            let Some(latest) = claimants.iter().map(|n| generation(*n)).max() else {
                continue;
            };
            let mut latest = claimants.iter().filter(|n| generation(**n) == latest);
            match (latest.next(), latest.next()) {
                (Some(owner), None) => owned[*owner].push(place),
                _ => {
                    disputed.insert(place);
                }
            }
        }
        Self { owned, disputed }
    }
}
