//! A service: a consumer that does work, and may emit events when it is done.
//!
//! It follows consumers of AMQP 0-9-1: it takes at most `prefetch` unsettled deliveries, and
//! acknowledges after the work. What reaches it without a queue waits in its memory, and is lost
//! with it.

mod behaviour;
mod hand;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use behaviour::Service;

use super::shared::events::EventSpec;
use super::{
    Conduct, Control, Descriptor, Expected, Field, Glyph, Group, Passing, Role, SettingsProblem,
    Way, Work, conduct,
};
use crate::units::{Chance, Distribution, SimDuration};

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
    /// Most unsettled deliveries; as many as workers without.
    pub prefetch: Option<u32>,
    /// Time after which it restarts by itself when it crashed; never without.
    pub restart_after: Option<SimDuration>,
    /// Events that it emits when the work on a message is done.
    pub emits: Vec<Emission>,
    /// Whether a person does the work.
    pub by_hand: bool,
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

/// An event that is emitted when the work on a message is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emission {
    /// Name of the event type that causes it; all without.
    #[serde(default)]
    pub on: Option<String>,
    /// Name of the event type.
    pub event: String,
    /// Version of its schema.
    #[serde(default = "one")]
    pub version: u32,
    /// Chance that it is emitted.
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
            prefetch: None,
            restart_after: None,
            emits: Vec::new(),
            by_hand: false,
        }
    }
}

/// Most workers of one service.
const WORKERS_MOST: u64 = 1_000;
/// Most event types that a service emits.
const EMITS_MOST: usize = 50;

impl Settings {
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Vec::new();
        for (n, emission) in self.emits.iter().enumerate() {
            let event = EventSpec::named(&emission.event);
            problems.extend(event.problems(&format!("emits[{n}]")));
        }
        if self.emits.len() > EMITS_MOST {
            let what = format!("expected at most {EMITS_MOST}, found {}", self.emits.len());
            problems.push(SettingsProblem::new("emits", what));
        }
        problems
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        let emissions = self.emits.iter();
        let causes = emissions.clone().filter_map(|it| it.on.as_deref());
        Conduct {
            ways: vec![Way {
                unheard_is_lost: true,
                ..Way::copies(Role::Sends)
            }],
            passings: emissions
                .map(|it| Passing {
                    on: it.on.as_deref(),
                    gives: Some(&it.event),
                    each: conduct::share(it.chance),
                    ..Passing::along(Role::Sends)
                })
                .collect(),
            work: Some(Work {
                workers: self.workers,
                workers_field: Some("workers"),
                prefetch: self.prefetch,
                prefetch_field: Some("prefetch"),
                fails: conduct::share(self.failure_rate),
                fails_field: Some("failure_rate"),
                requeues: self.on_failure == OnFailure::Requeue,
                ..Work::one_by_one(&self.service_time, "service_time")
            }),
            expected: causes
                .map(|event| Expected {
                    event,
                    field: "emits",
                    kept_along: None,
                })
                .collect(),
            ..Conduct::default()
        }
    }
}

/// What a service is.
pub const DESCRIPTOR: Descriptor = Descriptor {
    label: "Service",
    summary: "Takes messages, works on each for a while, and may emit events",
    brief: "Works on messages",
    aliases: &[
        "consumer",
        "worker",
        "handler",
        "subscriber",
        "microservice",
        "function",
        "Lambda",
        "processor",
    ],
    source: "AMQP 0-9-1 consumer with prefetch and acknowledgement after the work",
    group: Group::Workers,
    glyph: Glyph::Gear,
    takes: &[Role::Delivers, Role::Sends, Role::Binds],
    gives: &[Role::Sends],
    by_hand: true,
    can_crash: true,
    fields: &[
        Field {
            name: "workers",
            label: "Workers",
            unit: "workers",
            help: "How many messages are worked on at once. Capacity is workers divided by the \
                   mean service time; more than one worker gives up the order of messages.",
            control: Control::Count {
                min: 1,
                max: WORKERS_MOST,
            },
        },
        Field {
            name: "service_time",
            label: "Service time",
            unit: "",
            help: "How long the work on a message takes. The more it varies, the longer others \
                   wait, at the same mean.",
            control: Control::Spread,
        },
        Field {
            name: "failure_rate",
            label: "Failure rate",
            unit: "",
            help: "Chance that the work fails at its end. The time is spent all the same, and \
                   what is tried again takes capacity from what is new.",
            control: Control::Chance,
        },
        Field {
            name: "on_failure",
            label: "When it fails",
            unit: "",
            help: "Requeue puts the message back to its original place, the head: one that always \
                   fails blocks the line. Reject sends it to the dead letters.",
            control: Control::Choice(&[("requeue", "Requeue"), ("reject", "Reject")]),
        },
        Field {
            name: "prefetch",
            label: "Prefetch",
            unit: "messages",
            help: "Most deliveries that it holds unsettled; empty for as many as workers. A large \
                   prefetch takes from the queue what other consumers could have done.",
            control: Control::OptionalCount {
                min: 1,
                max: 65_535,
            },
        },
        Field {
            name: "restart_after",
            label: "Restart after",
            unit: "",
            help: "Time from a crash until it restarts by itself; empty for never.",
            control: Control::OptionalDuration,
        },
        Field {
            name: "emits",
            label: "Emits",
            unit: "",
            help: "Events that it emits when the work is done: event, on (the type that causes \
                   it), chance, body, version.",
            control: Control::Json,
        },
        Field {
            name: "by_hand",
            label: "Operated by hand",
            unit: "",
            help: "A person does the work: takes messages, acknowledges, rejects or requeues them, \
                   or lets the time run out. With a prefetch messages come by themselves, so \
                   many at a time. It emits nothing.",
            control: Control::Toggle,
        },
    ],
};
