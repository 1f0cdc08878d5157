//! Why things happened: the numbers stand in trace entries, the words on the page.

/// Why something happened that one would rather not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// There is nothing to say.
    None = 0,
    /// The link lost it by chance.
    Loss = 1,
    /// The link was cut.
    Partition = 2,
    /// There was no room.
    Full = 3,
    /// Nobody was there to receive it.
    NoReceiver = 4,
    /// The node that had it crashed.
    Crash = 5,
    /// The node that had it was removed.
    Removal = 6,
    /// The work on it failed too often.
    Attempts = 7,
    /// The consumer refused it.
    Rejected = 8,
    /// The consumer did not settle it in time.
    Timeout = 9,
    /// The consumer went away.
    ConsumerGone = 10,
    /// The state does not allow it.
    Rule = 11,
    /// The stream had changed.
    Revision = 12,
    /// Nobody knows what to do with it.
    Unknown = 13,
    /// It waited longer than it may.
    Age = 14,
    /// No binding leads to a queue.
    Unroutable = 15,
    /// No broker could take it.
    NoLeader = 16,
    /// The broker that leads now did not have it.
    Truncated = 17,
    /// A later record has the same key.
    Compacted = 18,
    /// It has no key where one is needed.
    NoKey = 19,
    /// What it called failed.
    CallFailed = 40,
    /// No answer to a call came in time.
    NoAnswer = 41,
    /// The circuit was open.
    CircuitOpen = 42,
    /// Too many calls were under way.
    Bulkhead = 43,
    /// The work took too long.
    TooSlow = 44,
    /// It always fails.
    Poison = 45,
    /// Something more important came.
    Outranked = 46,
    /// The broker said that it did not take it.
    Refused = 47,
    /// The same came before.
    Duplicate = 30,
    /// It went round in a circle.
    Circle = 31,
    /// Too much came in a short time.
    TooFast = 32,
    /// Somebody threw it away by hand.
    Purged = 33,
    /// The request that it was in never got there.
    RequestLost = 52,
    /// No answer came to the request that it was in.
    AnswerLost = 53,
    /// What was sent before it is not there yet.
    OutOfOrder = 54,
}

impl Reason {
    /// The reason in words that fit after "because".
    pub const fn words(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Loss => "the link lost it",
            Self::Partition => "the link is cut",
            Self::Full => "there is no room",
            Self::NoReceiver => "nobody receives it",
            Self::Crash => "the node that had it crashed",
            Self::Removal => "the node that had it was removed",
            Self::Attempts => "the work on it failed too often",
            Self::Rejected => "the consumer refused it",
            Self::Timeout => "the consumer did not settle it in time",
            Self::ConsumerGone => "the consumer went away",
            Self::Rule => "the state does not allow it",
            Self::Revision => "the stream had changed",
            Self::Unknown => "the receiver has no rule for it",
            Self::Age => "it waited longer than it may",
            Self::Unroutable => "no binding takes it to a queue",
            Self::CallFailed => "what it called failed",
            Self::NoAnswer => "no answer to its call came in time",
            Self::CircuitOpen => "the circuit is open",
            Self::Bulkhead => "too many calls are under way",
            Self::TooSlow => "the work took too long",
            Self::Poison => "it always fails",
            Self::Outranked => "something more important came",
            Self::Refused => "the broker refused it",
            Self::Duplicate => "the same came before",
            Self::Circle => "it went round in a circle",
            Self::TooFast => "too much came in a short time",
            Self::Purged => "it was thrown away by hand",
            Self::RequestLost => "the request with it failed on the way",
            Self::AnswerLost => "no answer came that it was taken",
            Self::OutOfOrder => "one before it is missing",
            Self::NoLeader => "no broker could take it",
            Self::Truncated => "the broker that leads now did not have it",
            Self::Compacted => "a later record has its key",
            Self::NoKey => "it has no key, and a compacted log needs one",
        }
    }

    /// The reason with this number, as entries hold it.
    pub fn from_number(number: u8) -> Self {
        const ALL: [Reason; 35] = [
            Reason::None,
            Reason::Loss,
            Reason::Partition,
            Reason::Full,
            Reason::NoReceiver,
            Reason::Crash,
            Reason::Removal,
            Reason::Attempts,
            Reason::Rejected,
            Reason::Timeout,
            Reason::ConsumerGone,
            Reason::Rule,
            Reason::Revision,
            Reason::Unknown,
            Reason::Age,
            Reason::Unroutable,
            Reason::CallFailed,
            Reason::NoAnswer,
            Reason::CircuitOpen,
            Reason::Bulkhead,
            Reason::TooSlow,
            Reason::Poison,
            Reason::Outranked,
            Reason::Refused,
            Reason::Duplicate,
            Reason::Circle,
            Reason::TooFast,
            Reason::Purged,
            Reason::NoLeader,
            Reason::Truncated,
            Reason::Compacted,
            Reason::NoKey,
            Reason::RequestLost,
            Reason::AnswerLost,
            Reason::OutOfOrder,
        ];
        let known = ALL.iter().find(|reason| **reason as u8 == number);
        known.copied().unwrap_or(Reason::None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_found_by_their_number() {
        for number in (0..=19).chain(30..=33).chain(40..=47).chain(52..=54) {
            assert_eq!(Reason::from_number(number) as u8, number);
        }
        assert_eq!(Reason::from_number(99), Reason::None);
    }
}
