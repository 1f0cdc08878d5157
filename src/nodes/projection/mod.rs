//! A projection: folds the events of a store into rows that can be read.
//!
//! It follows KurrentDB's catch-up subscriptions: the reader keeps its own checkpoint, in one
//! transaction with its rows, and continues from there after a crash. It is always behind the
//! store; the question is by how much.

mod behaviour;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use behaviour::Projection;

use super::shared::rules::{self, Fold};
use super::{
    Conduct, Control, Descriptor, Expected, Field, Glyph, Group, OnlyExpected, Role,
    SettingsProblem, Work,
};
use crate::units::{Distribution, SimDuration};

/// How a projection works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What events do to the row of their key.
    pub folds: Vec<Fold>,
    /// How long it takes to apply an event.
    pub apply_time: Distribution,
    /// Most events that it takes from the store before it has applied them.
    pub read_ahead: u32,
    /// Time without an event after which it asks the store again.
    pub ask_again: SimDuration,
    /// Time after which it restarts by itself when it crashed; never without.
    pub restart_after: Option<SimDuration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            folds: Vec::new(),
            apply_time: Distribution::constant(SimDuration::from_millis(50)),
            read_ahead: 1_000,
            ask_again: SimDuration::from_secs(10),
            restart_after: None,
        }
    }
}

impl Settings {
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = rules::fold_problems(&self.folds, "folds");
        if self.ask_again < SHORTEST_ASKING {
            let what = format!(
                "expected at least {SHORTEST_ASKING}, found {}",
                self.ask_again
            );
            problems.push(SettingsProblem::new("ask_again", what));
        }
        problems
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        Conduct {
            work: Some(Work::one_by_one(&self.apply_time, "apply_time")),
            expected: self
                .folds
                .iter()
                .map(|fold| Expected {
                    event: &fold.on,
                    field: "folds",
                    kept_along: None,
                })
                .collect(),
            only_expected: Some(OnlyExpected {
                field: "folds",
                refuses: false,
            }),
            needs: &[Role::Feeds],
            only_first: &[Role::Feeds],
            ..Conduct::default()
        }
    }
}

/// Asking more often than this would be all that happens.
const SHORTEST_ASKING: SimDuration = SimDuration::from_millis(1);

/// What a projection is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Projection",
    summary: "Folds the events of a store into rows for reading, some time after they happened",
    brief: "Rows for reading",
    aliases: &[
        "read model",
        "view",
        "denormaliser",
        "query",
        "CQRS",
        "catch-up subscription",
        "reader",
    ],
    source: "KurrentDB catch-up subscription with the checkpoint kept by the reader",
    group: Group::EventSourcing,
    glyph: Glyph::Table,
    takes: &[Role::Feeds],
    gives: &[],
    by_hand: false,
    can_crash: true,
    fields: &[
        Field {
            name: "folds",
            label: "Folds",
            help: "What each event type does to the row of its key: on, set, add, subtract, \
                   count; \"{amount}\" is a field of the event. A change begins the rows anew, \
                   from the first event.",
            control: Control::Json,
            ..Field::PLAIN
        },
        Field {
            name: "apply_time",
            label: "Apply time",
            help: "How long it takes to apply an event, one at a time. Above the mean time between \
                   events it falls behind for ever, and readers see what is long past.",
            control: Control::Spread,
            ..Field::PLAIN
        },
        Field {
            name: "read_ahead",
            label: "Read ahead",
            unit: "events",
            help: "Most events that it takes from the store before it has applied them. What it \
                   took is forgotten in a crash, and read again.",
            control: Control::Count {
                min: 1,
                max: 100_000,
            },
            ..Field::PLAIN
        },
        Field {
            name: "ask_again",
            label: "Ask again after",
            help: "Where the link may lose events: time without one after which it asks the \
                   store again. If the last event was lost, nothing else would tell.",
            control: Control::Duration,
            heading: "Faults",
            ..Field::PLAIN
        },
        Field {
            name: "restart_after",
            label: "Restart after",
            help: "Time from a crash until it restarts by itself, from its checkpoint; empty for \
                   never.",
            control: Control::OptionalDuration,
            heading: "Faults",
            ..Field::PLAIN
        },
    ],
    presets: &[],
};
