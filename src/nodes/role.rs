//! What a link is for. It follows from the kinds at its two ends.

use super::Kind;

/// What a link is for. The numbers are what the engine carries for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    /// Messages are given away.
    Sends = 0,
    /// Messages are lent until they are acknowledged.
    Delivers = 1,
    /// Messages that could not be processed.
    DeadLetters = 2,
    /// Events go into a store.
    Appends = 3,
    /// Stored events are shown to a reader.
    Feeds = 4,
    /// Messages are given on, if the binding that the link is takes them.
    Binds = 5,
    /// Requests are made, and their sender waits for the answer.
    Calls = 6,
}

impl Role {
    /// The role of a link between these kinds; `None` if they do not fit.
    pub fn between(from: Kind, to: Kind) -> Option<Self> {
        let takes = to.descriptor().takes;
        from.descriptor()
            .gives
            .iter()
            .copied()
            .find(|role| takes.contains(role))
    }

    /// The role of a link between these kinds that is drawn to wait for answers, or is not.
    pub fn of(from: Kind, to: Kind, calls: bool) -> Option<Self> {
        let fits = Self::can_call(from, to);
        if calls && fits {
            Some(Self::Calls)
        } else {
            Self::between(from, to)
        }
    }

    /// Whether a node of one kind can ask one of the other, and wait for the answer.
    pub fn can_call(from: Kind, to: Kind) -> bool {
        from.descriptor().gives.contains(&Self::Calls)
            && to.descriptor().takes.contains(&Self::Calls)
    }

    /// The role as a verb for people: "Shop *publishes* ...".
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Sends => "sends",
            Self::Delivers => "delivers",
            Self::DeadLetters => "dead letters",
            Self::Appends => "appends",
            Self::Feeds => "feeds",
            Self::Binds => "routes",
            Self::Calls => "calls",
        }
    }

    /// The number that the engine carries.
    pub const fn number(self) -> u8 {
        self as u8
    }
}
