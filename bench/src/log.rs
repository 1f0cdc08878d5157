//! The partitioned log: its numbers, the loop by hand that does nothing but this model, and what
//! queueing theory says.
//!
//! A Poisson producer with keys, partitions that keep every record, and groups of servers that own
//! them in ranges, as Kafka's default assignor shares them out. Each server works on one record
//! after the other and commits after each. The hashes of the keys are made before the loop begins.

use std::collections::VecDeque;

use eventyard::nodes::log::KeyHash;

use crate::models::SECOND;
use crate::reference::Pending;
use crate::xoshiro::Xoshiro;
use crate::{Outcome, Parameters};

/// Partitions of the log.
pub const PARTITIONS: u32 = 12;
/// Groups that read it.
pub const GROUPS: u32 = 3;
/// Servers of each group.
pub const CONSUMERS: u32 = 8;
/// Keys that records have, each equally likely.
pub const KEYS: u32 = 1000;

/// The partitions of the keys.
fn partitions_of_keys() -> Vec<u32> {
    let of = |n| KeyHash::Murmur2.partition(format!("key-{n}").as_bytes(), PARTITIONS);
    (1..=KEYS).map(of).collect()
}

/// The server that owns each partition, the same in every group: the first ones own one more.
fn owners() -> Vec<usize> {
    let (each, further) = (PARTITIONS / CONSUMERS, PARTITIONS % CONSUMERS);
    let share = |server| vec![server as usize; (each + u32::from(server < further)) as usize];
    (0..CONSUMERS).flat_map(share).collect()
}

/// Mean time before the work begins, in seconds: each server is an M/M/1 with its share of keys.
pub fn mean_wait(parameters: &Parameters) -> f64 {
    let owners = owners();
    let mut keys = [0_u32; CONSUMERS as usize];
    for partition in partitions_of_keys() {
        keys[owners[partition as usize]] += 1;
    }
    let Parameters {
        arrival_mean,
        service_mean,
        ..
    } = *parameters;
    let waits = keys.map(|keys| {
        let share = f64::from(keys) / f64::from(KEYS);
        let load = share * service_mean / arrival_mean;
        share * load * service_mean / (1.0 - load)
    });
    waits.iter().sum::<f64>() / SECOND
}

/// What is kept of a record.
struct Record {
    key: u32,
    born: u64,
}

/// Where a group is in a partition.
#[derive(Clone, Copy, Default)]
struct Cursor {
    position: usize,
    committed: usize,
}

/// One of a group's consumers: the partitions from which it has something to read, in the order in
/// which it came, and the one that it works for.
#[derive(Clone, Default)]
struct Server {
    waiting: VecDeque<u32>,
    works_for: Option<u32>,
}

struct Group {
    cursors: Vec<Cursor>,
    servers: Vec<Server>,
}

/// Runs the model by hand until every group has served so many records.
pub fn run(parameters: &Parameters, customers: u64, seed: u64) -> Outcome {
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Event {
        Published,
        /// Which of all servers is done, one group's after the other's.
        Departure(u32),
    }
    let Parameters {
        arrival_mean,
        service_mean,
        ..
    } = *parameters;
    let (partition_of, owner_of) = (partitions_of_keys(), owners());
    let mut luck = Xoshiro::new(seed);
    let mut pending = Pending::new();
    let mut partitions: Vec<Vec<Record>> = (0..PARTITIONS).map(|_| Vec::new()).collect();
    let new_group = |_| Group {
        cursors: vec![Cursor::default(); PARTITIONS as usize],
        servers: vec![Server::default(); CONSUMERS as usize],
    };
    let mut groups: Vec<Group> = (0..GROUPS).map(new_group).collect();
    let (mut published, mut arrivals, mut departures, mut waited) = (0, 0, 0, 0);
    pending.push(luck.exponential(arrival_mean) as u64, Event::Published);
    while let Some((now, event)) = pending.pop() {
        match event {
            Event::Published => {
                published += 1;
                if published < customers {
                    pending.push(
                        now + luck.exponential(arrival_mean) as u64,
                        Event::Published,
                    );
                }
                let key = luck.below(KEYS);
                let partition = partition_of[key as usize];
                partitions[partition as usize].push(Record { key, born: now });
                let server = owner_of[partition as usize];
                for (number, group) in groups.iter_mut().enumerate() {
                    arrivals += 1;
                    let owner = &mut group.servers[server];
                    if owner.works_for.is_none() {
                        owner.works_for = Some(partition);
                        group.cursors[partition as usize].position += 1;
                        let service = luck.exponential(service_mean) as u64;
                        let number = number as u32 * CONSUMERS + server as u32;
                        pending.push(now + service, Event::Departure(number));
                    } else {
                        owner.waiting.push_back(partition);
                    }
                }
            }
            Event::Departure(number) => {
                departures += 1;
                let Group { cursors, servers } = &mut groups[(number / CONSUMERS) as usize];
                let server = &mut servers[(number % CONSUMERS) as usize];
                if let Some(partition) = server.works_for.take() {
                    cursors[partition as usize].committed += 1;
                }
                if let Some(partition) = server.waiting.pop_front() {
                    let cursor = &mut cursors[partition as usize];
                    let record = &partitions[partition as usize][cursor.position];
                    waited += now - record.born;
                    cursor.position += 1;
                    server.works_for = Some(partition);
                    let service = luck.exponential(service_mean) as u64;
                    pending.push(now + service, event);
                }
            }
        }
    }
    let ends = partitions.iter().map(Vec::len);
    for group in &groups {
        let committed = group.cursors.iter().map(|cursor| cursor.committed);
        assert!(committed.eq(ends.clone()), "everything was committed");
    }
    debug_assert!(partitions.iter().flatten().all(|record| record.key < KEYS));
    Outcome::new(arrivals + departures, waited as f64, departures)
}

#[cfg(test)]
mod tests {
    use super::{mean_wait, owners, partitions_of_keys, run};
    use crate::Model;

    #[test]
    fn partitions_are_shared_in_ranges() {
        assert_eq!(owners(), [0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7]);
        let keys = partitions_of_keys();
        let in_the_first = keys.iter().filter(|partition| **partition == 0);
        assert_eq!(in_the_first.count(), 81);
    }

    #[test]
    fn the_mean_wait_matches_theory() {
        let parameters = Model::Log.parameters();
        let outcome = run(&parameters, 1_000_000, 1);
        assert_eq!(outcome.events, 6_000_000);
        let theory = mean_wait(&parameters);
        let off = outcome.mean_wait / theory - 1.0;
        assert!(off.abs() < 0.02, "{} s, theory {theory}", outcome.mean_wait);
    }
}
