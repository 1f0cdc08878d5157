//! What an event store keeps: all events in one order, and which of them are in which stream.

use std::collections::BTreeMap;

use super::ANY_LENGTH;
use crate::engine::{Key, Message};

/// All events of a store. A position is a place in the whole, a revision one in a stream.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    events: Vec<Message>,
    streams: BTreeMap<Key, Stream>,
}

#[derive(Clone, Debug, Default)]
struct Stream {
    /// The position of each of its events.
    positions: Vec<u64>,
    /// The latest revision of each event's root.
    known: BTreeMap<u64, u64>,
}

/// What an append comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is to be stored at this revision.
    Append(u64),
    /// It was stored before, at this revision.
    Known(u64),
    /// The stream has another length, this one.
    Conflict(u64),
}

impl History {
    /// How many events there are.
    pub(super) fn len(&self) -> u64 {
        self.events.len() as u64
    }

    /// The streams with how many events each has, in the order of their keys' first use.
    pub(super) fn streams(&self) -> impl Iterator<Item = (Key, u64)> {
        self.streams
            .iter()
            .map(|(key, stream)| (*key, stream.positions.len() as u64))
    }

    /// How many streams there are.
    pub(super) fn stream_count(&self) -> usize {
        self.streams.len()
    }

    /// How many events a stream has.
    pub(super) fn length(&self, key: Key) -> u64 {
        self.streams
            .get(&key)
            .map_or(0, |stream| stream.positions.len() as u64)
    }

    /// The event at a position.
    pub(super) fn at(&self, position: u64) -> Option<&Message> {
        self.events.get(usize::try_from(position).ok()?)
    }

    /// All events, the latest first.
    pub(super) fn latest(&self) -> impl Iterator<Item = &Message> {
        self.events.iter().rev()
    }

    /// The events of a stream from a revision on.
    pub(super) fn read(&self, key: Key, from: u64) -> impl Iterator<Item = &Message> {
        let positions: &[u64] = self.streams.get(&key).map_or(&[], |s| &s.positions);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let wanted = positions.get(from..).unwrap_or(&[]);
        wanted
            .iter()
            .map(|position| &self.events[*position as usize])
    }

    /// What becomes of an append that expects its stream to have `expected` events.
    ///
    /// As KurrentDB: without an expectation a known event is not stored twice; with the right one
    /// it is; with one that is too short it depends on whether this very event is at that place.
    pub(super) fn judge(&self, event: &Message, expected: u64) -> Verdict {
        let length = self.length(event.key);
        let stream = self.streams.get(&event.key);
        if expected == ANY_LENGTH {
            let known = stream.and_then(|stream| stream.known.get(&event.root));
            return known.map_or(Verdict::Append(length), |at| Verdict::Known(*at));
        }
        if expected == length {
            return Verdict::Append(length);
        }
        match self.read(event.key, expected).next() {
            Some(there) if there.root == event.root => Verdict::Known(expected),
            _ => Verdict::Conflict(length),
        }
    }

    /// Stores an event at the end of its stream.
    pub(super) fn append(&mut self, event: Message) {
        let position = self.len();
        let stream = self.streams.entry(event.key).or_default();
        let revision = stream.positions.len() as u64;
        stream.positions.push(position);
        stream.known.insert(event.root, revision);
        self.events.push(event);
    }

    /// Bytes, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.events.len() * (size_of::<Message>() + 8 + 24) + self.streams.len() * 96
    }
}
