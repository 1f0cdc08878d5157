//! The groups that read a node, as the inspector shows them: what each is at, who is in it, and how
//! far it is in each partition.

use super::tempo::count;
use crate::engine::{GroupName, LinkIndex};
use crate::nodes::Tone;
use crate::nodes::survey::{Group, Member, Phase, Place, Stance, Survey};
use crate::simulation::Run;
use crate::units::NodeId;

/// Most partitions of which each group tells where it is.
const PLACES_MOST: usize = 60;

/// A group of consumers.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupSheet {
    /// Its name, as it is shown.
    pub name: String,
    /// What a person means it by, if there is any way to.
    pub meant: Option<GroupName>,
    /// What it is at: "rebalance: 2 of 3 joined".
    pub phase: String,
    /// Whether it is trouble.
    pub tone: Tone,
    /// How far it is behind, in words.
    pub lag: String,
    /// How it shares, and how often it did.
    pub about: String,
    /// Who is in it.
    pub members: Vec<MemberRow>,
    /// Where it is, by partition.
    pub places: Vec<PlaceRow>,
    /// Partitions that are not listed.
    pub more: usize,
}

/// A consumer of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberRow {
    /// What tells it from the others.
    pub key: String,
    /// Its number among all consumers, which its colour goes by.
    pub number: u16,
    /// The node that it is.
    pub node: Option<NodeId>,
    /// Its name.
    pub name: String,
    /// What it owns: "partitions 0, 2–4".
    pub owns: String,
    /// How it is, unless it just works.
    pub state: String,
    /// Whether that is trouble.
    pub tone: Tone,
}

impl MemberRow {
    /// The mark of a consumer with a number: colours come again and again.
    pub fn mark(number: u16) -> u16 {
        number.checked_sub(1).map_or(0, |place| place % 7 + 1)
    }
}

/// Where a group is in a partition.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceRow {
    /// Which partition.
    pub partition: u32,
    /// The offset of the next record.
    pub end: u64,
    /// Where the group goes on after a crash; nothing before it begins.
    pub committed: Option<u64>,
    /// How far that is behind.
    pub lag: u64,
    /// Who owns it.
    pub owner: String,
    /// The owner's number; 0 for nobody.
    pub number: u16,
}

/// The groups that read a node.
pub(super) fn group_sheets(run: &Run, survey: &Survey) -> Vec<GroupSheet> {
    let groups = survey.groups.iter();
    groups.map(|group| sheet(run, survey, group)).collect()
}

fn sheet(run: &Run, survey: &Survey, group: &Group) -> GroupSheet {
    let members: Vec<MemberRow> = group.members.iter().map(|it| row(run, group, it)).collect();
    let place = |(partition, place): (u32, &Place)| {
        let owner = place.owner.and_then(|owner| members.get(owner));
        let lane = survey.partitions.get(partition as usize);
        PlaceRow {
            partition,
            end: lane.map_or(0, |lane| lane.end),
            committed: place.begun.then_some(place.committed),
            lag: place.lag,
            owner: owner.map_or_else(
                || {
                    if group.shares_records {
                        "all"
                    } else {
                        "nobody"
                    }
                    .to_owned()
                },
                |owner| owner.name.clone(),
            ),
            number: owner.map_or(0, |owner| owner.number),
        }
    };
    let (phase, tone) = phase(group);
    let times = match group.rebalances {
        1 => "shared out once".to_owned(),
        times => format!("shared out {times} times"),
    };
    GroupSheet {
        name: group.shown.clone(),
        meant: meant(run, group),
        phase,
        tone,
        lag: format!("lag {}", count(group.lag)),
        about: match group.shares_records {
            true => "records are shared, not partitions".to_owned(),
            false => format!("{}, {times}", group.assignor.replace('_', " ")),
        },
        places: (0..)
            .zip(&group.places)
            .take(PLACES_MOST)
            .map(place)
            .collect(),
        more: group.places.len().saturating_sub(PLACES_MOST),
        members,
    }
}

/// A group without a name is meant by the link of its only consumer.
fn meant(run: &Run, group: &Group) -> Option<GroupName> {
    if !group.name.is_empty() {
        return Some(GroupName::Named(group.name.as_str().into()));
    }
    let link = group.members.iter().find_map(|member| member.link)?;
    Some(GroupName::OfLink(run.world().link_id(link)))
}

fn phase(group: &Group) -> (String, Tone) {
    let there = group
        .members
        .iter()
        .filter(|it| it.stance != Stance::Outside);
    let joined = |member: &&Member| member.stance == Stance::Joined && !member.silent;
    match group.phase {
        Phase::Empty => ("no consumer".to_owned(), Tone::Warning),
        Phase::Joining => {
            let (joined, all) = (there.clone().filter(joined).count(), there.count());
            (
                format!("rebalance: {joined} of {all} joined"),
                Tone::Warning,
            )
        }
        Phase::Stable => {
            let silent = there.clone().any(|member| member.silent);
            let tone = if silent { Tone::Warning } else { Tone::Calm };
            let words = match there.count() {
                1 => "1 consumer".to_owned(),
                all => format!("{all} consumers"),
            };
            (words, tone)
        }
    }
}

