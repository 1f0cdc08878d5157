//! What travels: a small value that is copied from hand to hand.

use super::{BodyId, EventType, Key, NodeIndex};
use crate::units::{SimDuration, SimTime};

/// The serial number of one copy of an event in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

/// One copy of an event. Copies of the same event share its [`root`](Self::root).
///
/// The fields stand in this order in memory: 64 bytes that stay the same on the way, and 16 that
/// change. So copies of one with other details are made in large pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Message {
    /// Which copy this is.
    pub id: MessageId,
    /// The identity of the event, and what its luck is drawn by.
    pub root: u64,
    /// The root of the event that began the conversation.
    pub correlation: u64,
    /// The root of the event that directly caused this one; its own root if nothing did.
    pub causation: u64,
    /// The root of the event for which the body was first made, for its draws. An event that takes
    /// over the body of its cause says the same as its cause.
    pub body_root: u64,
    /// When the event happened.
    pub born: SimTime,
    /// Where its body comes from.
    pub body: BodyId,
    /// The number of the event for which the body was first made, for its placeholders.
    pub body_sequence: u32,
    /// What decides partition and order.
    pub key: Key,
    /// The event's number among all that its source emitted, from 1.
    pub sequence: u32,
    /// When this copy came to where it is.
    pub since: SimTime,
    /// The type of the event.
    pub event_type: EventType,
    /// How often this copy was handed to a consumer. It stands where no machine reads it together
    /// with its neighbours, which would have to wait until all of them were written.
    pub attempt: u16,
    /// The node that emitted the event.
    pub source: NodeIndex,
    /// Whether a link made this copy by carrying another twice.
    pub duplicate: bool,
    /// Whether this copy came to a dead-letter target.
    pub dead: bool,
}

impl Message {
    /// Puts a copy into a slot, field by field: in wasm a copy of that size at one go is a call.
    #[inline(always)]
    pub(super) fn copy_to(&self, slot: &mut Self) {
        slot.id = self.id;
        slot.root = self.root;
        slot.correlation = self.correlation;
        slot.causation = self.causation;
        slot.body_root = self.body_root;
        slot.born = self.born;
        slot.body = self.body;
        slot.body_sequence = self.body_sequence;
        slot.key = self.key;
        slot.sequence = self.sequence;
        slot.since = self.since;
        slot.event_type = self.event_type;
        slot.attempt = self.attempt;
        slot.source = self.source;
        slot.duplicate = self.duplicate;
        slot.dead = self.dead;
    }
}

/// In which way a message is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handed {
    /// The receiver has it now, and answers for it.
    Over,
    /// The sender keeps answering for it until the receiver settles it.
    Lent,
    /// The receiver may look at it; there is nothing to settle.
    Shown,
}

/// How what a message asked for went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was done.
    Done,
    /// It failed.
    Failed,
    /// There was no room to try it.
    Refused,
    /// It was done before.
    Known,
}

/// How a transaction ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All of it counts.
    Committed,
    /// Nothing of it counts; it can be tried again.
    Aborted,
    /// Nothing of it counts, and what was read in it is another's now.
    Fenced,
}

/// What goes along a link besides messages, mostly against their direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The sender of this signal wants messages, at most `prefetch` unsettled at a time.
    Subscribe {
        /// Most unsettled deliveries.
        prefetch: u32,
        /// Which connection this is; deliveries carry it, and those of an older one are void.
        session: u32,
    },
    /// The subscription is over; what was lent and not settled comes back.
    Closed,
    /// The message was processed; it can be forgotten.
    Ack(MessageId),
    /// The message was not processed: back into the queue, or to the dead letters.
    Nack {
        /// Which message.
        message: MessageId,
        /// Whether it is to be tried again.
        requeue: bool,
    },
    /// The sender of this signal takes messages now, besides what it subscribed to.
    Take {
        /// Most messages.
        most: u32,
        /// How long their queue waits for the answers; as long as it says itself with the longest.
        hide: SimDuration,
    },
    /// The answer will take longer: wait for it until so long from now.
    Extend {
        /// Which message.
        message: MessageId,
        /// How long from now.
        time: SimDuration,
    },
    /// How many partitions are the receiver's own, of how many there are. It is told who has none,
    /// and when that changes.
    Owns {
        /// How many are its own.
        partitions: u32,
        /// How many there are.
        of: u32,
    },
    /// There is no room: send nothing until it is taken back.
    Blocked,
    /// There is room again.
    Unblocked,
    /// The broker has the message.
    Confirmed(MessageId),
    /// The broker did not take the message.
    Unconfirmed(MessageId),
    /// The message was given up where it was sent to: nothing leads on from there.
    Returned(MessageId),
    /// What the message asked for was done, or was not.
    Answered {
        /// The message that asked.
        message: MessageId,
        /// How it went.
        answer: Answer,
    },
    /// Show the events of a stream, from a revision on.
    ReadStream {
        /// The stream's key.
        key: Key,
        /// The first revision wanted.
        from: u64,
    },
    /// All wanted events were shown.
    ReadEnd {
        /// The stream's key.
        key: Key,
        /// How many events the stream has.
        length: u64,
    },
    /// Show all events from a position on, and those to come, at most `credit` ahead.
    CatchUp {
        /// The first position wanted.
        from: u64,
        /// Most events shown and not yet applied.
        credit: u32,
    },
    /// How many events the store has: more than the reader's credit lets it see.
    Head {
        /// The position after the last event.
        length: u64,
    },
    /// The event at a position was applied.
    Applied {
        /// The position.
        position: u64,
    },
    /// The event was appended.
    Appended {
        /// Which event.
        message: MessageId,
        /// Its place in its stream.
        revision: u64,
    },
    /// The event was not appended, because the stream has another length than expected.
    Conflict {
        /// Which event.
        message: MessageId,
        /// How many events the stream has.
        length: u64,
    },
    /// The message was worked on in a transaction.
    Transacted {
        /// Which message.
        message: MessageId,
        /// The number of the transaction.
        number: u32,
    },
    /// A transaction is to end.
    EndTransaction {
        /// Its number.
        number: u32,
        /// How many messages were worked on in it.
        count: u32,
        /// Whether it is to count.
        commit: bool,
    },
    /// A transaction has ended.
    Concluded {
        /// Its number.
        number: u32,
        /// How.
        outcome: Outcome,
    },
    /// The sender of this signal has records of a transaction.
    Enlisted {
        /// Which one.
        transaction: u64,
    },
    /// It was decided what becomes of the records of a transaction.
    Decided {
        /// Which one.
        transaction: u64,
        /// Whether they count.
        committed: bool,
    },
}

impl Signal {
    /// Whether it begins or ends a connection, or says how it stands. The transport repeats these
    /// until they are through, so that no loss by chance leaves two ends with different beliefs for
    /// ever; a cut link does.
    pub(super) fn is_connection(self) -> bool {
        matches!(
            self,
            Self::Subscribe { .. }
                | Self::CatchUp { .. }
                | Self::Closed
                | Self::Owns { .. }
                | Self::Blocked
                | Self::Unblocked
        )
    }
}

/// With this bit in its number a message that is given away asks for a confirm; the lowest 16 bits
/// say how often it was sent before, and those above are for whoever gives it on.
pub const CONFIRM: u64 = 1 << 63;

/// What a link carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cargo {
    /// A message with a number that both ends understand (an expected revision, a position).
    Message(Message, Handed, u64),
    /// An answer.
    Signal(Signal),
}
