//! What a person does to a group: commit for it, and send it to another place.

use super::behaviour::PartitionedLog;
use super::consumers::own_group;
use super::settings::Seek;
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
        let done = match operation {
            Operation::Commit { group } => self
                .group_named(context, group)
                .map(|number| self.commit_by_hand(context, number)),
            Operation::Seek { group, to } => {
                let is_there = |to: &SeekTo| match to {
                    SeekTo::Offset { partition, .. } => {
                        (*partition as usize) < self.topic.partitions.len()
                    }
                    _ => true,
                };
                let group = self.group_named(context, group);
                let group = group.filter(|_| is_there(to));
                group.map(|number| self.seek_by_hand(context, number, *to))
            }
            _ => None,
        };
        if done.is_none() {
            context.record_node(What::Ignored);
        }
    }

    /// The group that is meant, if it is there.
    fn group_named(&self, context: &Context<'_>, group: &GroupName) -> Option<usize> {
        let name = match group {
            GroupName::Named(name) => name.to_string(),
            GroupName::OfLink(id) => {
                let mut links = (0..context.outgoing_count()).map(|n| context.outgoing(n));
                own_group(context, links.find(|link| context.link_id(*link) == *id)?)
            }
        };
        self.groups.iter().position(|group| group.name == name)
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
        let topic = &self.topic;
        let group = &mut self.groups[number];
        for (partition, lane) in (0..).zip(&topic.partitions) {
            let position = match to {
                SeekTo::Earliest => lane.store.start(),
                SeekTo::Latest => lane.high(),
                SeekTo::Time(moment) => {
                    let mut records = lane.store.iter();
                    let found = records.find(|(_, record)| record.born() >= moment);
                    found.map_or(lane.high(), |(offset, _)| offset)
                }
                SeekTo::Offset {
                    partition: wanted, ..
                } if wanted != partition => continue,
                SeekTo::Offset { offset, .. } => offset.min(lane.high()).max(lane.store.start()),
            };
            group.drop_in_hand(partition);
            let cursor = &mut group.cursors[partition as usize];
            cursor.has_begun = true;
            cursor.has_committed = true;
            let owner = cursor.owner as usize;
            group.go_to(topic, partition, position);
            if owner < group.members.len() && !group.members[owner].leaving.contains(&partition) {
                group.offer(owner, partition);
            }
        }
    }
}
