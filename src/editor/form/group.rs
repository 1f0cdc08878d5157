//! Settings in groups: a few that everybody sees, the others below headings; which of them count
//! now, and which are meant by a search.

use serde_json::Value;

use super::SharedField;
use crate::nodes::{Control, Field, Needs};

/// More settings than this can be searched.
pub const SEARCHED_FROM: usize = 10;

/// The headings of these settings, in their order; the first ones, for everybody, have none.
pub fn headings<'a>(fields: impl Iterator<Item = &'a Field>) -> Vec<&'static str> {
    let mut headings = Vec::new();
    for field in fields {
        if !headings.contains(&field.heading) {
            headings.push(field.heading);
        }
    }
    headings
}

/// How many settings below a heading are not as in a new one, in words.
pub fn set_words(rows: &[SharedField], heading: &str) -> String {
    let below = rows.iter().filter(|row| row.field.heading == heading);
    match below.filter(|row| row.is_unusual()).count() {
        0 => String::new(),
        set => format!(" · {set} set"),
    }
}

/// Why a setting does not count now, if it does not: what another one must be for that.
pub fn idle_reason(rows: &[SharedField], field: &Field) -> Option<String> {
    let needs = field.needs?;
    let other = rows.iter().find(|row| row.field.name == needs.field)?;
    if is_met(other, needs) {
        // What it depends on may itself depend on something.
        return idle_reason(rows, other.field);
    }
    let label = other.field.label;
    let words: Vec<&str> = match &other.field.control {
        Control::Choice(choices) => {
            let choices = choices.iter();
            let meant = choices.filter(|(name, _)| needs.words.contains(name));
            meant.map(|(_, label)| *label).collect()
        }
        _ => Vec::new(),
    };
    Some(match words.is_empty() {
        true => format!("Counts only with: {label}."),
        false => format!("Counts only with {label}: {}.", words.join(" or ")),
    })
}

/// Whether another setting is what one needs. Where several have different values, it may be.
fn is_met(other: &SharedField, needs: Needs) -> bool {
    match &other.value {
        None => true,
        Some(_) if needs.words.is_empty() => other.is_unusual(),
        Some(Value::String(word)) => needs.words.contains(&word.as_str()),
        Some(_) => false,
    }
}

/// Whether a search means a setting: each word of it is somewhere in what is said of the setting.
pub fn is_meant(field: &Field, search: &str) -> bool {
    let small = |text: &str| text.to_lowercase();
    let name = field.name.replace('_', " ");
    let mut texts = vec![
        small(field.label),
        name,
        small(field.heading),
        small(field.help),
    ];
    texts.extend(field.aliases.iter().map(|alias| small(alias)));
    let search = small(search);
    let mut words = search.split_whitespace();
    words.all(|word| texts.iter().any(|text| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::editor::form::{LINK_FIELDS, shared_fields};
    use crate::nodes::{Kind, Picks, Settings};

    fn rows(kind: &str, json: Value) -> Vec<SharedField> {
        let kind = Kind::from_name(kind).unwrap();
        shared_fields(&[&Settings::from_json(kind, &json).unwrap()])
    }

    fn reason(rows: &[SharedField], name: &str) -> Option<String> {
        let row = rows.iter().find(|row| row.field.name == name);
        idle_reason(rows, row.unwrap().field)
    }

    /// Every table of fields, with what it is of.
    fn tables() -> impl Iterator<Item = (&'static str, &'static [Field])> {
        let kinds = Kind::ALL.iter();
        let kinds = kinds.map(|kind| (kind.name(), kind.descriptor().fields));
        kinds.chain([("link", LINK_FIELDS)])
    }

    #[test]
    fn a_beginner_sees_five_settings() {
        let is_first = |field: &&Field| field.heading.is_empty() && field.needs.is_none();
        for kind in Kind::ALL {
            let fields = kind.descriptor().fields.iter();
            let first: Vec<&str> = fields.filter(is_first).map(|field| field.name).collect();
            assert!((1..=5).contains(&first.len()), "{}: {first:?}", kind.name());
        }
        for picks in [
            Picks::Types,
            Picks::Group,
            Picks::Filter,
            Picks::Binding,
            Picks::Terms,
        ] {
            // Only services can choose whether they wait for an answer.
            let is_there = |field: &&Field| match field.name {
                "calls" => picks == Picks::Types,
                name => super::super::has_field(picks, name),
            };
            let first = LINK_FIELDS.iter().filter(is_first).filter(is_there);
            assert!((1..=5).contains(&first.count()), "{picks:?}");
        }
    }

    #[test]
    fn what_is_below_a_heading_stands_together() {
        for (name, fields) in tables() {
            let mut runs: Vec<&str> = fields.iter().map(|field| field.heading).collect();
            runs.dedup();
            assert_eq!(runs, headings(fields.iter()), "{name}");
            assert_eq!(runs[0], "", "{name}");
            assert!(fields.iter().all(|field| !field.label.is_empty()), "{name}");
        }
    }

    #[test]
    fn what_a_setting_needs_is_there_and_can_be() {
        for (name, fields) in tables() {
            for field in fields {
                let Some(needs) = field.needs else { continue };
                let other = fields.iter().find(|other| other.name == needs.field);
                let other = other.unwrap_or_else(|| panic!("{name}: {}", field.name));
                assert_ne!(other.name, field.name);
                for word in needs.words {
                    let problem = other.control.problem(&json!(word));
                    assert_eq!(problem, None, "{name}: {}", field.name);
                }
            }
        }
    }

    #[test]
    fn a_setting_that_does_not_count_says_why() {
        let new = rows("service", json!({}));
        let why = reason(&new, "retry_delay");
        assert_eq!(why.as_deref(), Some("Counts only with: Retries."));
        let tried = rows("service", json!({ "retries": 3, "backoff": "fixed" }));
        assert_eq!(reason(&tried, "retry_delay"), None);
        let why = reason(&tried, "retry_delay_most");
        let expected = "Counts only with Wait before a retry: Exponential.";
        assert_eq!(why.as_deref(), Some(expected));
        assert_eq!(set_words(&tried, "Retries"), " · 2 set");
        assert_eq!(set_words(&new, "Retries"), "");
        let producer = rows("producer", json!({ "pace": "bursty" }));
        assert_eq!(reason(&producer, "burst_on"), None);
        assert!(reason(&producer, "confirm_timeout").is_some());
    }

    #[test]
    fn settings_are_found_by_what_products_call_them() {
        let found = |kind: &str, search: &str| -> Vec<&str> {
            let kind = Kind::from_name(kind).unwrap();
            let fields = kind.descriptor().fields.iter();
            let meant = fields.filter(|field| is_meant(field, search));
            meant.map(|field| field.name).collect()
        };
        assert_eq!(found("queue", "visibility TIMEOUT"), ["ack_timeout"]);
        assert_eq!(found("queue", "x-message-ttl"), ["time_to_live"]);
        assert!(found("service", "circuit breaker").contains(&"circuit_opens_after"));
        assert_eq!(found("service", "no such setting"), [""; 0]);
    }
}
