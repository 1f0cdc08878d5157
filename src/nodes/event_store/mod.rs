//! An event store: appends events to streams, and shows them again to whoever asks.
//!
//! It follows KurrentDB (commit 44996ed0): an append may name the length that its stream must have,
//! an event that was appended before is not appended again, a reader catches up from a position of
//! its own. A stream is named by the key of its events. Left out: deleting streams, batches, and
//! persistent subscriptions.

mod behaviour;
mod history;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use behaviour::EventStore;

use super::{
    Conduct, Control, Descriptor, Field, Glyph, Group, Passing, Role, SettingsProblem, Way, Work,
};
use crate::units::{Distribution, SimDuration};

/// The expected length of an append that does not care.
pub const ANY_LENGTH: u64 = u64::MAX;

/// How an event store works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How long an append takes.
    pub append_time: Distribution,
    /// Time after which it restarts by itself when it crashed; never without.
    pub restart_after: Option<SimDuration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            append_time: Distribution::constant(SimDuration::from_millis(2)),
            restart_after: None,
        }
    }
}

impl Settings {
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        Vec::new()
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        Conduct {
            ways: vec![Way::copies(Role::Feeds)],
            passings: vec![Passing::along(Role::Feeds)],
            work: Some(Work::one_by_one(&self.append_time, "append_time")),
            ..Conduct::default()
        }
    }
}

/// What an event store is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Event store",
    summary: "Keeps every event in the stream of its key, and shows them again from any place",
    brief: "Keeps every event",
    aliases: &[
        "KurrentDB",
        "EventStoreDB",
        "streams",
        "journal",
        "append",
        "history",
    ],
    source: "KurrentDB: append with expected revision, catch-up subscription",
    group: Group::EventSourcing,
    glyph: Glyph::Cylinder,
    takes: &[Role::Appends, Role::Sends],
    gives: &[Role::Feeds],
    by_hand: true,
    can_crash: true,
    fields: &[
        Field {
            name: "append_time",
            label: "Append time",
            help: "How long an append takes. There is one writer for all streams: appends wait for \
                   each other, and one that waited too long meets a stream that has changed.",
            control: Control::Spread,
            ..Field::PLAIN
        },
        Field {
            name: "restart_after",
            label: "Restart after",
            help: "Time from a crash until it restarts by itself; empty for never. What is stored \
                   is still there, what waited for the writer is lost without an answer.",
            control: Control::OptionalDuration,
            ..Field::PLAIN
        },
    ],
    presets: &[],
};
