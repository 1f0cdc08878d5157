//! What a service and the logs that it reads and writes agree on about transactions: their numbers,
//! and what each hangs out for the other to read.

use crate::engine::{CONFIRM, LinkIndex};
use crate::units::SimDuration;

/// With this bit besides [`CONFIRM`] in its number a record belongs to a transaction. Only logs are
/// sent such numbers.
const TRANSACTION: u64 = 1 << 62;

const LINK_FROM: u32 = 46;
const SESSION_FROM: u32 = 40;
const NUMBER_FROM: u32 = 16;
const LINK_MASK: u64 = (1 << (62 - LINK_FROM)) - 1;
const SESSION_MASK: u64 = (1 << (LINK_FROM - SESSION_FROM)) - 1;
const NUMBER_MASK: u64 = (1 << (SESSION_FROM - NUMBER_FROM)) - 1;

/// A transaction. The link along which a log lends to the service is what Kafka calls the
/// transactional id, and the session its epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// The link from the log that lends, and coordinates, to the service.
    pub link: LinkIndex,
    /// Which connection of the service it is, as far as there is room for its number.
    pub session: u32,
    /// Which of its transactions it is, as far as there is room. The numbers rise all the run.
    pub number: u32,
}

impl Transaction {
    /// A transaction with numbers for which there is room; `None` if there is none for the link.
    pub fn new(link: LinkIndex, session: u32, number: u32) -> Option<Self> {
        let has_room = u64::from(link.0) <= LINK_MASK;
        has_room.then_some(Self {
            link,
            session: session & SESSION_MASK as u32,
            number: number & NUMBER_MASK as u32,
        })
    }

    /// The number with which its records are given away.
    pub fn word(self) -> u64 {
        CONFIRM
            | TRANSACTION
            | u64::from(self.link.0) << LINK_FROM
            | u64::from(self.session) << SESSION_FROM
            | u64::from(self.number) << NUMBER_FROM
    }

    /// The transaction to which something belongs that came with this number.
    pub fn of(word: u64) -> Option<Self> {
        let part = |from: u32, mask: u64| (word >> from & mask) as u32;
        let both = CONFIRM | TRANSACTION;
        (word & both == both).then(|| Self {
            link: LinkIndex(part(LINK_FROM, LINK_MASK)),
            session: part(SESSION_FROM, SESSION_MASK),
            number: part(NUMBER_FROM, NUMBER_MASK),
        })
    }

    /// Whether it is of the connection with this number.
    pub fn is_of_session(self, session: u32) -> bool {
        self.session == session & SESSION_MASK as u32
    }
}

/// Whether a transaction's number came after another's: they begin again when there is no more
/// room.
pub fn is_after(number: u32, other: u32) -> bool {
    let ahead = u64::from(number.wrapping_sub(other)) & NUMBER_MASK;
    ahead != 0 && ahead <= NUMBER_MASK / 2
}

/// What a log hangs out: it takes part in transactions.
pub struct Coordinates {
    /// How long one may take.
    pub timeout: SimDuration,
    /// Whether groups share records, which is never in a transaction.
    pub shares_records: bool,
    /// The groups for which it is otherwise.
    pub except: Vec<String>,
}

impl Coordinates {
    /// Whether what a group reads can be committed in a transaction.
    pub fn is_for(&self, group: &str) -> bool {
        self.shares_records == self.except.iter().any(|name| name == group)
    }
}

/// What a service hangs out.
pub struct Transacts {
    /// Whether it works in transactions.
    pub now: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_from_words() {
        let transaction = Transaction::new(LinkIndex(65_535), 63, (1 << 24) - 1).unwrap();
        assert_eq!(Transaction::of(transaction.word()), Some(transaction));
        assert_eq!(transaction.word() as u16, 0, "nothing was tried again");
        assert_eq!(Transaction::of(CONFIRM | 7 << 16), None);
        assert_eq!(Transaction::new(LinkIndex(65_536), 0, 0), None);
        let next = Transaction::new(LinkIndex(3), 64, 1 << 24).unwrap();
        assert_eq!((next.session, next.number), (0, 0));
        assert!(next.is_of_session(64) && !next.is_of_session(63));
        assert!(is_after(0, (1 << 24) - 1) && !is_after((1 << 24) - 1, 0) && !is_after(5, 5));
    }
}
