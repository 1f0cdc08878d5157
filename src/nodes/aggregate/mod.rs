//! An aggregate: decides commands from the events that its own decisions led to.
//!
//! It follows Domain-Driven Design's consistency boundary over KurrentDB: it loads a stream by
//! folding it, decides, and appends with the expected revision; if somebody else was faster it
//! begins again. A command that comes twice leads to one event. Publishing comes after the append
//! and is not one with it: a crash between the two leaves an event that nobody hears of.

mod behaviour;
mod cache;
mod picture;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use behaviour::Aggregate;

use super::shared::rules::{self, Fold, Rule};
use super::{
    Conduct, Control, Descriptor, Expected, Field, Glyph, Group, OnlyExpected, Passing, Role,
    SettingsProblem, Split, Way, Work,
};
use crate::units::{Distribution, SimDuration};

/// How an aggregate works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What commands need and lead to.
    pub rules: Vec<Rule>,
    /// What events do to the state that rules look at.
    pub folds: Vec<Fold>,
    /// How long it takes to decide.
    pub decide_time: Distribution,
    /// How often a command is decided again after a conflict.
    pub conflict_retries: u32,
    /// Time after which it loads again if the store does not answer.
    pub append_timeout: SimDuration,
    /// Time after which it restarts by itself when it crashed; never without.
    pub restart_after: Option<SimDuration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            folds: Vec::new(),
            decide_time: Distribution::constant(SimDuration::from_millis(5)),
            conflict_retries: 3,
            append_timeout: SimDuration::from_secs(5),
            restart_after: None,
        }
    }
}

impl Settings {
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = rules::rule_problems(&self.rules, "rules");
        problems.extend(rules::fold_problems(&self.folds, "folds"));
        if self.append_timeout < SHORTEST_TIMEOUT {
            let what = format!(
                "expected at least {SHORTEST_TIMEOUT}, found {}",
                self.append_timeout
            );
            problems.push(SettingsProblem::new("append_timeout", what));
        }
        problems
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        let follows = |role| {
            self.rules.iter().map(move |rule| Passing {
                on: Some(&rule.command),
                gives: Some(&rule.emits),
                is_conditional: true,
                ..Passing::along(role)
            })
        };
        let commands = self.rules.iter().map(|rule| Expected {
            event: &rule.command,
            field: "rules",
            kept_along: None,
        });
        let events = self.folds.iter().map(|fold| Expected {
            event: &fold.on,
            field: "folds",
            kept_along: Some(Role::Appends),
        });
        Conduct {
            ways: vec![
                Way::one(Role::Appends, Split::First),
                Way::copies(Role::Sends),
            ],
            passings: follows(Role::Appends).chain(follows(Role::Sends)).collect(),
            work: Some(Work {
                // At the least it loads; what it refuses, it does not append.
                asks: Some((Role::Appends, 1)),
                ..Work::one_by_one(&self.decide_time, "decide_time")
            }),
            expected: commands.chain(events).collect(),
            only_expected: Some(OnlyExpected {
                field: "rules",
                refuses: true,
            }),
            needs: &[Role::Appends],
            only_first: &[Role::Appends],
            ..Conduct::default()
        }
    }
}

/// With a shorter one than this, asking again would be all that happens.
const SHORTEST_TIMEOUT: SimDuration = SimDuration::from_millis(1);

/// What an aggregate is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Aggregate",
    summary: "Accepts or refuses each command by what happened before, and appends what follows",
    brief: "Accepts or refuses",
    aliases: &[
        "command handler",
        "decider",
        "DDD",
        "consistency boundary",
        "write model",
        "entity",
    ],
    source: "Domain-Driven Design: aggregate; KurrentDB: append with expected revision",
    group: Group::EventSourcing,
    glyph: Glyph::Scales,
    takes: &[Role::Delivers, Role::Sends],
    gives: &[Role::Appends, Role::Sends],
    by_hand: true,
    can_crash: true,
    fields: &[
        Field {
            name: "rules",
            label: "Rules",
            help: "What each command needs and leads to: command, requires (field, is, value), \
                   emits, body. \"{amount}\" is a field of the command. They see this stream \
                   alone: what spans two streams cannot be kept by one aggregate.",
            control: Control::Json,
            ..Field::PLAIN
        },
        Field {
            name: "folds",
            label: "Folds",
            help: "What each event does to the state that the rules look at: on, set, add, \
                   subtract, count. A field that no fold makes is absent for every rule.",
            control: Control::Json,
            ..Field::PLAIN
        },
        Field {
            name: "decide_time",
            label: "Decision time",
            help: "How long a decision takes. The longer, the more often another writer was \
                   faster and the decision is for nothing.",
            control: Control::Spread,
            ..Field::PLAIN
        },
        Field {
            name: "conflict_retries",
            label: "Retries after a conflict",
            unit: "retries",
            help: "How often a command is decided again because its stream had changed; after \
                   that it is refused.",
            control: Control::Count { min: 0, max: 1_000 },
            heading: "Conflicts and faults",
            ..Field::PLAIN
        },
        Field {
            name: "append_timeout",
            label: "Answer within",
            help: "Time after which it loads again if the store does not answer. The event may be \
                   stored all the same: it looks whether its command was done already.",
            control: Control::Duration,
            heading: "Conflicts and faults",
            ..Field::PLAIN
        },
        Field {
            name: "restart_after",
            label: "Restart after",
            help: "Time from a crash until it restarts by itself; empty for never. Commands that \
                   reached it without a queue are lost.",
            control: Control::OptionalDuration,
            heading: "Conflicts and faults",
            ..Field::PLAIN
        },
    ],
    presets: &[],
};