fn row(run: &Run, group: &Group, member: &Member) -> MemberRow {
    let node = member.link.map(|link| consumer(run, link));
    let found = node.and_then(|id| run.topology().node(id));
    let name = found.map_or_else(
        || "a consumer that is gone".to_owned(),
        |it| it.name.clone(),
    );
    let in_hand = match member.in_hand {
        0 => String::new(),
        some => format!(", {some} in hand"),
    };
    let (state, tone) = match member.stance {
        Stance::Outside => (format!("missed, still at work{in_hand}"), Tone::Trouble),
        _ if member.silent && group.shares_records => ("gone".to_owned(), Tone::Trouble),
        _ if member.silent => ("silent, not missed yet".to_owned(), Tone::Trouble),
        Stance::Hears => ("has not heard of the rebalance".to_owned(), Tone::Warning),
        Stance::Ends => (format!("ends its work{in_hand}"), Tone::Warning),
        Stance::Joined if group.cooperative => ("has joined, works on".to_owned(), Tone::Warning),
        Stance::Joined => ("paused: waits for the others".to_owned(), Tone::Warning),
        Stance::Works if member.idle => ("idle: nothing is left for it".to_owned(), Tone::Warning),
        Stance::Works => (in_hand.trim_start_matches(", ").to_owned(), Tone::Calm),
    };
    MemberRow {
        key: format!("{} {}", member.id, member.number),
        number: member.number,
        node,
        name,
        owns: match member.owned.as_slice() {
            [] if group.shares_records => "any record".to_owned(),
            [] => "no partition".to_owned(),
            [one] => format!("partition {one}"),
            several => format!("partitions {}", ranges(several)),
        },
        state,
        tone,
    }
}

fn consumer(run: &Run, link: LinkIndex) -> NodeId {
    let world = run.world();
    world.node_id(world.ends(link).1)
}

/// Numbers in their order, neighbours together: "0, 2–4".
pub(super) fn ranges(numbers: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match parts.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => parts.push((*number, *number)),
        }
    }
    let words = parts.into_iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}–{last}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nodes::Kind;
    use crate::scenario::from_json;
    use crate::units::SimTime;

    /// The groups of the kind's own example, in which a consumer crashes at ten seconds and is back
    /// at thirteen.
    fn groups(millis: u64) -> Vec<GroupSheet> {
        let log = Kind::from_name("log").expect("there are logs");
        let json = serde_json::from_str(log.example()).expect("it is JSON");
        let document = from_json(&json).expect("it is a document");
        let mut run = Run::new(document.plan()).expect("a right plan");
        run.advance(SimTime::from_nanos(millis * 1_000_000), u64::MAX);
        let survey = run
            .world()
            .nodes()
            .find_map(|(_, _, node, _)| node.survey());
        group_sheets(&run, &survey.expect("the log tells"))
    }

    #[test]
    fn a_group_tells_who_has_what_and_how_far_it_is_behind() {
        let early = &groups(1_500)[0];
        assert_eq!(early.phase, "rebalance: 2 of 2 joined");
        let group = &groups(9_000)[0];
        assert_eq!((&*group.name, &*group.phase), ("billing", "2 consumers"));
        assert_eq!(group.meant, Some(GroupName::Named("billing".into())));
        let owns: Vec<_> = group
            .members
            .iter()
            .map(|it| (&*it.name, &*it.owns))
            .collect();
        assert_eq!(
            owns,
            [
                ("Billing 1", "partitions 0, 1"),
                ("Billing 2", "partition 2")
            ]
        );
        let lag: u64 = group.places.iter().map(|place| place.lag).sum();
        assert_eq!(group.lag, format!("lag {lag}"));
        for place in &group.places {
            let committed = place.committed.expect("it has begun everywhere");
            assert_eq!(place.lag, place.end - committed);
        }
        assert_eq!(group.places[2].owner, "Billing 2");
        let silent = &groups(11_000)[0].members[1];
        assert_eq!(
            (&*silent.state, silent.tone),
            ("silent, not missed yet", Tone::Trouble)
        );
    }

    #[test]
    fn neighbours_stand_together() {
        for (numbers, words) in [
            (&[][..], ""),
            (&[3][..], "3"),
            (&[0, 1][..], "0, 1"),
            (&[0, 2, 3, 4, 9][..], "0, 2–4, 9"),
        ] {
            assert_eq!(ranges(numbers), words);
        }
    }
}
