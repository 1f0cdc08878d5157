//! A service: a consumer that does work, and may emit events when it is done.
//!
//! It follows consumers of AMQP 0-9-1: it takes at most `prefetch` unsettled deliveries, and
//! acknowledges after the work. What reaches it without a queue waits in its memory, and is lost
//! with it. Its calls follow the clients of resilience4j and of the AWS SDKs: time limits, retries
//! with backoff and jitter, a circuit breaker and a bulkhead for each callee.

mod batch;
mod behaviour;
mod circuit;
mod emission;
mod fields;
mod hand;
mod job;
mod lists;
mod picture;
mod problems;
mod retry;
mod store;
#[cfg(test)]
mod tests;
mod transaction;
mod windows;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use behaviour::Service;
pub use emission::Emission;
pub use fields::DESCRIPTOR;

use super::shared::period::Period;
use super::{Conduct, Expected, Passing, Role, Split, Way, Work, conduct};
use crate::engine::FilterScope;
use crate::units::{Chance, Distribution, Rate, SimDuration};

/// How a service works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How many messages are worked on at once.
    pub workers: u32,
    /// How long the work on a message takes.
    pub service_time: Distribution,
    /// Chance that the work on a message fails at its end.
    pub failure_rate: Chance,
    /// What happens to a delivery whose work failed.
    pub on_failure: OnFailure,
    /// How often a message that it rejects may come back from where dead letters wait, before it
    /// gives it up for good; for ever without.
    pub rounds: Option<u32>,
    /// How often work or a call that failed is tried again by the same worker.
    pub retries: u32,
    /// Events that it emits.
    pub emits: Vec<Emission>,
    /// Most unsettled deliveries; as many as workers can have without.
    pub prefetch: Option<u32>,
    /// Time after which it restarts by itself when it crashed; never without.
    pub restart_after: Option<SimDuration>,
    /// How the wait before the next try grows.
    pub backoff: Backoff,
    /// The wait before the first retry.
    pub retry_delay: SimDuration,
    /// The longest wait before a retry.
    pub retry_delay_most: SimDuration,
    /// How much of the wait is left to chance.
    pub jitter: Jitter,
    /// Work that takes longer is given up and counts as failed.
    pub timeout: Option<SimDuration>,
    /// How long it knows the ids of what it has done; not at all without.
    pub remembers: Option<SimDuration>,
    /// What a crash does to the ids that it knows.
    pub memory: MemoryKind,
    /// By which request it asks another for the ids, instead of knowing them itself; empty for not.
    pub store: String,
    /// What it asks of others for each message.
    pub calls: Vec<Call>,
    /// Time in which a call must be answered; it waits for ever without.
    pub call_timeout: Option<SimDuration>,
    /// Calls in a row that fail before the circuit to a callee opens; never without.
    pub circuit_opens_after: Option<u32>,
    /// How long a circuit stays open before one call may try.
    pub circuit_open_for: SimDuration,
    /// Most calls to one callee that are under way at once.
    pub bulkhead: Option<u32>,
    /// Which messages always fail, as a filter policy.
    pub poison: Option<Value>,
    /// What that filter looks at.
    pub poison_scope: FilterScope,
    /// The highest version of a schema that it knows; all without.
    pub highest_version: Option<u32>,
    /// What happens to a message of a higher one.
    pub newer_version: NewerVersion,
    /// Times in which it fails or is slow.
    pub periods: Vec<Period>,
    /// Most messages a second that it begins with; 0 for no limit.
    pub rate_limit: Rate,
    /// How many it may begin with at once after a pause.
    pub burst: u32,
    /// Most messages that are worked on as one.
    pub batch: u32,
    /// How long an incomplete batch waits for more.
    pub batch_wait: SimDuration,
    /// Event types, the most important first; those not named come last.
    pub priorities: Vec<String>,
    /// Whether a more important message interrupts the work on another.
    pub preempts: bool,
    /// Whether what it emits and that it read what a log lent count together.
    pub transactional: bool,
    /// Whether a person does the work.
    pub by_hand: bool,
    /// Most messages that it was simply sent and that wait for a worker; no limit without.
    pub max_waiting: Option<u32>,
    /// What happens to a message for which there is no room.
    pub when_full: WhenFull,
}

