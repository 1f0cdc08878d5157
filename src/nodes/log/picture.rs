//! What the card of a partitioned log shows: its partitions with the places of the groups in them,
//! and how each group is.

use super::behaviour::PartitionedLog;
use super::consumers::OWN_GROUP;
use super::group::{Group, Member, Phase, Stance};
use super::share::ShareGroup;
use crate::engine::Names;
use crate::nodes::{Capsule, Lane, LaneMark, Part, Picture, ROW_MOST, Status, Tone};
use crate::units::SimTime;

/// Most partitions that the card shows.
const LANES_MOST: usize = 6;
/// Most groups of which it says how they are.
const GROUPS_MOST: usize = 5;
/// From so many records behind the card warns.
const FAR_BEHIND: u64 = 100;

impl PartitionedLog {
    /// What the card shows.
    pub fn picture(&self, _now: SimTime, _names: &Names) -> Picture {
        let count = self.topic.partitions.len();
        let lanes = (0..count.min(LANES_MOST)).map(|n| self.lane(n));
        let mut parts = vec![Part::Lanes(lanes.collect())];
        if count > LANES_MOST {
            parts.push(text("partitions", count.to_string(), Tone::Calm));
        }
        let there = self.groups.iter().filter(|group| group.joined > 0);
        let mut own = 0;
        for group in there.take(GROUPS_MOST) {
            own += u32::from(group.name.starts_with(OWN_GROUP));
            let label = match group.name.strip_prefix(OWN_GROUP) {
                Some(_) => format!("consumer {own}"),
                None => group.name.clone(),
            };
            let (words, tone) = words_of(group);
            parts.push(text(&label, words, tone));
        }
        let shares = self.shares.iter().filter(|share| share.is_used);
        for share in shares.take(GROUPS_MOST) {
            let label = match share.name.starts_with(OWN_GROUP) {
                true => "consumer",
                false => &share.name,
            };
            let (words, tone) = words_of_share(share);
            parts.push(text(label, words, tone));
        }
        let total = self.held_back_count();
        if self.by_batches {
            let (records, requests) = self.client_waiting();
            let words = format!("{records} in batches, {requests} in flight");
            parts.push(text("producers", words, Tone::Calm));
        }
        if total > 0 {
            parts.push(Part::Row {
                capsules: self
                    .held_back()
                    .take(ROW_MOST)
                    .map(Capsule::waiting)
                    .collect(),
                total,
                room: None,
            });
        }
        Picture {
            status: if self.down { Status::Down } else { Status::Up },
            parts,
        }
    }

    fn lane(&self, n: usize) -> Lane {
        let lane = &self.topic.partitions[n];
        let mut latest: Vec<Capsule> = lane
            .store
            .iter()
            .rev()
            .take(ROW_MOST)
            .map(|(_, record)| Capsule::in_hand(&self.topic.labels.message(record)))
            .collect();
        latest.reverse();
        let end = lane.store.end();
        let marks = (0..).zip(&self.groups).filter_map(|(number, group)| {
            let cursor = group.cursors.get(n).filter(|cursor| cursor.has_begun)?;
            let owner = group.members.get(cursor.owner as usize);
            let is_cooperative = group.rules.assignor.is_cooperative();
            Some(LaneMark {
                number,
                behind: end.saturating_sub(cursor.committed),
                uncommitted: cursor.position.saturating_sub(cursor.committed),
                owner: owner.map(|_| cursor.owner as u16),
                paused: owner.is_none_or(|it| it.is_paused(is_cooperative)) || !lane.is_served(),
            })
        });
        Lane {
            label: self.lane_label(n),
            capsules: latest,
            total: lane.store.count(),
            text: end.to_string(),
            marks: marks.collect(),
        }
    }

    /// The partition, and on a cluster the broker that leads it and how many are in sync.
    fn lane_label(&self, n: usize) -> String {
        let lane = &self.topic.partitions[n];
        if self.topic.brokers.len() < 2 {
            return format!("p{n}");
        }
        let copies = lane.replicas.len();
        match lane.leader_broker().filter(|_| lane.is_served()) {
            Some(broker) => format!("p{n} b{} {}/{copies}", broker + 1, lane.in_sync()),
            None => format!("p{n} offline"),
        }
    }
}

/// How a group is.
fn words_of(group: &Group) -> (String, Tone) {
    let members = group.members.len();
    let joined = |member: &&Member| member.stance == Stance::Joined;
    match group.phase {
        Phase::Empty => (format!("no consumer, lag {}", group.lag), Tone::Warning),
        Phase::Joining { .. } => {
            let joined = group.members.iter().filter(joined).count();
            let words = format!("rebalance {joined}/{members}, lag {}", group.lag);
            (words, Tone::Warning)
        }
        Phase::Stable => {
            let idle = group.members.iter().filter(|it| it.is_idle()).count();
            let tone = match group.lag >= FAR_BEHIND || idle > 0 {
                true => Tone::Warning,
                false => Tone::Calm,
            };
            let idle = match idle {
                0 => String::new(),
                idle => format!("{idle} idle, "),
            };
            (format!("{idle}lag {}", group.lag), tone)
        }
    }
}

/// How a group is that shares records.
fn words_of_share(share: &ShareGroup) -> (String, Tone) {
    let lent: usize = share.consumers.iter().map(|it| it.lent.len()).sum();
    let back = u64::from(share.open).saturating_sub(lent as u64);
    let calm = !share.consumers.is_empty() && share.lag < FAR_BEHIND;
    let words = match (share.consumers.is_empty(), back) {
        (true, _) => format!("no consumer, lag {}", share.lag),
        (false, 0) => format!("{lent} lent, lag {}", share.lag),
        (false, back) => format!("{lent} lent, {back} came back, lag {}", share.lag),
    };
    (words, if calm { Tone::Calm } else { Tone::Warning })
}

fn text(label: &str, text: String, tone: Tone) -> Part {
    Part::Text {
        label: label.to_owned(),
        text,
        tone,
    }
}
