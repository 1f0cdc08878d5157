//! A record of a partition: what it takes to make the message again.
//!
//! It takes 64 bytes, whatever it says: bodies and keys are kept elsewhere, and so are the few
//! combinations of event type and source.

use crate::engine::{BodyId, EventType, Key, Message, MessageId, NodeIndex};
use crate::units::SimTime;

/// A record as it is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// The message's id in the lower bits; above it its label, and whether it is a duplicate or a
    /// dead letter.
    packed: u64,
    root: u64,
    correlation: u64,
    causation: u64,
    body_root: u64,
    born: SimTime,
    body: BodyId,
    body_sequence: u32,
    pub(super) key: Key,
    sequence: u32,
}

const ID_BITS: u32 = 44;
const DUPLICATE: u64 = 1 << 62;
const DEAD: u64 = 1 << 63;

/// What records have in common: their event types and sources.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    known: Vec<(EventType, NodeIndex)>,
    last: usize,
}

impl Labels {
    #[inline]
    fn number(&mut self, message: &Message) -> u64 {
        let label = (message.event_type, message.source);
        if self.known.get(self.last) != Some(&label) {
            self.find(label);
        }
        self.last as u64
    }

    #[inline(never)]
    fn find(&mut self, label: (EventType, NodeIndex)) {
        let found = self.known.iter().position(|known| *known == label);
        self.last = found.unwrap_or_else(|| {
            self.known.push(label);
            self.known.len() - 1
        });
    }

    /// The record of a message.
    #[inline]
    pub(super) fn record(&mut self, message: &Message) -> Record {
        let mut packed = message.id.0 | self.number(message) << ID_BITS;
        if message.duplicate {
            packed |= DUPLICATE;
        }
        if message.dead {
            packed |= DEAD;
        }
        Record {
            packed,
            root: message.root,
            correlation: message.correlation,
            causation: message.causation,
            body_root: message.body_root,
            born: message.born,
            body: message.body,
            body_sequence: message.body_sequence,
            key: message.key,
            sequence: message.sequence,
        }
    }

    /// The message of a record, as it came.
    #[inline]
    pub(super) fn message(&self, record: &Record) -> Message {
        let label = record.packed >> ID_BITS & 0xffff;
        let (event_type, source) = self.known.get(label as usize).copied().unwrap_or_default();
        Message {
            id: record.id(),
            root: record.root,
            correlation: record.correlation,
            causation: record.causation,
            body_root: record.body_root,
            born: record.born,
            body: record.body,
            body_sequence: record.body_sequence,
            key: record.key,
            sequence: record.sequence,
            since: record.born,
            event_type,
            attempt: 0,
            source,
            duplicate: record.packed & DUPLICATE != 0,
            dead: record.packed & DEAD != 0,
        }
    }
}

impl Record {
    #[inline]
    pub(super) fn id(&self) -> MessageId {
        MessageId(self.packed & ((1 << ID_BITS) - 1))
    }

    pub(super) fn born(&self) -> SimTime {
        self.born
    }

    /// Whether it is the same event, sent for the same reason: who does work again sends anew.
    pub(super) fn is_of(&self, message: &Message) -> bool {
        self.root == message.root && self.sequence == message.sequence
    }
}
