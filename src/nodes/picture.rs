//! The live picture of a node, put together from a few shapes that every kind shares.

use crate::engine::{EventType, LinkIndex, Message, MessageId};

/// What a card shows of its node right now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// How the node is.
    pub status: Status,
    /// What to draw, from top to bottom.
    pub parts: Vec<Part>,
}

/// How a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It works.
    #[default]
    Up,
    /// It crashed.
    Down,
}

/// One shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Waiting messages, the next one first. `total` says how many there are in all.
    Row {
        /// The first of them, at most [`ROW_MOST`].
        capsules: Vec<Capsule>,
        /// How many there are.
        total: u64,
        /// How many fit, if that is limited.
        room: Option<u64>,
    },
    /// Places for work, each empty or with a message in it.
    Slots(Vec<Slot>),
    /// Several rows with a name each: streams, partitions.
    Lanes(Vec<Lane>),
    /// Messages that are somewhere else, but not out of the node's hands.
    Tray {
        /// What they are.
        label: String,
        /// The first of them, at most [`ROW_MOST`].
        capsules: Vec<Capsule>,
        /// How many there are, in words.
        text: String,
        /// Whether it is trouble.
        tone: Tone,
    },
    /// A value as a part of a whole.
    Gauge {
        /// What it is.
        label: String,
        /// How much, in words.
        text: String,
        /// How much, in thousandths of the whole.
        share: u16,
        /// Whether it is trouble.
        tone: Tone,
    },
    /// The node at the other end of a link.
    Peer {
        /// What it is.
        label: String,
        /// The link.
        link: LinkIndex,
    },
    /// A line with a label and a value.
    Text {
        /// What it is.
        label: String,
        /// The value.
        text: String,
        /// Whether it is trouble.
        tone: Tone,
    },
}

impl Part {
    /// A line with a value.
    pub fn text(label: &str, text: impl Into<String>, tone: Tone) -> Self {
        let (label, text) = (label.to_owned(), text.into());
        Self::Text { label, text, tone }
    }

    /// Places for work, so many of which are busy; where there are too many, how many are.
    pub fn slots((busy, all): (u64, u64), slots: impl Iterator<Item = Slot>) -> Self {
        match all > SLOTS_MOST {
            true => Self::gauge("busy", busy, all, Tone::Calm),
            false => Self::Slots(slots.collect()),
        }
    }

    /// Some of a whole, as "2 of 5" and a bar.
    pub fn gauge(label: &str, value: u64, of: u64, tone: Tone) -> Self {
        let text = format!("{value} of {of}");
        Self::measure(label, text, (value, of), tone)
    }

    /// Some of a whole, with other words and a bar.
    pub fn measure(label: &str, text: String, (value, of): (u64, u64), tone: Tone) -> Self {
        let share = u128::from(value.min(of)) * 1_000 / u128::from(of.max(1));
        Self::Gauge {
            label: label.to_owned(),
            text,
            share: share as u16,
            tone,
        }
    }
}

/// Most places for work that are shown one by one.
const SLOTS_MOST: u64 = 14;

/// Most capsules of a row; more are shown as a number.
pub const ROW_MOST: usize = 24;

/// How loud something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it should be.
    #[default]
    Calm,
    /// To be looked at.
    Warning,
    /// Wrong.
    Trouble,
}

/// A message as a small shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capsule {
    /// Which copy.
    pub message: MessageId,
    /// Its event type.
    pub event_type: EventType,
    /// Whether it was delivered before.
    pub redelivered: bool,
    /// Whether a link made it by carrying another twice.
    pub duplicate: bool,
    /// Whether it is a dead letter.
    pub dead: bool,
}

impl Capsule {
    /// The capsule of a message that waits.
    pub fn waiting(message: &Message) -> Self {
        Self {
            redelivered: message.attempt > 0,
            ..Self::in_hand(message)
        }
    }

    /// The capsule of a message that was handed to a consumer.
    pub fn in_hand(message: &Message) -> Self {
        Self {
            message: message.id,
            event_type: message.event_type,
            redelivered: message.attempt > 1,
            duplicate: message.duplicate,
            dead: message.dead,
        }
    }
}

/// A place for work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// What is worked on, and the share that is done in thousandths.
    pub work: Option<(Capsule, u16)>,
    /// Whether the work is in trouble.
    pub tone: Tone,
}

/// A row with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Its name.
    pub label: String,
    /// The latest in it.
    pub capsules: Vec<Capsule>,
    /// How many are in it.
    pub total: u64,
    /// A value to the right of it.
    pub text: String,
}
