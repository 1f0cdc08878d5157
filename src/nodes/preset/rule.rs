//! What a product's settings can be, where ours can be more, and what breaks that.

use serde_json::Value;

use super::Preset;
use crate::nodes::{Field, Settings};
use crate::units::SimDuration;

/// What a product allows for one setting.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The setting.
    pub field: &'static str,
    /// What it can be.
    pub allows: Allows,
    /// The product's rule in words, to stand behind its name; may be empty.
    pub why: &'static str,
}

/// What a setting can be.
#[derive(Clone, Copy, Debug)]
pub enum Allows {
    /// The product has nothing like it.
    Nothing,
    /// It is always as the preset has it.
    Always,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A count or a time in a range.
    Within(&'static str, &'static str),
    /// The same, or none.
    NoneOrWithin(&'static str, &'static str),
}

impl Rule {
    /// The product has nothing like a setting.
    pub const fn lacks(field: &'static str, why: &'static str) -> Self {
        Self {
            field,
            allows: Allows::Nothing,
            why,
        }
    }

    /// A setting is always as the preset has it.
    pub const fn always(field: &'static str, why: &'static str) -> Self {
        Self {
            field,
            allows: Allows::Always,
            why,
        }
    }

    /// The rule in words.
    pub fn words(&self) -> &'static str {
        match self.allows {
            Allows::Nothing if self.why.is_empty() => "there is nothing like it",
            _ => self.why,
        }
    }

    /// Whether a value is allowed where the preset has `usual`.
    fn takes(&self, value: &Value, usual: Option<&Value>) -> bool {
        match self.allows {
            Allows::Nothing | Allows::Always => Some(value) == usual,
            Allows::Words(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            Allows::Within(least, most) => is_within(value, least, most),
            Allows::NoneOrWithin(least, most) => value.is_null() || is_within(value, least, most),
        }
    }
}

/// Whether a count or a time lies in a range.
fn is_within(value: &Value, least: &str, most: &str) -> bool {
    if let Some(count) = value.as_u64() {
        let end = |text: &str| text.parse::<u64>().ok();
        return end(least).is_some_and(|least| count >= least)
            && end(most).is_some_and(|most| count <= most);
    }
    let time = |text: &str| text.parse::<SimDuration>().ok();
    let value = value.as_str().and_then(time);
    value.is_some() && value >= time(least) && value <= time(most)
}

impl Preset {
    fn rule(&self, field: &str) -> Option<&'static Rule> {
        let mut rules = self.rules.iter().flat_map(|rules| rules.iter());
        rules.find(|rule| rule.field == field)
    }

    /// Why the product has nothing like a setting, if it does not; may be empty.
    pub fn lacks(&self, field: &str) -> Option<&'static str> {
        let rule = self.rule(field)?;
        matches!(rule.allows, Allows::Nothing).then_some(rule.why)
    }

    /// Whether the product leaves no choice about a setting.
    pub fn is_fixed(&self, field: &str) -> bool {
        let rule = self.rule(field);
        rule.is_some_and(|rule| matches!(rule.allows, Allows::Nothing | Allows::Always))
    }

    /// The settings that the product could not have, each with its rule.
    pub fn breaches(&self, settings: &Settings) -> Vec<(&'static Field, &'static str)> {
        let kind = settings.kind();
        let usual = self.settings(kind).to_json();
        let json = settings.to_json();
        let fields = kind.descriptor().fields.iter();
        let breach = |field: &'static Field| {
            let rule = self.rule(field.name)?;
            let value = json.get(field.name)?;
            (!rule.takes(value, usual.get(field.name))).then(|| (field, rule.words()))
        };
        fields.filter_map(breach).collect()
    }
}
