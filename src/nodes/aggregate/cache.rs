//! The states that an aggregate keeps in memory, so that it reads only what is new of a stream.

use std::collections::BTreeMap;

use crate::engine::{Context, Key, Message};
use crate::nodes::shared::rules::{self, Fold, State};

/// Streams as far as they are folded. It is only memory: it can be made again from the store.
#[derive(Clone, Debug, Default)]
pub(super) struct Cache {
    streams: BTreeMap<Key, Folded>,
}

/// One stream as far as it is folded.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    /// What the events made.
    pub(super) state: State,
    /// How many events are folded.
    pub(super) length: u64,
    /// The roots of the commands that led to them, and of the events.
    done: BTreeMap<u64, u64>,
}

impl Folded {
    /// The root of the event to which the command with this root led, if it did.
    pub(super) fn outcome_of(&self, command: u64) -> Option<u64> {
        self.done.get(&command).copied()
    }
}

impl Cache {
    /// A stream, from nothing if it is not known.
    pub(super) fn stream(&mut self, key: Key) -> &Folded {
        self.streams.entry(key).or_default()
    }

    /// How many events of a stream are folded.
    pub(super) fn length(&self, key: Key) -> u64 {
        self.streams.get(&key).map_or(0, |folded| folded.length)
    }

    /// Folds the event at a revision; nothing happens unless it is the next one.
    pub(super) fn fold(
        &mut self,
        context: &Context<'_>,
        folds: &[Fold],
        event: &Message,
        revision: u64,
    ) {
        let folded = self.streams.entry(event.key).or_default();
        if folded.length == revision {
            rules::fold_into(&mut folded.state, folds, event, context);
            folded.length += 1;
            folded.done.insert(event.causation, event.root);
        }
    }

    /// Forgets one stream.
    pub(super) fn forget(&mut self, key: Key) {
        self.streams.remove(&key);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.streams.clear();
    }

    /// Bytes, roughly.
    pub(super) fn bytes(&self) -> usize {
        let of = |folded: &Folded| 200 + folded.done.len() * 24 + folded.state.len() * 96;
        self.streams.values().map(of).sum()
    }
}