/// What happens to a message of a schema version that a service does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewerVersion {
    /// The work on it fails.
    Fail,
    /// It is acknowledged, and nothing is done.
    Skip,
}

/// What happens when a message comes for which there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenFull {
    /// It is refused.
    Refuse,
    /// The oldest one goes.
    DropOldest,
}

/// What happens to a delivery whose work failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// Back to the queue, to be tried again.
    Requeue,
    /// Refused: to the dead letters.
    Reject,
}

/// How the wait before the next try grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backoff {
    /// There is none.
    Immediate,
    /// It is always the same.
    Fixed,
    /// It doubles.
    Exponential,
}

/// How much of a wait is left to chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Jitter {
    /// Nothing.
    None,
    /// All of it: from nothing to the whole.
    Full,
    /// Half of it: from half to the whole.
    Equal,
}

/// What a crash does to the ids that a service knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemoryKind {
    /// They are kept.
    Kept,
    /// They are lost.
    Lost,
}

/// What is asked of another for a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Name of the event type that causes it; all without.
    #[serde(default)]
    pub on: Option<String>,
    /// What is asked: the name of the request.
    pub event: String,
    /// Whether it changes something at the callee.
    #[serde(default)]
    pub writes: bool,
    /// Whether it is made only for notifications, which do not say all that one must know.
    #[serde(default)]
    pub details: bool,
    /// Chance that it is made.
    #[serde(default = "always")]
    pub chance: Chance,
    /// Its body; that of the message that caused it without.
    #[serde(default)]
    pub body: Option<Value>,
}

fn one() -> u32 {
    1
}

fn always() -> Chance {
    Chance::ALWAYS
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            workers: 1,
            service_time: Distribution::exponential(SimDuration::from_millis(200)),
            failure_rate: Chance::NEVER,
            on_failure: OnFailure::Requeue,
            rounds: None,
            retries: 0,
            emits: Vec::new(),
            prefetch: None,
            restart_after: None,
            backoff: Backoff::Exponential,
            retry_delay: SimDuration::from_millis(100),
            retry_delay_most: SimDuration::from_secs(20),
            jitter: Jitter::Full,
            timeout: None,
            remembers: None,
            memory: MemoryKind::Kept,
            store: String::new(),
            calls: Vec::new(),
            call_timeout: Some(SimDuration::from_secs(1)),
            circuit_opens_after: None,
            circuit_open_for: SimDuration::from_secs(5),
            bulkhead: None,
            poison: None,
            poison_scope: FilterScope::Attributes,
            highest_version: None,
            newer_version: NewerVersion::Fail,
            periods: Vec::new(),
            rate_limit: Rate::ZERO,
            burst: 1,
            batch: 1,
            batch_wait: SimDuration::ZERO,
            priorities: Vec::new(),
            preempts: false,
            transactional: false,
            by_hand: false,
            max_waiting: None,
            when_full: WhenFull::Refuse,
        }
    }
}

impl Settings {
    /// Most unsettled deliveries that it asks for.
    fn prefetch(&self) -> u32 {
        let usual = match self.by_hand {
            true => 0,
            false => self.workers.saturating_mul(self.batch),
        };
        self.prefetch.unwrap_or(usual)
    }

    /// Whether it does nothing but work on one message after the other, as they come.
    fn is_simple(&self) -> bool {
        self.retries == 0
            && self.timeout.is_none()
            && self.remembers.is_none()
            && self.calls.is_empty()
            && self.poison.is_none()
            && self.periods.is_empty()
            && self.highest_version.is_none()
            && self.rate_limit == Rate::ZERO
            && self.batch == 1
            && self.priorities.is_empty()
            && self.rounds.is_none()
            && self.max_waiting.is_none()
            && !self.transactional
            && self.emits.iter().all(Emission::is_simple)
    }

