//! The record of a run: one entry for everything that happens, and the hash over all of them.

use super::digest::Digest;
use super::{Kept, Message, MessageId, Reason};
use crate::units::{LinkId, NodeId, SimTime};

/// Declares what can happen, with its number in the digest and its name in text and JSON.
macro_rules! happenings {
    ($($(#[doc = $doc:literal])+ $name:ident = $number:literal $text:literal,)+) => {
        /// What happened. The numbers are part of every digest: never changed or reused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum What { $($(#[doc = $doc])+ $name = $number,)+ }

        impl What {
            /// Everything that can happen.
            pub const ALL: &'static [What] = &[$(What::$name,)+];

            /// The name in text and JSON.
            pub const fn name(self) -> &'static str {
                match self { $(What::$name => $text,)+ }
            }
        }
    };
}

happenings! {
    /// An event came into being.
    Created = 0 "created",
    /// A copy was made for a subscription.
    Copied = 1 "copied",
    /// A link carried a message twice.
    Duplicated = 2 "duplicated",
    /// A message went on its way along a link that takes time.
    Sent = 3 "sent",
    /// A link lost a message for good.
    Lost = 4 "lost",
    /// A link lost a hand-over or an answer; the message itself is safe with its sender.
    HandoverLost = 5 "handover_lost",
    /// A message began to wait.
    Queued = 6 "queued",
    /// A waiting message was handed to a consumer.
    Delivered = 7 "delivered",
    /// A delivered message was put back to wait.
    Requeued = 8 "requeued",
    /// Work on a message began.
    Started = 9 "started",
    /// Work on a message was done.
    Finished = 10 "finished",
    /// Work on a message failed.
    Failed = 11 "failed",
    /// A consumer acknowledged a message.
    Acked = 12 "acked",
    /// A message reached its end where it was processed.
    Done = 13 "done",
    /// A message was given up.
    Dropped = 14 "dropped",
    /// A message waited longer than it may.
    Expired = 15 "expired",
    /// A message was handed to the dead letters.
    DeadLettered = 16 "dead_lettered",
    /// An event was appended to a store.
    Stored = 17 "stored",
    /// A command was refused.
    Refused = 18 "refused",
    /// An append met a stream that had changed.
    Conflicted = 19 "conflicted",
    /// An event was applied to a read model.
    Applied = 20 "applied",
    /// A node stopped working.
    Crashed = 21 "crashed",
    /// A node works again.
    Restarted = 22 "restarted",
    /// A setting was changed by the script.
    Changed = 23 "changed",
    /// A node or link was added by the script.
    Added = 24 "added",
    /// A node or link was removed by the script.
    Removed = 25 "removed",
    /// An answer came for something that is no longer waited for.
    Ignored = 26 "ignored",
    /// A node asked once more, because no answer had come.
    Asked = 27 "asked",
    /// A consumer group committed an offset: the record at it, or several at once.
    Committed = 28 "committed",
    /// A consumer group shared out its partitions anew.
    Rebalanced = 29 "rebalanced",
    /// A partition got another leader.
    Elected = 30 "elected",
    /// A message was recognised as one that was processed before.
    Repeated = 31 "repeated",
    /// Work that failed is tried again by the same worker.
    Retried = 32 "retried",
    /// A circuit opened: calls fail without being made.
    Opened = 33 "opened",
    /// A circuit closed: calls are made again.
    Closed = 34 "closed",
    /// A producer gave up waiting for the confirm of a message.
    Unconfirmed = 35 "unconfirmed",
    /// A record that was lent is to be lent again.
    GivenBack = 36 "given_back",
    /// A group of consumers goes on without a record, which stays in its log.
    Skipped = 37 "skipped",
    /// A transaction was committed.
    TransactionCommitted = 38 "transaction_committed",
    /// A transaction was aborted.
    TransactionAborted = 39 "transaction_aborted",
}

impl What {
    /// How many things can happen.
    pub const COUNT: usize = Self::ALL.len();
}

/// Where something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At a node.
    Node(NodeId),
    /// On a link.
    Link(LinkId),
}

/// One thing that happened: 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub time: SimTime,
    /// To which copy; zero if to none.
    pub message: MessageId,
    /// To which event; for other things a number that says what changed.
    pub root: u64,
    /// The place, with links in the upper half of the numbers.
    place: u32,
    /// How often the message had been delivered.
    pub attempt: u16,
    /// What.
    pub what: What,
    /// Why, and whether the message was waiting or stored.
    detail: u8,
}

const LINK_BIT: u32 = 1 << 31;
/// The reason stands in the lower bits of the detail, the origin in the upper two.
const ORIGIN_SHIFT: u8 = 6;

/// Where a message was until something happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Origin {
    /// On its way, delivered, or worked on.
    Flight = 0,
    /// In a store.
    Stored = 1,
    /// Waiting in a queue or at a service.
    Waiting = 2,
}

impl Origin {
    /// How many there are.
    pub const COUNT: usize = 3;
}

