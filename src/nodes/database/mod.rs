//! A database or external system: what services read, write and wait for.
//!
//! It follows a server with a pool of connections: so many requests at once, the others wait or
//! are refused. It emits nothing, and keeps no data but counts what it was asked, and knows the ids
//! that services ask it to remember: each kind of request has a table of its own.

mod behaviour;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use behaviour::Database;

use super::shared::period::{PERIODS, Period};
use super::{
    Conduct, Control, Descriptor, Field, Glyph, Group, Role, SettingsProblem, Work, conduct,
};
use crate::units::{Chance, Distribution, SimDuration};

/// How a database answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How long a read takes.
    pub read_time: Distribution,
    /// How long a write takes.
    pub write_time: Distribution,
    /// How many requests are answered at once.
    pub connections: u32,
    /// Most requests that wait for a connection; no limit without.
    pub max_waiting: Option<u32>,
    /// Chance that a request fails at its end.
    pub failure_rate: Chance,
    /// Time after which it restarts by itself when it crashed; never without.
    pub restart_after: Option<SimDuration>,
    /// Times in which it fails or is slow.
    pub periods: Vec<Period>,
    /// Whether the ids that services keep in it survive a crash.
    pub durable: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            read_time: Distribution::exponential(SimDuration::from_millis(10)),
            write_time: Distribution::exponential(SimDuration::from_millis(20)),
            connections: 10,
            max_waiting: None,
            failure_rate: Chance::NEVER,
            restart_after: None,
            periods: Vec::new(),
            durable: true,
        }
    }
}

impl Settings {
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        Period::problems(&self.periods, "periods")
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        // Nobody knows how many of its requests are writes: it takes at least the shorter time.
        let [read, write] = [&self.read_time, &self.write_time].map(Distribution::mean_secs);
        let (time, field) = match read <= write {
            true => (&self.read_time, "read_time"),
            false => (&self.write_time, "write_time"),
        };
        Conduct {
            work: Some(Work {
                workers: self.connections,
                workers_field: Some("connections"),
                fails: conduct::share(self.failure_rate),
                fails_field: Some("failure_rate"),
                ..Work::one_by_one(time, field)
            }),
            ..Conduct::default()
        }
    }
}

/// What a database is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Database",
    summary: "Answers reads and writes of services; also any external system that they call",
    brief: "Answers calls",
    aliases: &[
        "external system",
        "third party",
        "API",
        "storage",
        "cache",
        "SQL",
        "Postgres",
        "Redis",
        "payment provider",
        "legacy system",
    ],
    source: "A server with a pool of connections, as PostgreSQL has",
    group: Group::Workers,
    glyph: Glyph::Cylinder,
    takes: &[Role::Calls],
    gives: &[],
    by_hand: false,
    can_crash: true,
    fields: &[
        Field {
            name: "read_time",
            label: "Read takes",
            help: "How long a request takes that changes nothing, without the wait for a \
                   connection.",
            control: Control::Spread,
            ..Field::PLAIN
        },
        Field {
            name: "write_time",
            label: "Write takes",
            help: "How long a request takes that the caller says writes.",
            control: Control::Spread,
            ..Field::PLAIN
        },
        Field {
            name: "connections",
            label: "Connections",
            unit: "connections",
            help: "How many requests are answered at once. It can do this many divided by the \
                   mean time; the nearer the load comes to that, the steeper the wait grows: \
                   at 90 % it is more than twice that at 80 %.",
            control: Control::Count {
                min: 1,
                max: 10_000,
            },
            aliases: &["pool", "capacity", "concurrency"],
            ..Field::PLAIN
        },
        Field {
            name: "max_waiting",
            label: "Waiting at most",
            unit: "requests",
            help: "Most requests that wait for a connection; further ones are refused at once, \
                   which their callers see as a failure. Empty for no limit: then callers give up \
                   while their requests still wait and are answered for nobody.",
            control: Control::OptionalCount {
                min: 0,
                max: u32::MAX as u64,
            },
            aliases: &["queue", "limit"],
            ..Field::PLAIN
        },
        Field {
            name: "failure_rate",
            label: "Failure rate",
            help: "Chance that a request fails at its end.",
            control: Control::Chance,
            ..Field::PLAIN
        },
        Field {
            name: "restart_after",
            label: "Restart after",
            help: "Time from a crash until it restarts by itself; empty for never. While it is \
                   down nobody gets an answer: callers wait as long as they like to.",
            control: Control::OptionalDuration,
            heading: "Faults",
            ..Field::PLAIN
        },
        Field {
            name: "periods",
            label: "Bad periods",
            help: "Times in which it fails or is slow: from, to, fails (a chance), slow (how many \
                   times as long requests take).",
            control: PERIODS,
            aliases: &["slow", "outage", "maintenance"],
            heading: "Faults",
            ..Field::PLAIN
        },
        Field {
            name: "durable",
            label: "Survives a crash",
            help: "Whether the ids that services keep here to know what they did are there after \
                   a restart. A cache that only has them in memory loses them: what is \
                   redelivered then is done twice.",
            control: Control::Toggle,
            heading: "Faults",
            ..Field::PLAIN
        },
    ],
    presets: &[],
};
