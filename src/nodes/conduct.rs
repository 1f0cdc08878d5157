//! What a node does with messages, as far as its settings say: each kind tells it of itself.
//!
//! It is for looking at a drawing that does not run: what can arrive where, how often, and who can
//! keep up. It never decides what happens in a run; that is the kind's behaviour.

use super::Role;
use crate::units::{Chance, Distribution, SimDuration};

/// What a node does with messages, as far as its settings say.
#[derive(Clone, Debug, Default)]
pub struct Conduct<'a> {
    /// What it emits without a cause.
    pub offers: Vec<Offer<'a>>,
    /// The setting that keeps it from emitting anything by itself, if one does.
    pub silenced_by: Option<&'static str>,
    /// How messages leave it.
    pub ways: Vec<Way>,
    /// What becomes of what arrives.
    pub passings: Vec<Passing<'a>>,
    /// The work that each message is.
    pub work: Option<Work>,
    /// How what waits in it is lent to consumers.
    pub lending: Option<Lending>,
    /// How many it gives one consumer at most before that answers, whatever the consumer's
    /// prefetch.
    pub hands: Option<u32>,
    /// The event types that its settings wait for.
    pub expected: Vec<Expected<'a>>,
    /// The setting that says for which types it does something, if it does nothing for others.
    pub only_expected: Option<OnlyExpected>,
    /// Links without which it can do nothing.
    pub needs: &'static [Role],
    /// Of links with these roles only the first one counts.
    pub only_first: &'static [Role],
    /// The brokers that it runs on, if they fail one by one.
    pub cluster: Option<Cluster<'a>>,
}

/// The brokers that a node runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cluster<'a> {
    /// How many there are.
    pub brokers: u32,
    /// The numbers of those that do not run, from 1, and the setting for it.
    pub stopped: (&'a [u32], &'static str),
    /// The numbers of those that the others do not reach, and the setting for it.
    pub cut_off: (&'a [u32], &'static str),
}

/// An event that a node emits without a cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offer<'a> {
    /// Name of the event type; `None` for any that a person may choose.
    pub event: Option<&'a str>,
    /// How often, in the long run: 0 for what happens a few times only.
    pub per_second: f64,
    /// The setting that names it.
    pub field: &'static str,
}

/// How messages leave a node by links of one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The role of the links.
    pub role: Role,
    /// Who gets a message that several links could take.
    pub split: Split,
    /// Which settings of a link decide what it takes.
    pub picks: Picks,
    /// Whether a message that no link takes is lost.
    pub unheard_is_lost: bool,
}

/// Who gets a message that several links could take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Everybody a copy.
    Copies,
    /// One of them.
    Shares,
    /// Of those with the same group one; everybody without a group.
    Groups,
    /// The first.
    First,
}

/// Which settings of a link decide what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picks {
    /// None: it takes all that it is given.
    All,
    /// Its types.
    Types,
    /// Its types, and with whom it shares.
    Group,
    /// Its types, and its filter.
    Filter,
    /// Its binding.
    Binding,
    /// None, but they say how it is given what it takes.
    Terms,
}

impl Picks {
    /// The settings of a link that decide.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::All => &[],
            Self::Types => &["types"],
            Self::Group => &["types", "group"],
            Self::Filter => &["types", "filter", "filter_scope"],
            Self::Binding => &["binding", "arguments", "group", "alternate"],
            Self::Terms => &["auto_ack", "consumer_priority"],
        }
    }
}

/// What becomes of a message that arrives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passing<'a> {
    /// Name of the event type that causes it; all without.
    pub on: Option<&'a str>,
    /// Name of the event type that follows; the one that came without.
    pub gives: Option<&'a str>,
    /// How it leaves.
    pub role: Role,
    /// How many follow from one, on average.
    pub each: f64,
    /// Whether it depends on what only a run knows.
    pub is_conditional: bool,
}

/// The work that each message is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// How many messages are worked on at once.
    pub workers: u32,
    /// The setting for it, if there is one.
    pub workers_field: Option<&'static str>,
    /// Mean seconds of the work on one message.
    pub secs: f64,
    /// The work takes never less than this, in seconds.
    pub least_secs: f64,
    /// The setting for it.
    pub secs_field: &'static str,
    /// Most deliveries that it holds unsettled, if its settings say; else as many as workers.
    pub prefetch: Option<u32>,
    /// The setting for it, if there is one.
    pub prefetch_field: Option<&'static str>,
    /// Chance that the work fails.
    pub fails: f64,
    /// The setting for it, if there is one.
    pub fails_field: Option<&'static str>,
    /// Whether what failed goes back to where it was lent.
    pub requeues: bool,
    /// Whether some of it may be given up for good, and nobody knows how much.
    pub may_reject: bool,
    /// How often the work waits for an answer along the first link of a role.
    pub asks: Option<(Role, u32)>,
}

