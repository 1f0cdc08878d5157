//! Presets: a kind's node as a product has it, with that product's words for its settings.
//!
//! A preset is data, and stands in the folder of its kind. It changes nothing by itself: a node
//! that follows one has settings of its own, and they alone decide what it does.

mod plan;
mod rule;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

use super::{Kind, Settings};

pub use plan::{Change, Own, Plan, plan};
pub use rule::{Allows, Rule};

/// A product's node: settings, and the words for them.
#[derive(Debug)]
pub struct Preset {
    /// Its name in documents, for ever.
    pub slug: &'static str,
    /// Its name for people.
    pub label: &'static str,
    /// The same on a card, in a few letters.
    pub tag: &'static str,
    /// Who makes it.
    pub product: &'static str,
    /// The version whose defaults it follows.
    pub version: &'static str,
    /// Where its maker says so.
    pub source: &'static str,
    /// The settings that are not as in a new node of the kind, or that the product is known for.
    pub sets: &'static [(&'static str, Worth)],
    /// The product's words for settings.
    pub words: &'static [(&'static str, &'static str)],
    /// The product's words for settings of the links that leave it.
    pub link_words: &'static [(&'static str, &'static str)],
    /// What the product's settings can be, where ours can be more.
    pub rules: &'static [&'static [Rule]],
    /// What to know before it is used; may be empty.
    pub note: &'static str,
    /// What of the product is left out, as sentences.
    pub leaves_out: &'static [&'static str],
}

/// The value of a setting, in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// There is none.
    Nothing,
    /// Yes.
    Yes,
    /// No.
    No,
    /// A whole number.
    Count(u64),
    /// A word or a duration.
    Text(&'static str),
}

impl Worth {
    /// The value as documents have it.
    pub fn to_json(self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Yes => json!(true),
            Self::No => json!(false),
            Self::Count(count) => json!(count),
            Self::Text(text) => json!(text),
        }
    }
}

/// There is one preset of each slug.
impl PartialEq for Preset {
    fn eq(&self, other: &Self) -> bool {
        self.slug == other.slug
    }
}

impl Eq for Preset {}

impl Preset {
    /// All presets, by kind.
    pub fn all() -> impl Iterator<Item = (Kind, &'static Self)> {
        let kinds = Kind::ALL.iter();
        kinds.flat_map(|kind| kind.descriptor().presets.iter().map(|it| (*kind, it)))
    }

    /// The preset with this slug, and its kind.
    pub fn find(slug: &str) -> Option<(Kind, &'static Self)> {
        Self::all().find(|(_, preset)| preset.slug == slug)
    }

    /// The settings of a new node that follows it.
    pub fn settings(&self, kind: Kind) -> Settings {
        let sets = self.sets.iter();
        let sets = sets.map(|(field, worth)| ((*field).to_owned(), worth.to_json()));
        let sets = Value::Object(sets.collect::<Map<_, _>>());
        // That every table is allowed is tested.
        Settings::from_json(kind, &sets).unwrap_or_else(|_| kind.defaults())
    }

    /// The product's word for a setting, if it has one.
    pub fn word(&self, field: &str) -> Option<&'static str> {
        if self.lacks(field).is_some() {
            return None;
        }
        word_in(self.words, field)
    }

    /// The product's word for a setting of the links that leave it.
    pub fn link_word(&self, field: &str) -> Option<&'static str> {
        word_in(self.link_words, field)
    }
}

fn word_in(words: &'static [(&'static str, &'static str)], field: &str) -> Option<&'static str> {
    let mut words = words.iter();
    words
        .find(|(name, _)| *name == field)
        .map(|(_, word)| *word)
}

/// What a new node is: of a kind, and perhaps as a product has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blueprint {
    /// The kind.
    pub kind: Kind,
    /// The product's node.
    pub preset: Option<&'static Preset>,
}

impl Blueprint {
    /// Its name for people.
    pub fn label(&self) -> &'static str {
        match self.preset {
            Some(preset) => preset.label,
            None => self.kind.descriptor().label,
        }
    }

    /// Its name in documents.
    pub fn name(&self) -> &'static str {
        self.preset.map_or(self.kind.name(), |preset| preset.slug)
    }

    /// The settings of a new one.
    pub fn settings(&self) -> Settings {
        match self.preset {
            Some(preset) => preset.settings(self.kind),
            None => self.kind.defaults(),
        }
    }
}

impl From<Kind> for Blueprint {
    fn from(kind: Kind) -> Self {
        Self { kind, preset: None }
    }
}
