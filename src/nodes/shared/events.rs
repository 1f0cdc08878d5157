//! The events that a node emits, as its settings describe them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::engine::{BodyId, Context, EventType, Template};
use crate::nodes::SettingsProblem;
use crate::units::SimDuration;

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
    /// What it is: a fact of one's own domain, or something else.
    #[serde(default, skip_serializing_if = "EventClass::is_domain")]
    pub class: EventClass,
    /// Whether it says all that its receivers need.
    #[serde(default, skip_serializing_if = "Payload::is_state")]
    pub payload: Payload,
    /// How important queues take it to be, as a header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
    /// How long queues hide it first, as a header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<SimDuration>,
}

/// What a message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventClass {
    /// A fact in the language of one bounded context.
    #[default]
    Domain,
    /// A fact that is published for other contexts.
    Integration,
    /// A fact about the system itself.
    System,
    /// It asks one receiver to do something.
    Command,
    /// It carries state, and says not what happened.
    Document,
}

/// Whether an event says all that its receivers need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// It carries the state: nobody has to ask back.
    #[default]
    State,
    /// It says just enough to ask back.
    Notification,
}

impl EventClass {
    /// Whether it is what is usual.
    pub fn is_domain(&self) -> bool {
        *self == Self::Domain
    }

    /// Its name in envelopes; nothing for what is usual.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Domain => "",
            Self::Integration => "integration",
            Self::System => "system",
            Self::Command => "command",
            Self::Document => "document",
        }
    }
}

impl Payload {
    /// Whether it is what is usual.
    pub fn is_state(&self) -> bool {
        *self == Self::State
    }
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
            class: EventClass::Domain,
            payload: Payload::State,
            priority: None,
            delay: None,
        }
    }

    /// Its headers, with those that queues look at.
    fn all_headers(&self) -> Map<String, Value> {
        let mut headers = self.headers.clone();
        if let Some(priority) = self.priority {
            headers.insert("priority".to_owned(), priority.into());
        }
        if let Some(delay) = self.delay {
            headers.insert("delay".to_owned(), delay.to_string().into());
        }
        headers
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
            body: {
                let luck = context.luck();
                context.add_template(Template {
                    luck,
                    json: self.body.clone(),
                    headers: Value::Object(self.all_headers()),
                    schema_version: self.version,
                    class: self.class.word(),
                    is_notification: self.payload == Payload::Notification,
                })
            },
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
