//! What a partitioned log tells of itself: its partitions on their brokers, and its groups.

use super::PartitionedLog;
use super::cluster::Partition;
use super::consumers::OWN_GROUP;
use super::group::{self, NOBODY};
use crate::engine::LinkIndex;
use crate::nodes::survey::{self};
use crate::nodes::survey::{Broker, Group, Member, Phase, Place, Reader, Replica, Stance, Survey};

impl PartitionedLog {
    /// All that can be shown of it.
    pub fn survey(&self) -> Option<Survey> {
        let lanes = self.topic.partitions.iter();
        let partitions: Vec<survey::Partition> = (0..)
            .zip(lanes)
            .map(|(number, lane)| self.partition(number, lane))
            .collect();
        Some(Survey {
            brokers: self.brokers(&partitions),
            partitions,
            groups: self.group_surveys(),
            readers: self.readers.iter().map(|it| self.reader(it)).collect(),
            held_back: self.pending.len() as u64,
        })
    }

    fn partition(&self, number: u32, lane: &Partition) -> survey::Partition {
        let leader = lane.leader_broker();
        let replica = |replica: &super::cluster::Replica| Replica {
            broker: replica.broker + 1,
            end: match Some(replica.broker) == leader {
                true => lane.store.end(),
                false => replica.end,
            },
            in_sync: replica.in_sync,
        };
        survey::Partition {
            number,
            start: lane.store.start(),
            end: lane.store.end(),
            high: lane.high(),
            count: lane.store.count(),
            bytes: lane.store.count() * u64::from(self.settings.record_bytes),
            leader: leader.map(|broker| broker + 1),
            served: lane.is_served(),
            replicas: lane.replicas.iter().map(replica).collect(),
        }
    }

    fn brokers(&self, partitions: &[survey::Partition]) -> Vec<Broker> {
        let brokers = (1..).zip(&self.topic.brokers);
        let tell = |(number, broker): (u32, &super::cluster::Broker)| {
            let has = |it: &&survey::Partition| {
                let mut replicas = it.replicas.iter();
                replicas.any(|replica| replica.broker == number)
            };
            let copies = partitions.iter().filter(has).count();
            let leads = partitions.iter().filter(|it| it.leader == Some(number));
            let leads = leads.count();
            Broker {
                number,
                stopped: broker.stopped,
                cut_off: broker.cut_off,
                missed: broker.missed,
                leads: leads as u32,
                follows: copies.saturating_sub(leads) as u32,
            }
        };
        brokers.map(tell).collect()
    }

    fn group_surveys(&self) -> Vec<Group> {
        let mut own = 0;
        let there = self.groups.iter().filter(|group| group.joined > 0);
        let mut groups: Vec<Group> = there
            .map(|group| {
                own += u32::from(group.name.starts_with(OWN_GROUP));
                self.group_survey(group, own)
            })
            .collect();
        groups.extend(self.share_surveys(own));
        groups
    }

    fn group_survey(&self, group: &group::Group, own: u32) -> Group {
        let is_own = group.name.starts_with(OWN_GROUP);
        let seats = self.seats_of(group.number);
        let number = |link: Option<LinkIndex>| {
            let found = link.and_then(|link| seats.iter().position(|seat| *seat == link));
            found.map_or(0, |found| found as u16 + 1)
        };
        let mut members: Vec<Member> = (0..group.members.len())
            .map(|n| member(group, n, number(group.members[n].link)))
            .collect();
        for link in &seats {
            let strayed = self.strayed(*link);
            if strayed > 0 && members.iter().all(|it| it.link != Some(*link)) {
                members.push(outside(*link, number(Some(*link)), strayed));
            }
        }
        let pairs = group.cursors.iter().zip(&self.topic.partitions);
        let places = pairs.map(|(cursor, lane)| Place {
            begun: cursor.has_begun,
            position: cursor.position,
            committed: cursor.committed,
            lag: group::lag_of(cursor, lane.store.end()),
            owner: (cursor.owner != NOBODY).then_some(cursor.owner as usize),
        });
        Group {
            shown: match is_own {
                true => format!("consumer {own}"),
                false => group.name.clone(),
            },
            name: match is_own {
                true => String::new(),
                false => group.name.clone(),
            },
            shares_records: false,
            phase: match group.phase {
                group::Phase::Empty => Phase::Empty,
                group::Phase::Joining { .. } => Phase::Joining,
                group::Phase::Stable => Phase::Stable,
            },
            generation: group.generation,
            rebalances: group.rebalances,
            assignor: group.rules.assignor.name(),
            cooperative: group.rules.assignor.is_cooperative(),
            lag: group.lag,
            places: places.collect(),
            members,
        }
    }

    fn reader(&self, reader: &super::readers::Reader) -> Reader {
        let next = reader.next();
        let pairs = next.iter().zip(&self.topic.partitions);
        Reader {
            link: reader.link(),
            next: next.to_vec(),
            behind: pairs
                .map(|(next, lane)| lane.store.end().saturating_sub(*next))
                .sum(),
        }
    }
}

fn member(group: &group::Group, n: usize, number: u16) -> Member {
    let member = &group.members[n];
    Member {
        number,
        id: member.id.clone(),
        link: member.link,
        owned: group.partitions_of(n),
        in_hand: member.in_hand.len() as u64,
        stance: match member.stance {
            group::Stance::Works => Stance::Works,
            group::Stance::Hears(_) => Stance::Hears,
            group::Stance::Ends => Stance::Ends,
            group::Stance::Joined => Stance::Joined,
        },
        silent: member.silent.is_some(),
        idle: member.is_idle(),
        paused: member.is_paused(group.rules.assignor.is_cooperative()),
    }
}

/// A consumer that was missed, and works on so many records that are no longer its own.
fn outside(link: LinkIndex, number: u16, strayed: u32) -> Member {
    Member {
        number,
        id: String::new(),
        link: Some(link),
        owned: Vec::new(),
        in_hand: u64::from(strayed),
        stance: Stance::Outside,
        silent: false,
        idle: false,
        paused: true,
    }
}
