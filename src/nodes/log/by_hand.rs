//! What a person does to a group: commit for it, and send it to another place.

use super::behaviour::PartitionedLog;
use super::consumers::own_group;
use super::settings::{Isolation, Seek};
use super::share::ShareGroup;
use crate::engine::{Context, GroupName, Operation, SeekTo, What};
use crate::units::SimTime;

impl From<Seek> for SeekTo {
    fn from(seek: Seek) -> Self {
        match seek {
            Seek::Earliest => Self::Earliest,
            Seek::Latest => Self::Latest,
            Seek::Time(time) => Self::Time(SimTime::ZERO.after(time)),
        }
    }
}

impl PartitionedLog {
    /// Does what a person asks for.
    pub(super) fn operate_by_hand(&mut self, context: &mut Context<'_>, operation: &Operation) {
        let (group, to) = match operation {
            Operation::Commit { group } => (group, None),
            Operation::Seek { group, to } => (group, Some(*to)),
            _ => return context.record_node(What::Ignored),
        };
        let is_there = match to {
            Some(SeekTo::Offset { partition, .. }) => {
                (partition as usize) < self.topic.partitions.len()
            }
            _ => true,
        };
        let Some(name) = self.meant(context, group).filter(|_| is_there) else {
            return context.record_node(What::Ignored);
        };
        let shares = |share: &ShareGroup| share.is_used && share.name == name;
        if let Some(number) = self.shares.iter().position(shares) {
            // What is acknowledged is committed: there is nothing else to commit.
            if let Some(to) = to {
                self.seek_share(number, to);
                context.record_node(What::Committed);
                self.serve_share(context, number);
            }
            return;
        }
        let Some(number) = self.groups.iter().position(|group| group.name == name) else {
            return context.record_node(What::Ignored);
        };
        match to {
            Some(to) => self.seek_by_hand(context, number, to),
            None => self.commit_by_hand(context, number),
        }
    }

    /// The name of the group that is meant.
    fn meant(&self, context: &Context<'_>, group: &GroupName) -> Option<String> {
        match group {
            GroupName::Named(name) => Some(name.to_string()),
            GroupName::OfLink(id) => {
                let mut links = (0..context.outgoing_count()).map(|n| context.outgoing(n));
                let link = links.find(|link| context.link_id(*link) == *id)?;
                Some(own_group(context, link))
            }
        }
    }

    fn commit_by_hand(&mut self, context: &mut Context<'_>, number: usize) {
        if self.groups[number].commit_now() {
            context.record_node(What::Committed);
        }
        self.gauge(context);
    }

    fn seek_by_hand(&mut self, context: &mut Context<'_>, number: usize, to: SeekTo) {
        self.seek(number, to);
        context.record_node(What::Committed);
        self.tend(context, number);
        self.serve_all(context, number);
    }

    /// A group goes to another place, and reads on from there. What its consumers have in hand they
    /// end, and it counts no more.
    pub(super) fn seek(&mut self, number: usize, to: SeekTo) {
        let isolation = self.groups[number].rules.isolation;
        for partition in 0..self.topic.partitions.len() as u32 {
            let Some(position) = self.place_in(partition, to, isolation) else {
                continue;
            };
            let group = &mut self.groups[number];
            // Nobody is sent behind what is stable that is not to see it.
            let end = self.topic.partitions[partition as usize].end_for(group.rules.isolation);
            let position = position.min(end);
            group.drop_in_hand(partition);
            let cursor = &mut group.cursors[partition as usize];
            cursor.has_begun = true;
            cursor.has_committed = true;
            let owner = cursor.owner as usize;
            group.go_to(&self.topic, partition, position);
            if owner < group.members.len() && !group.members[owner].leaving.contains(&partition) {
                group.offer(owner, partition);
            }
        }
    }

    /// The offset in a partition to which a group goes, if it goes anywhere there.
    pub(super) fn place_in(&self, partition: u32, to: SeekTo, isolation: Isolation) -> Option<u64> {
        let lane = &self.topic.partitions[partition as usize];
        let end = lane.end_for(isolation);
        match to {
            SeekTo::Earliest => Some(lane.store.start()),
            SeekTo::Latest => Some(end),
            SeekTo::Time(moment) => {
                let mut records = lane.store.iter();
                let found = records.find(|(_, record)| record.born() >= moment);
                Some(found.map_or(end, |(offset, _)| offset))
            }
            SeekTo::Offset {
                partition: wanted,
                offset,
            } => (wanted == partition).then(|| offset.min(lane.high()).max(lane.store.start())),
        }
    }
}
