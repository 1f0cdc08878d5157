//! The events that a node emits, as its settings describe them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::engine::{BodyId, Context, EventType};
use crate::nodes::SettingsProblem;

/// Most characters of a name of an event, key or field.
pub const NAME_MOST: usize = 120;

/// An event type with the body that its events have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSpec {
    /// Name of the event type: a fact in the past tense.
    pub event: String,
    /// How often it is chosen, compared with the others.
    #[serde(default = "one")]
    pub weight: u32,
    /// Version of its schema.
    #[serde(default = "one")]
    pub version: u32,
    /// Its body: JSON in which texts may have placeholders.
    #[serde(default = "empty")]
    pub body: Value,
    /// Its headers, which are also its attributes: an object in which texts may have placeholders.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub headers: Map<String, Value>,
}

fn one() -> u32 {
    1
}

fn empty() -> Value {
    Value::Object(Map::new())
}

impl EventSpec {
    /// An event with an empty body.
    pub fn named(event: &str) -> Self {
        Self {
            event: event.to_owned(),
            weight: 1,
            version: 1,
            body: empty(),
            headers: Map::new(),
        }
    }

    /// What is wrong, told at `field`.
    pub fn problems(&self, field: &str) -> Vec<SettingsProblem> {
        let mut problems = name_problem(&self.event, &format!("{field}.event"));
        if self.weight > 1_000_000 {
            let what = format!("expected at most 1000000, found {}", self.weight);
            problems.push(SettingsProblem::new(format!("{field}.weight"), what));
        }
        problems
    }

    /// The numbers that the run has for it.
    pub fn known(&self, context: &mut Context<'_>) -> KnownEvent {
        KnownEvent {
            event_type: context.event_type(&self.event),
            body: context.template_with(
                Value::Object(self.headers.clone()),
                self.body.clone(),
                self.version,
            ),
            weight: self.weight,
        }
    }
}

/// What is wrong with a name.
pub fn name_problem(name: &str, field: &str) -> Vec<SettingsProblem> {
    let length = name.chars().count();
    if (1..=NAME_MOST).contains(&length) {
        return Vec::new();
    }
    let what = format!("expected a name of 1 to {NAME_MOST} characters, found {length}");
    vec![SettingsProblem::new(field, what)]
}

/// An [`EventSpec`] in the numbers of a run.
#[derive(Clone, Copy, Debug)]
pub struct KnownEvent {
    /// The event type.
    pub event_type: EventType,
    /// The body.
    pub body: BodyId,
    /// How often it is chosen.
    pub weight: u32,
}

/// Chooses among events by weight; `below` gives a draw below the number it is asked for.
pub fn choose(events: &[KnownEvent], below: impl FnOnce(u32) -> u32) -> Option<KnownEvent> {
    if let [only] = events {
        return Some(*only);
    }
    let total = events
        .iter()
        .fold(0u32, |sum, event| sum.saturating_add(event.weight));
    if total == 0 {
        return None;
    }
    let mut draw = below(total);
    for event in events {
        match draw.checked_sub(event.weight) {
            None => return Some(*event),
            Some(rest) => draw = rest,
        }
    }
    None
}