impl Entry {
    /// Something that happened to no message.
    pub fn of_place(time: SimTime, what: What, place: Place, root: u64) -> Self {
        let (message, attempt) = (MessageId(0), 0);
        let place = packed(place);
        Self {
            time,
            message,
            root,
            place,
            attempt,
            what,
            detail: 0,
        }
    }

    /// Something that happened to a message.
    #[inline(always)]
    fn of_message(time: SimTime, happening: Happening, message: &Message) -> Self {
        Self {
            time,
            message: message.id,
            root: message.root,
            place: packed(happening.place),
            attempt: message.attempt,
            what: happening.what,
            detail: packed_detail(happening.reason, happening.origin),
        }
    }

    /// Whether the message was waiting until then.
    #[inline]
    pub fn was_waiting(&self) -> bool {
        self.detail >> ORIGIN_SHIFT == Origin::Waiting as u8
    }

    /// Why it happened.
    pub fn reason(&self) -> Reason {
        Reason::from_number(self.detail & ((1 << ORIGIN_SHIFT) - 1))
    }

    /// Where it happened.
    pub fn place(&self) -> Place {
        if self.place & LINK_BIT == 0 {
            Place::Node(NodeId(self.place))
        } else {
            Place::Link(LinkId(self.place & !LINK_BIT))
        }
    }

    /// The 32 bytes that are hashed: four words.
    #[inline(always)]
    fn words(&self) -> [u64; 4] {
        let packed = u64::from(self.what as u8)
            | u64::from(self.detail) << 8
            | u64::from(self.attempt) << 16
            | u64::from(self.place) << 32;
        [self.time.nanos(), packed, self.message.0, self.root]
    }
}

/// Whom somebody watches who may fall behind, and how far behind they were.
#[derive(Clone, Debug, Default)]
struct Lags {
    watched: Vec<(NodeId, String)>,
    latest: Vec<u64>,
    changed: Vec<(SimTime, usize, u64)>,
}

/// What happened to a message, and where and why: what the entry says besides the message.
#[derive(Clone, Copy)]
pub(super) struct Happening {
    pub(super) what: What,
    pub(super) place: Place,
    pub(super) reason: Reason,
    pub(super) origin: Origin,
}

#[inline(always)]
fn packed_detail(reason: Reason, origin: Origin) -> u8 {
    reason as u8 | (origin as u8) << ORIGIN_SHIFT
}

#[inline]
fn packed(place: Place) -> u32 {
    match place {
        Place::Node(id) => id.0,
        Place::Link(id) => id.0 | LINK_BIT,
    }
}

/// The entries of a run. All are counted and hashed; some of the latest are kept.
#[derive(Clone, Default)]
pub struct Trace {
    digest: Digest,
    kept: Kept,
    keep_most: usize,
    /// What happened to which message since somebody looked, if anybody does. What happened to a
    /// node stands there with an empty message.
    observed: Option<Vec<(Entry, Message)>>,
    /// Whether entries are kept or observed at all.
    attentive: bool,
    lags: Option<Box<Lags>>,
}

impl Trace {
    /// Adds what happened, to a message or to none.
    #[inline(always)]
    pub fn push(&mut self, entry: Entry, message: Option<&Message>) {
        self.digest.fold(entry.words());
        if self.attentive {
            self.remember(entry, message);
        }
    }

    /// Adds what happened to a message. An entry is only made of it if somebody keeps it.
    #[inline(always)]
    pub(super) fn push_message(&mut self, time: SimTime, happening: Happening, message: &Message) {
        let words = Entry::of_message(time, happening, message).words();
        self.digest.fold(words);
        if self.attentive {
            let Happening {
                what,
                place,
                reason,
                origin,
            } = happening;
            let detail = packed_detail(reason, origin);
            self.remember_message(time, what, (packed(place), detail), message);
        }
    }

    /// Takes its arguments in registers.
    #[inline(never)]
    fn remember_message(
        &mut self,
        time: SimTime,
        what: What,
        (place, detail): (u32, u8),
        message: &Message,
    ) {
        let entry = Entry {
            time,
            message: message.id,
            root: message.root,
            place,
            attempt: message.attempt,
            what,
            detail,
        };
        self.remember(entry, Some(message));
    }

    #[inline]
    fn remember(&mut self, entry: Entry, message: Option<&Message>) {
        self.kept.push(entry, self.keep_most);
        if self.observed.is_some() {
            self.show(entry, message);
        }
    }

    #[inline(never)]
    fn show(&mut self, entry: Entry, message: Option<&Message>) {
        if let Some(observed) = &mut self.observed {
            observed.push((entry, message.copied().unwrap_or_default()));
        }
    }

    /// From here on, remembers what happened to which message until it is taken.
    pub fn observe(&mut self) {
        self.observed.get_or_insert_default();
        self.attentive = true;
    }

    /// From here on, remembers how far groups are behind until it is taken: that of this name at
    /// this node, and without a name the one that is furthest behind. This never changes a digest.
    pub fn watch_lag(&mut self, node: NodeId, group: &str) {
        let lags = self.lags.get_or_insert_default();
        lags.watched.push((node, group.to_owned()));
        lags.latest.push(0);
    }

