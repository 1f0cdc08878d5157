//! What a frame shows of the surveys of logs: who owns what now and did before, and what the links
//! to consumers say of it.

use std::collections::BTreeMap;

use crate::engine::{LinkIndex, World};
use crate::nodes::survey::{Group, Member, Stance, Survey};
use crate::nodes::{Node, Role};
use crate::topology::Topology;
use crate::units::{NodeId, SimDuration, SimTime};

/// How long a band takes to its place.
const GLIDE: SimDuration = SimDuration::from_millis(450);
/// Whoever goes on by more than this does not see what happened between.
const LEAP: SimDuration = SimDuration::from_millis(1_500);
/// Most partitions that are named one by one.
const NAMED_MOST: usize = 4;

/// What a consumer looks like wherever it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its number among the consumers of its log, from 1; 0 for nobody.
    pub number: u16,
    /// How it is.
    pub state: State,
    /// What it owns, or why it does not read.
    pub words: String,
}

/// How a consumer is, or what it owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// It reads.
    #[default]
    Works,
    /// It takes nothing new.
    Paused,
    /// It sends no heartbeats, and is not missed yet.
    Silent,
    /// It has nothing to read, or is no member.
    Idle,
}

/// The logs of a frame.
#[derive(Debug, Default)]
pub(super) struct Logs {
    surveys: Vec<(NodeId, Survey)>,
    tags: Vec<(LinkIndex, Tag)>,
    owners: BTreeMap<NodeId, Owners>,
}

impl Logs {
    /// Looks at all logs of a world. If it is `still`, nothing is on its way to a place.
    pub(super) fn look(&mut self, topology: &Topology, world: &World<Node>, still: bool) {
        self.surveys.clear();
        self.tags.clear();
        for node in &topology.nodes {
            let index = world.node_index(node.id);
            let Some(survey) = index.and_then(|index| world.node(index).survey()) else {
                continue;
            };
            for group in &survey.groups {
                let members = group.members.iter();
                let with_link = members.filter_map(|it| Some((it.link?, tag_of(group, it))));
                self.tags.extend(with_link);
            }
            let owners = self.owners.entry(node.id).or_default();
            owners.see(&survey, world.now(), still);
            self.surveys.push((node.id, survey));
        }
    }

    /// The survey of a node, and who owned what before.
    pub(super) fn of(&self, node: NodeId) -> Option<(&Survey, &Owners)> {
        let (_, survey) = self.surveys.iter().find(|(id, _)| *id == node)?;
        Some((survey, self.owners.get(&node)?))
    }

    /// What a link to a consumer says; none if it comes from no log, or is for no consumer.
    pub(super) fn tag(&self, world: &World<Node>, link: &crate::topology::Link) -> Option<Tag> {
        let index = world.link_index(link.id)?;
        let found = self.tags.iter().find(|(of, _)| *of == index);
        found.map(|(_, tag)| tag.clone())
    }

    /// What the links say at which a node consumes, with the names of the logs; for a consumer that
    /// never came there is a place all the same.
    pub(super) fn reads(
        &self,
        (topology, world): (&Topology, &World<Node>),
        node: NodeId,
    ) -> Vec<(String, Tag)> {
        if self.surveys.is_empty() {
            return Vec::new();
        }
        let links = topology.links.iter().filter(|link| link.to == node);
        let reads = links.filter(|link| topology.role(link) == Some(Role::Delivers));
        let reads = reads.filter(|link| self.surveys.iter().any(|(id, _)| *id == link.from));
        let tag = |link: &crate::topology::Link| {
            let log = topology.node(link.from)?.name.clone();
            let nobody = || Tag {
                number: 0,
                state: State::Idle,
                words: "not a member".to_owned(),
            };
            Some((log, self.tag(world, link).unwrap_or_else(nobody)))
        };
        reads.filter_map(tag).collect()
    }
}

/// What is shown of a member.
pub(super) fn tag_of(group: &Group, member: &Member) -> Tag {
    let state = match member {
        it if it.silent => State::Silent,
        it if it.paused => State::Paused,
        _ if group.shares_records => State::Works,
        it if it.owned.is_empty() => State::Idle,
        _ => State::Works,
    };
    let words = match (state, member.stance) {
        (_, Stance::Outside) => format!("missed, ends {}", member.in_hand),
        (State::Silent, _) if group.shares_records => "gone".to_owned(),
        (State::Silent, _) => "no heartbeat".to_owned(),
        (State::Works, _) if group.shares_records => format!("{} in hand", member.in_hand),
        (_, Stance::Ends) => format!("ends {} first", member.in_hand),
        (State::Paused, _) => "waits for the group".to_owned(),
        _ if member.owned.is_empty() && group.generation == 0 => "joins".to_owned(),
        _ if member.idle => "idle".to_owned(),
        _ => named(&member.owned),
    };
    Tag {
        number: member.number,
        state,
        words,
    }
}

/// Partitions by their names, or how many there are.
fn named(partitions: &[u32]) -> String {
    match partitions.len() {
        0 => "nothing yet".to_owned(),
        1..=NAMED_MOST => {
            let names: Vec<String> = partitions.iter().map(|n| format!("p{n}")).collect();
            names.join(" ")
        }
        count => format!("{count} partitions"),
    }
}

/// The consumer that owns a partition, and how it is; nobody is number 0. Where records are shared,
/// nobody works on it as well as anybody.
pub(super) fn owner(group: &Group, partition: usize) -> (u16, State) {
    if group.shares_records {
        return (0, State::Works);
    }
    let place = group.places.get(partition).and_then(|place| place.owner);
    let member = place.and_then(|place| group.members.get(place));
    member.map_or((0, State::Idle), |member| match member {
        it if it.silent => (it.number, State::Silent),
        it if it.paused => (it.number, State::Paused),
        it => (it.number, State::Works),
    })
}

/// Who owns the partitions of a log in its groups, and who did before.
#[derive(Clone, Debug, Default)]
pub(super) struct Owners {
    partitions: usize,
    cells: Vec<Cell>,
    at: SimTime,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    now: u16,
    before: u16,
    since: Option<SimTime>,
}

impl Owners {
    fn see(&mut self, survey: &Survey, now: SimTime, still: bool) {
        let partitions = survey.partitions.len();
        if self.partitions != partitions {
            self.cells.clear();
        }
        self.partitions = partitions;
        let is_new = self.cells.is_empty();
        let leaps = is_new || now < self.at || now.since(self.at) > LEAP || still;
        self.at = now;
        let wanted = survey.groups.len() * partitions;
        self.cells.resize(wanted, Cell::default());
        for (number, group) in survey.groups.iter().enumerate() {
            for partition in 0..partitions {
                let cell = &mut self.cells[number * partitions + partition];
                let (owner, _) = owner(group, partition);
                if leaps {
                    cell.since = None;
                } else if cell.now != owner {
                    cell.before = cell.now;
                    cell.since = Some(now);
                }
                cell.now = owner;
            }
        }
    }

    /// If a partition is just changing hands: who had it, and how far the change is, from 0 to 1.
    pub(super) fn glide(&self, group: usize, partition: usize) -> Option<(u16, f64)> {
        let cell = self.cells.get(group * self.partitions + partition)?;
        let gone = self.at.since(cell.since?).nanos() as f64 / GLIDE.nanos() as f64;
        // Slow at both ends.
        (gone < 1.0).then_some((cell.before, gone * gone * (3.0 - 2.0 * gone)))
    }
}
