//! A producer: a service, device or person that emits events.
//!
//! It follows the producers of CloudEvents: an event is a fact, has an identity, and does not name
//! its receiver. It never waits for what receives it, unless it is told to: its confirms are those
//! of RabbitMQ, batches and linger those of Kafka's producer.

mod behaviour;
mod fields;
mod pace;
mod publish;
mod recording;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use behaviour::Producer;
pub use fields::DESCRIPTOR;

use super::shared::events::{EventSpec, name_problem};
use super::{Conduct, Offer, Role, SettingsProblem, Way};
use crate::units::{Rate, SimDuration};

/// What a producer emits, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How the time between two events is found.
    pub pace: Pace,
    /// Events a second.
    pub rate: Rate,
    /// Time before the first event.
    pub start_after: SimDuration,
    /// Most events; no end without.
    pub limit: Option<u32>,
    /// The event types that are emitted at random, by weight.
    pub events: Vec<EventSpec>,
    /// What keys are called.
    pub key_label: String,
    /// How many keys there are, each equally likely; 0 for events without a key.
    pub keys: u32,
    /// Which of them an event has.
    pub key_choice: KeyChoice,
    /// Events that are emitted at fixed times, besides the others.
    pub schedule: Vec<Scheduled>,
    /// Recorded events with their times, as CSV or NDJSON.
    pub trace: String,
    /// How long bursts last, on average.
    pub burst_on: SimDuration,
    /// How long it is quiet between bursts, on average.
    pub burst_off: SimDuration,
    /// Whether the broker is to confirm what it has.
    pub confirms: bool,
    /// What is not confirmed by then is sent again.
    pub confirm_timeout: SimDuration,
    /// How often an event is sent again.
    pub confirm_retries: u32,
    /// Most events that wait for their confirm.
    pub max_unconfirmed: Option<u32>,
    /// What happens to events while the broker has no room.
    pub when_blocked: WhenBlocked,
    /// Most events that are kept meanwhile.
    pub buffer: u32,
    /// How many events are sent together.
    pub batch: u32,
    /// How long an incomplete batch waits for more.
    pub linger: SimDuration,
}

/// Which of several keys an event has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyChoice {
    /// Each is equally likely.
    Uniform,
    /// One after the other.
    InTurn,
    /// The second is half as likely as the first, the third a third, and so on.
    Zipf,
}

/// What happens to events while the broker has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenBlocked {
    /// They do not happen: whoever makes them waits.
    Wait,
    /// They are dropped.
    Drop,
    /// They are kept, and those that find no room are dropped.
    Buffer,
}

/// How the time between two events is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Always the same time.
    Constant,
    /// Independent events: exponential times.
    Poisson,
    /// Independent events, in bursts.
    Bursty,
    /// Only what is scheduled or sent by hand.
    ByHand,
}

/// An event at a fixed time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduled {
    /// Time since the producer started.
    pub at: SimDuration,
    /// Name of the event type.
    pub event: String,
    /// Its key.
    #[serde(default)]
    pub key: String,
    /// Its body.
    #[serde(default)]
    pub body: Value,
    /// Its headers.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub headers: Map<String, Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pace: Pace::Poisson,
            rate: Rate::per_second(1.0).expect("one a second is a rate"),
            start_after: SimDuration::ZERO,
            limit: None,
            events: vec![EventSpec::named("SomethingHappened")],
            key_label: "key".to_owned(),
            keys: 0,
            key_choice: KeyChoice::Uniform,
            schedule: Vec::new(),
            trace: String::new(),
            burst_on: SimDuration::from_secs(2),
            burst_off: SimDuration::from_secs(8),
            confirms: false,
            confirm_timeout: SimDuration::from_secs(5),
            confirm_retries: 3,
            max_unconfirmed: None,
            when_blocked: WhenBlocked::Wait,
            buffer: 1_000,
            batch: 1,
            linger: SimDuration::ZERO,
        }
    }
}

/// Most event types, and most scheduled events.
const LIST_MOST: usize = 200;

impl Settings {
    /// What the fields' own checks do not find.
    pub(super) fn problems(&self) -> Vec<SettingsProblem> {
        let mut problems = Vec::new();
        for (n, event) in self.events.iter().enumerate() {
            problems.extend(event.problems(&format!("events[{n}]")));
        }
        for (n, scheduled) in self.schedule.iter().enumerate() {
            problems.extend(name_problem(
                &scheduled.event,
                &format!("schedule[{n}].event"),
            ));
        }
        for (field, length) in [
            ("events", self.events.len()),
            ("schedule", self.schedule.len()),
        ] {
            if length > LIST_MOST {
                let what = format!("expected at most {LIST_MOST}, found {length}");
                problems.push(SettingsProblem::new(field, what));
            }
        }
        let weight: u64 = self
            .events
            .iter()
            .map(|event| u64::from(event.weight))
            .sum();
        if weight == 0 && self.pace != Pace::ByHand {
            let what = "expected an event with a weight above 0, found none";
            problems.push(SettingsProblem::new("events", what));
        }
        problems.extend(self.timing_problems());
        problems.extend(recording::read(&self.trace).err());
        problems
    }

    fn timing_problems(&self) -> Option<SettingsProblem> {
        let what = "expected a time above 0, found 0s";
        let problem = |field: &str| SettingsProblem::new(field, what);
        match self {
            _ if self.confirms && self.confirm_timeout.is_zero() => {
                Some(problem("confirm_timeout"))
            }
            _ if self.pace == Pace::Bursty && self.burst_on.is_zero() => Some(problem("burst_on")),
            _ => None,
        }
    }

    pub(super) fn conduct(&self) -> Conduct<'_> {
        let by_hand = self.pace == Pace::ByHand;
        let rate = match self.rate.interval() {
            Some(_) if !by_hand && self.limit.is_none() => 1e9 / self.rate.interval_nanos(),
            _ => 0.0,
        };
        let silenced_by = match self.limit {
            _ if by_hand || !self.trace.is_empty() => None,
            _ if self.rate == Rate::ZERO => Some("rate"),
            Some(0) => Some("limit"),
            _ => None,
        };
        let weights: f64 = self.events.iter().map(|it| f64::from(it.weight)).sum();
        let chosen = self
            .events
            .iter()
            .filter(|it| silenced_by.is_none() && (by_hand || it.weight > 0))
            .map(|it| Offer {
                event: Some(&it.event),
                per_second: rate * f64::from(it.weight) / weights.max(1.0),
                field: "events",
            });
        let planned = self.schedule.iter().map(|it| Offer {
            event: Some(&it.event),
            per_second: 0.0,
            field: "schedule",
        });
        let mut offers: Vec<Offer> = chosen.chain(planned).collect();
        if !self.trace.is_empty() {
            offers.push(Offer {
                event: None,
                per_second: 0.0,
                field: "trace",
            });
        }
        if by_hand && offers.is_empty() {
            offers.push(Offer {
                event: None,
                per_second: 0.0,
                field: "events",
            });
        }
        Conduct {
            silenced_by: silenced_by.filter(|_| offers.is_empty()),
            offers,
            ways: vec![Way {
                unheard_is_lost: true,
                ..Way::copies(Role::Sends)
            }],
            ..Conduct::default()
        }
    }
}
