//! How a kind describes itself: to the palette, the inspector, the checks and the documentation.

use serde_json::Value;

use super::{Preset, Role};
use crate::units::{Distribution, Rate, SimDuration};

/// What a kind of node is, as data.
#[derive(Debug)]
pub struct Descriptor {
    /// Name for people.
    pub label: &'static str,
    /// One line: what it stands for.
    pub summary: &'static str,
    /// The same in a few words, for the palette.
    pub brief: &'static str,
    /// Other words under which people look for it.
    pub aliases: &'static [&'static str],
    /// Whose behaviour it follows.
    pub source: &'static str,
    /// Heading in the palette.
    pub group: Group,
    /// Shape on the canvas.
    pub glyph: Glyph,
    /// Roles of links that may come to it.
    pub takes: &'static [Role],
    /// Roles of links that may leave it.
    pub gives: &'static [Role],
    /// Whether a person may send events to it or out of it by hand.
    pub by_hand: bool,
    /// Whether it can crash.
    pub can_crash: bool,
    /// Its settings, in the order in which they are shown.
    pub fields: &'static [Field],
    /// Products that have it, with their words.
    pub presets: &'static [Preset],
}

/// A heading in the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What emits events.
    Sources,
    /// What takes them to others.
    Channels,
    /// What does work.
    Workers,
    /// What keeps and folds events.
    EventSourcing,
}

impl Group {
    /// The heading's text.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Sources => "Sources",
            Self::Channels => "Channels",
            Self::Workers => "Workers",
            Self::EventSourcing => "Event sourcing",
        }
    }
}

/// The shape that stands for a family of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Something that sends.
    Antenna,
    /// A row of waiting things.
    Pipe,
    /// One in, many out.
    Fan,
    /// Something that works.
    Gear,
    /// Something that keeps.
    Cylinder,
    /// Something that decides.
    Scales,
    /// Something to look at.
    Table,
}

/// One setting of a kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in the document.
    pub name: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Unit of the number, empty if there is none.
    pub unit: &'static str,
    /// What it does, and the trap that belongs to it.
    pub help: &'static str,
    /// What can be put in.
    pub control: Control,
    /// Other words under which people look for it, such as its names in products.
    pub aliases: &'static [&'static str],
    /// The group in which it is shown; empty for those that everybody sees first.
    pub heading: &'static str,
    /// What another setting must be for this one to count.
    pub needs: Option<Needs>,
}

impl Field {
    /// A field with nothing in it, from which others take what they do not say.
    pub const PLAIN: Self = Self {
        name: "",
        label: "",
        unit: "",
        help: "",
        control: Control::Toggle,
        aliases: &[],
        heading: "",
        needs: None,
    };
}

/// What another setting must be for a setting to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// The name of the other setting.
    pub field: &'static str,
    /// The words that it may be; none for anything but its usual value.
    pub words: &'static [&'static str],
}

impl Needs {
    /// Another setting is one of several words.
    pub const fn one_of(field: &'static str, words: &'static [&'static str]) -> Self {
        Self { field, words }
    }

    /// Another setting is not as in a new node.
    pub const fn set(field: &'static str) -> Self {
        Self { field, words: &[] }
    }
}

/// What can be put into a field.
#[derive(Debug, PartialEq, Eq)]
pub enum Control {
    /// A whole number in a range.
    Count {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
    },
    /// A whole number in a range, or nothing.
    OptionalCount {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
    },
    /// Happenings a second.
    Rate,
    /// A chance from 0 to 1.
    Chance,
    /// A length of time.
    Duration,
    /// A length of time, or nothing.
    OptionalDuration,
    /// A length of time that varies.
    Spread,
    /// One of several words, each with its label. The words true and false stand for yes and no.
    Choice(&'static [(&'static str, &'static str)]),
    /// Yes or no.
    Toggle,
    /// A text of at most this many characters.
    Text(usize),
    /// A text of several lines, with at most this many characters.
    Page(usize),
    /// Several texts in an order, such as names of event types.
    Words,
    /// Several whole numbers.
    Numbers,
    /// Several things of one sort, each with fields of its own.
    Rows {
        /// Their fields; those below a heading are shown when they are wanted.
        fields: &'static [Field],
        /// A new one, as JSON. What it has cannot be left empty.
        fresh: &'static str,
    },
    /// Something with a structure of its own, as JSON.
    Json,
}

impl Control {
    /// What is wrong with a value, as a sentence that says what was expected.
    pub fn problem(&self, value: &Value) -> Option<String> {
        match self {
            Self::OptionalCount { .. } | Self::OptionalDuration if value.is_null() => None,
            Self::Count { min, max } | Self::OptionalCount { min, max } => {
                let fits = value
                    .as_u64()
                    .is_some_and(|count| (*min..=*max).contains(&count));
                (!fits)
                    .then(|| format!("expected a whole number from {min} to {max}, found {value}"))
            }
            Self::Rate => {
                let fits = value.as_f64().and_then(Rate::per_second).is_some();
                (!fits).then(|| format!("expected a rate from 0 to 1e9 a second, found {value}"))
            }
            Self::Chance => {
                let fits = value
                    .as_f64()
                    .is_some_and(|share| (0.0..=1.0).contains(&share));
                (!fits).then(|| format!("expected a chance from 0 to 1, found {value}"))
            }
            Self::Duration | Self::OptionalDuration => {
                let Some(text) = value.as_str() else {
                    return Some(format!(
                        "expected a duration such as \"250ms\", found {value}"
                    ));
                };
                text.parse::<SimDuration>()
                    .err()
                    .map(|error| error.to_string())
            }
            Self::Spread => match serde_json::from_value::<Distribution>(value.clone()) {
                Ok(distribution) => distribution.problem(),
                Err(error) => Some(error.to_string()),
            },
            Self::Choice(choices) => {
                let word = match value {
                    Value::Bool(on) => Some(if *on { "true" } else { "false" }),
                    value => value.as_str(),
                };
                let fits = word.is_some_and(|word| choices.iter().any(|(name, _)| *name == word));
                (!fits).then(|| {
                    let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
                    format!("expected one of {}, found {value}", names.join(", "))
                })
            }
            Self::Toggle => {
                (!value.is_boolean()).then(|| format!("expected true or false, found {value}"))
            }
            Self::Text(most) | Self::Page(most) => {
                let fits = value
                    .as_str()
                    .is_some_and(|text| text.chars().count() <= *most);
                (!fits).then(|| format!("expected a text of at most {most} characters"))
            }
            Self::Numbers => {
                let list = value.as_array();
                let fits = list.is_some_and(|list| list.iter().all(Value::is_u64));
                (!fits).then(|| format!("expected whole numbers such as 1, 3, found {value}"))
            }
            Self::Words | Self::Rows { .. } | Self::Json => None,
        }
    }
}