    /// Whether somebody watches how far groups are behind.
    #[inline]
    pub(super) fn watches_lags(&self) -> bool {
        self.lags.is_some()
    }

    /// How far a group is behind from now on.
    pub(super) fn tell_lag(&mut self, now: SimTime, node: NodeId, group: &str, lag: u64) {
        let Some(lags) = &mut self.lags else { return };
        for (n, (at, name)) in lags.watched.iter().enumerate() {
            if (*at, name.as_str()) == (node, group) && lags.latest[n] != lag {
                lags.latest[n] = lag;
                lags.changed.push((now, n, lag));
            }
        }
    }

    /// When how far who was behind, by the places in which it was asked to be watched, since the
    /// last call.
    pub fn take_lags(&mut self) -> Vec<(SimTime, usize, u64)> {
        let lags = self.lags.as_mut();
        lags.map_or_else(Vec::new, |lags| std::mem::take(&mut lags.changed))
    }

    /// Whether somebody sees the messages to which things happen.
    #[inline]
    pub(super) fn is_observed(&self) -> bool {
        self.observed.is_some()
    }

    /// What happened since the last call, if anybody observes. The buffer comes back empty.
    pub fn take_observed(&mut self, into: &mut Vec<(Entry, Message)>) {
        into.clear();
        if let Some(observed) = &mut self.observed {
            std::mem::swap(observed, into);
        }
    }

    /// One hash over all entries so far (32 bytes an entry).
    pub fn digest(&self) -> u64 {
        self.digest.value()
    }

    /// How many entries there were so far.
    pub fn count(&self) -> u64 {
        self.digest.records()
    }

    /// Keeps at most the `most` latest entries from here on. This never changes a digest.
    pub fn keep(&mut self, most: usize) {
        self.keep_most = most;
        self.attentive = most > 0 || self.observed.is_some();
        if self.kept.len() != most {
            self.kept.limit(most);
        }
    }

    /// The kept entries, oldest first.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Takes the kept entries out.
    pub fn take(&mut self) -> Kept {
        std::mem::take(&mut self.kept)
    }

    /// How many entries are kept at most.
    pub fn keeps(&self) -> usize {
        self.keep_most
    }

    /// Keeps at least `most` entries from here on; gives back how many it was before.
    pub fn keep_at_least(&mut self, most: usize) -> usize {
        let before = self.keep_most;
        self.keep(before.max(most));
        before
    }

    /// Where the trace stands.
    pub fn mark(&self) -> TraceMark {
        TraceMark {
            digest: self.digest,
        }
    }

    /// Puts entries back that were kept before.
    pub fn restore(&mut self, kept: Kept) {
        self.kept = kept;
        self.keep(self.keep_most);
    }
}

/// Where a trace stood.
#[derive(Clone, Copy)]
pub struct TraceMark {
    digest: Digest,
}

impl TraceMark {
    /// How many entries there were.
    pub fn count(&self) -> u64 {
        self.digest.records()
    }

    /// The digest that the trace had when only these further entries had come.
    pub fn digest_with(&self, entries: &[Entry]) -> u64 {
        let mut digest = self.digest;
        for entry in entries {
            digest.fold(entry.words());
        }
        digest.value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(nanos: u64) -> Entry {
        Entry::of_place(
            SimTime::from_nanos(nanos),
            What::Crashed,
            Place::Link(LinkId(3)),
            nanos * 7,
        )
    }

    #[test]
    fn an_entry_has_32_bytes_and_gives_back_what_was_put_in() {
        assert_eq!(size_of::<Entry>(), 32);
        let entry = entry(5);
        assert!(!entry.was_waiting());
        assert_eq!(entry.place(), Place::Link(LinkId(3)));
        assert_eq!(entry.reason(), Reason::None);
    }

    #[test]
    fn the_digest_is_the_hash_of_the_entries() {
        let (mut trace, mut digest) = (Trace::default(), Digest::default());
        assert_eq!(trace.digest(), digest.value());
        for n in 0..5 {
            trace.push(entry(n), None);
            digest.fold(entry(n).words());
        }
        assert_eq!((trace.digest(), trace.count()), (digest.value(), 5));
    }

    #[test]
    fn what_is_kept_never_changes_the_digest() {
        let (mut all, mut few) = (Trace::default(), Trace::default());
        all.keep(100);
        few.keep(2);
        for n in 0..10 {
            all.push(entry(n), None);
            few.push(entry(n), None);
        }
        assert_eq!((all.digest(), all.count()), (few.digest(), few.count()));
        assert_eq!((all.kept().len(), few.kept().len()), (10, 2));
        assert_eq!(few.kept().iter().next_back(), all.kept().iter().next_back());
    }

    #[test]
    fn names_and_numbers_of_happenings_are_unique() {
        for (index, what) in What::ALL.iter().enumerate() {
            assert_eq!(*what as usize, index);
            assert_eq!(
                What::ALL
                    .iter()
                    .filter(|other| other.name() == what.name())
                    .count(),
                1
            );
        }
    }
}