    /// Whether it asks another what it did before.
    fn has_store(&self) -> bool {
        self.remembers.is_some() && !self.store.is_empty()
    }

    /// How long it knows by itself what it did, if it does.
    fn own_window(&self) -> Option<SimDuration> {
        self.remembers.filter(|_| self.store.is_empty())
    }

    /// Tries of one message by the same worker, on average: each that fails is followed by another
    /// one while there are retries.
    fn mean_tries(&self) -> f64 {
        let fails = conduct::share(self.failure_rate);
        let tries = 0..=self.retries.min(1_000);
        tries
            .scan(1.0, |share, _| {
                Some(std::mem::replace(share, *share * fails))
            })
            .sum()
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        let emissions = self.emits.iter();
        let causes = emissions.clone().map(|it| (it.on.as_deref(), "emits"));
        let calls = self.calls.iter().map(|it| (it.on.as_deref(), "calls"));
        let given = emissions.map(|it| Passing {
            on: it.on.as_deref(),
            gives: Some(&it.event),
            each: it.share(),
            is_conditional: it.is_conditional(),
            ..Passing::along(Role::Sends)
        });
        let asked = self.calls.iter().map(|it| Passing {
            on: it.on.as_deref(),
            gives: Some(&it.event),
            each: conduct::share(it.chance),
            is_conditional: it.details,
            ..Passing::along(Role::Calls)
        });
        let mut passings: Vec<Passing> = given.chain(asked).collect();
        if self.has_store() {
            passings.push(Passing {
                gives: Some(&self.store),
                each: 2.0,
                ..Passing::along(Role::Calls)
            });
        } else if self.calls.is_empty() {
            passings.push(Passing::along(Role::Calls));
        }
        // One try after the other, and several messages at once.
        let scale = self.mean_tries() / f64::from(self.batch.max(1));
        let one = Work::one_by_one(&self.service_time, "service_time");
        let fails = conduct::share(self.failure_rate);
        Conduct {
            ways: vec![
                Way {
                    unheard_is_lost: true,
                    ..Way::copies(Role::Sends)
                },
                self.way_of_calls(),
            ],
            passings,
            work: Some(Work {
                workers: self.workers,
                workers_field: Some("workers"),
                secs: one.secs * scale,
                least_secs: one.least_secs / f64::from(self.batch.max(1)),
                prefetch: self.prefetch.or((self.batch > 1).then(|| self.prefetch())),
                prefetch_field: Some("prefetch"),
                fails: (0..=self.retries.min(1_000)).map(|_| fails).product(),
                fails_field: Some("failure_rate"),
                requeues: self.on_failure == OnFailure::Requeue,
                may_reject: self.may_reject(),
                ..one
            }),
            expected: causes
                .chain(calls)
                .filter_map(|(on, field)| {
                    Some(Expected {
                        event: on?,
                        field,
                        kept_along: None,
                    })
                })
                .collect(),
            ..Conduct::default()
        }
    }

    /// Whether it may reject something for a reason whose share nobody knows.
    fn may_reject(&self) -> bool {
        let may_fail = self.poison.is_some()
            || self.timeout.is_some()
            || !self.calls.is_empty()
            || (self.periods.iter()).any(|period| period.fails != Chance::NEVER);
        self.by_hand || (may_fail && self.on_failure == OnFailure::Reject)
    }

    /// Without calls that say what to ask, everybody is asked.
    fn way_of_calls(&self) -> Way {
        match self.calls.is_empty() && !self.has_store() {
            true => Way::copies(Role::Calls),
            false => Way {
                split: Split::First,
                ..Way::copies(Role::Calls)
            },
        }
    }
}
