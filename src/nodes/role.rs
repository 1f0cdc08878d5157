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

    /// The role as a verb for people: "Shop *publishes* ...".
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Sends => "sends",
            Self::Delivers => "delivers",
            Self::DeadLetters => "dead letters",
            Self::Appends => "appends",
            Self::Feeds => "feeds",
            Self::Binds => "routes",
        }
    }

    /// The number that the engine carries.
    pub const fn number(self) -> u8 {
        self as u8
    }
}
