//! The topic: its partitions on their brokers, and which of them a record goes to.

use super::cluster::{Broker, Partition};
use super::group::InHand;
use super::partitioner::KeyHash;
use super::settings::{Keyless, Settings};
use super::store::Labels;
use crate::engine::{Context, Key, Message, NodeIndex};
use crate::units::Purpose;

/// What the log keeps.
#[derive(Clone, Debug, Default)]
pub(super) struct Topic {
    pub(super) partitions: Vec<Partition>,
    pub(super) labels: Labels,
    pub(super) brokers: Vec<Broker>,
    chooser: Chooser,
}

/// What clients remember to choose partitions.
#[derive(Clone, Debug, Default)]
struct Chooser {
    /// The hashes of keys by their numbers; [`UNKNOWN`] for those that are still to be made.
    hashes: Vec<u32>,
    hash: KeyHash,
    /// For records without a key, by source.
    turns: Vec<Turn>,
}

/// Where records of a source go that have no key.
#[derive(Clone, Copy, Debug)]
struct Turn {
    source: NodeIndex,
    partition: u32,
    /// How many of the batch are to come.
    left: u32,
}

const UNKNOWN: u32 = u32::MAX;

impl Topic {
    /// Has as many partitions as are wanted; there are never fewer than before. Copies lie on as
    /// many brokers as are wanted.
    pub(super) fn fit(&mut self, settings: &Settings) {
        self.brokers
            .resize(settings.brokers as usize, Broker::default());
        for (first, partition) in (0..).zip(&mut self.partitions) {
            partition.place(first, settings);
        }
        for first in self.partitions.len() as u32..settings.partitions {
            self.partitions.push(Partition::new(first, settings));
        }
        if self.chooser.hash != settings.key_hash {
            self.chooser.hash = settings.key_hash;
            self.chooser.hashes.clear();
        }
    }

    /// What somebody works on, as far as it is still there.
    #[inline(never)]
    pub(super) fn message(&self, hand: &InHand) -> Message {
        let store = &self.partitions[hand.partition as usize].store;
        let found = store.from(hand.offset);
        let found = found.filter(|(_, record)| record.id() == hand.message);
        let message = found.map(|(_, record)| self.labels.message(record));
        Message {
            id: hand.message,
            root: hand.root,
            attempt: hand.attempt,
            ..message.unwrap_or_default()
        }
    }

    /// The partition for a record.
    #[inline]
    pub(super) fn choose(
        &mut self,
        context: &Context<'_>,
        settings: &Settings,
        message: &Message,
    ) -> u32 {
        let count = self.partitions.len() as u32;
        if message.key != Key::default() {
            let hash = match self.chooser.hashes.get(message.key.0 as usize) {
                Some(hash) if *hash != UNKNOWN => *hash,
                _ => self.chooser.learn(context, message.key),
            };
            return hash % count;
        }
        let luck = context.luck().purpose(Purpose::Partition).at(message.root);
        match settings.keyless {
            Keyless::Random => luck.below(0, count),
            Keyless::RoundRobin => {
                let turn = self.chooser.turn(message.source);
                turn.left = turn.left.wrapping_add(1);
                turn.left.wrapping_sub(1) % count
            }
            Keyless::Sticky => {
                let turn = self.chooser.turn(message.source);
                if turn.left == 0 {
                    turn.left = settings.batch();
                    turn.partition = luck.below(0, count);
                }
                turn.left -= 1;
                turn.partition.min(count - 1)
            }
        }
    }
}

impl Chooser {
    #[inline(never)]
    fn learn(&mut self, context: &Context<'_>, key: Key) -> u32 {
        let hash = self.hash.of(context.key_text(key).as_bytes());
        let place = key.0 as usize;
        if self.hashes.len() <= place {
            self.hashes.resize(place + 1, UNKNOWN);
        }
        self.hashes[place] = hash;
        hash
    }

    fn turn(&mut self, source: NodeIndex) -> &mut Turn {
        let known = self.turns.iter().position(|turn| turn.source == source);
        let place = known.unwrap_or_else(|| {
            self.turns.push(Turn {
                source,
                partition: 0,
                left: 0,
            });
            self.turns.len() - 1
        });
        &mut self.turns[place]
    }
}