/// How what waits in a node is lent to consumers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lending {
    /// Time in which a delivery must be settled, and its setting.
    pub ack_within: (Option<SimDuration>, &'static str),
    /// How often a message may come back, and its setting.
    pub returns: (Option<u32>, &'static str),
    /// Most time that a message waits, and its setting.
    pub waits: (Option<SimDuration>, &'static str),
    /// Most messages that wait, and its setting.
    pub room: (Option<u32>, &'static str),
    /// Whether an acknowledgement counts that comes too late.
    pub late_counts: bool,
}

/// An event type that the settings of a node wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected<'a> {
    /// Its name.
    pub event: &'a str,
    /// The setting that names it.
    pub field: &'static str,
    /// Where it would come from: what arrives, or what is kept at the end of the first link of a
    /// role.
    pub kept_along: Option<Role>,
}

/// A node that does nothing for types which its settings do not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnlyExpected {
    /// The setting that names the types.
    pub field: &'static str,
    /// Whether others are refused; else they are stepped over.
    pub refuses: bool,
}

impl Way {
    /// Links of a role that each get a copy of what their types take; nothing is lost if none does.
    pub const fn copies(role: Role) -> Self {
        Self {
            role,
            split: Split::Copies,
            picks: Picks::Types,
            unheard_is_lost: false,
        }
    }

    /// Links of a role of which one gets the message, whatever its type.
    pub const fn one(role: Role, split: Split) -> Self {
        Self {
            role,
            split,
            picks: Picks::All,
            unheard_is_lost: false,
        }
    }
}

impl Passing<'_> {
    /// Whatever comes goes on as it is.
    pub const fn along(role: Role) -> Self {
        Self {
            on: None,
            gives: None,
            role,
            each: 1.0,
            is_conditional: false,
        }
    }
}

impl Work {
    /// One message at a time.
    pub fn one_by_one(time: &Distribution, field: &'static str) -> Self {
        Self {
            workers: 1,
            workers_field: None,
            secs: time.mean_secs(),
            least_secs: time.least_secs(),
            secs_field: field,
            prefetch: None,
            prefetch_field: None,
            fails: 0.0,
            fails_field: None,
            requeues: false,
            may_reject: false,
            asks: None,
        }
    }

    /// Most unsettled deliveries at a time.
    pub fn in_hand(&self) -> u32 {
        self.prefetch.unwrap_or(self.workers)
    }

    /// Tries a second, when a delivery and its answer take `round_trip` seconds: limited by its
    /// workers, or by too few unsettled deliveries to hide the round trip.
    pub fn tries_per_second(&self, round_trip: f64) -> f64 {
        let by_workers = f64::from(self.workers) / self.secs;
        by_workers.min(f64::from(self.in_hand()) / (self.secs + round_trip))
    }

    /// How often a message is tried that may come back `returns` times; without end if there is
    /// no such limit.
    pub fn tries_each(&self, returns: Option<u32>) -> f64 {
        if !self.requeues || self.fails == 0.0 {
            return 1.0;
        }
        match returns {
            None => 1.0 / (1.0 - self.fails),
            // Beyond so many it makes no difference that could be told.
            Some(limit) => {
                let tries = i32::try_from(limit.min(10_000)).unwrap_or(10_000) + 1;
                (0..tries)
                    .scan(1.0, |share, _| {
                        let this = *share;
                        *share *= self.fails;
                        Some(this)
                    })
                    .take_while(|share| *share > 1e-12)
                    .sum()
            }
        }
    }

    /// Messages a second that it can settle for good, of those that are lent to it.
    pub fn capacity(&self, round_trip: f64, returns: Option<u32>) -> f64 {
        self.tries_per_second(round_trip) / self.tries_each(returns)
    }

    /// The share of messages whose work is done in the end.
    pub fn done_share(&self, is_lent: bool, returns: Option<u32>) -> f64 {
        if is_lent && self.requeues {
            match self.fails {
                certain if certain >= 1.0 => 0.0,
                _ if returns.is_none() => 1.0,
                // Each try that does not fail is one message done.
                fails => (1.0 - fails) * self.tries_each(returns),
            }
        } else {
            1.0 - self.fails
        }
    }
}

/// A chance as a number from 0 to 1.
pub(super) fn share(chance: Chance) -> f64 {
    f64::from(chance.millionths()) / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(fails: f64, requeues: bool) -> Work {
        Work {
            workers: 2,
            fails,
            requeues,
            ..Work::one_by_one(
                &Distribution::constant(SimDuration::from_millis(500)),
                "time",
            )
        }
    }

    #[test]
    fn what_is_tried_again_takes_from_what_is_new() {
        assert_eq!(work(0.0, true).capacity(0.0, None), 4.0);
        assert_eq!(work(0.5, true).capacity(0.0, None), 2.0);
        assert_eq!(work(0.5, false).capacity(0.0, None), 4.0);
        // At most twice: one and a half tries each.
        assert!((work(0.5, true).capacity(0.0, Some(1)) - 4.0 / 1.5).abs() < 1e-9);
        assert_eq!(work(1.0, true).capacity(0.0, None), 0.0);
    }

    #[test]
    fn few_in_hand_do_not_hide_the_way() {
        assert_eq!(work(0.0, true).capacity(0.5, None), 2.0);
        let eager = Work {
            prefetch: Some(4),
            ..work(0.0, true)
        };
        assert_eq!(eager.capacity(0.5, None), 4.0);
    }

    #[test]
    fn what_comes_back_often_enough_is_done_in_the_end() {
        assert_eq!(work(0.5, true).done_share(true, None), 1.0);
        assert!((work(0.5, true).done_share(true, Some(1)) - 0.75).abs() < 1e-9);
        assert_eq!(work(0.5, true).done_share(false, None), 0.5);
        assert_eq!(work(0.25, false).done_share(true, None), 0.75);
        assert_eq!(work(1.0, true).done_share(true, None), 0.0);
    }
}
