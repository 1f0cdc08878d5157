//! Lists of things that have fields of their own: their cells as people read and type them.

use serde_json::{Map, Value, json};

use super::{text_of, value_of};
use crate::nodes::{Control, Field};
use crate::units::SimDuration;

/// Words with commas between them. What would not be read back so stays JSON.
pub(super) fn text_of_words(value: &Value) -> String {
    let words = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let words: Option<Vec<&str>> = words.iter().map(Value::as_str).collect();
    let text = words.map(|words| words.join(", ")).unwrap_or_default();
    match words_of(&text) == *value && !text.starts_with('[') {
        true => text,
        false => value.to_string(),
    }
}

/// Numbers with commas between them.
pub(super) fn text_of_numbers(value: &Value) -> String {
    let numbers = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let numbers: Vec<String> = numbers.iter().map(Value::to_string).collect();
    numbers.join(", ")
}

/// The numbers between commas; what is none stays as it was typed.
pub(super) fn numbers_of(text: &str) -> Value {
    let parts = text.split([',', ' ', '[', ']']);
    let parts = parts.filter(|part| !part.is_empty());
    let number = |part: &str| {
        part.parse::<u64>()
            .map_or_else(|_| json!(part), |it| json!(it))
    };
    parts.map(number).collect()
}

/// The words between commas.
pub(super) fn words_of(text: &str) -> Value {
    let words = text.split(',').map(str::trim);
    words.filter(|word| !word.is_empty()).collect()
}

/// The value of a field of the row `n`; nothing if it has none.
fn cell_value(rows: &Value, n: usize, field: &Field) -> Value {
    let cell = rows.get(n).and_then(|row| row.get(field.name));
    cell.cloned().unwrap_or_default()
}

/// What the input for a field of the row `n` shows.
pub fn cell_text(rows: &Value, n: usize, field: &Field) -> String {
    match (&field.control, cell_value(rows, n, field)) {
        (_, Value::Null) => String::new(),
        // In one line, as there is not much room.
        (Control::Json, value) => match value.as_object().is_some_and(Map::is_empty) {
            true => String::new(),
            false => value.to_string(),
        },
        (control, value) => text_of(control, &value),
    }
}

/// Whether a field of the row `n` says more than one that is left empty: usually things happen
/// always, once, at once, and not when something failed.
pub fn is_cell_set(rows: &Value, n: usize, field: &Field) -> bool {
    let value = cell_value(rows, n, field);
    let is_usual = match &field.control {
        Control::Toggle => value == false,
        Control::Count { .. } => value == 1,
        Control::Chance => value == 1.0,
        Control::Duration => {
            let time = value.as_str().and_then(|text| text.parse().ok());
            time.is_some_and(|time: SimDuration| time.is_zero())
        }
        Control::Choice(choices) => choices.first().is_some_and(|(name, _)| value == *name),
        _ => false,
    };
    !is_usual && !cell_text(rows, n, field).is_empty()
}

/// Whether a row cannot be without a field.
fn is_needed(fresh: &str, field: &Field) -> bool {
    fresh_row(fresh).get(field.name).is_some()
}

/// The rows with another text in a field of the row `n`. Without a text it is as usual.
///
/// # Errors
/// A sentence that says what was expected.
pub fn with_cell(
    rows: &Value,
    n: usize,
    (field, fresh): (&Field, &str),
    text: &str,
) -> Result<Value, String> {
    let mut rows = rows.clone();
    let Some(row) = rows.get_mut(n).and_then(Value::as_object_mut) else {
        return Ok(rows);
    };
    let is_empty = text.trim().is_empty();
    if is_empty && !is_needed(fresh, field) {
        row.remove(field.name);
        return Ok(rows);
    }
    let before = row.get(field.name).cloned().unwrap_or_default();
    let said = |why| format!("{}: {why}", field.label);
    if is_empty {
        return Err(said("expected something".to_owned()));
    }
    let value = value_of(&field.control, text, &before).map_err(said)?;
    row.insert(field.name.to_owned(), value);
    Ok(rows)
}

/// The rows and a new one.
pub fn with_new_row(rows: &Value, fresh: &str) -> Value {
    let mut all = rows.as_array().cloned().unwrap_or_default();
    all.push(fresh_row(fresh));
    Value::Array(all)
}

/// The rows without the row `n`.
pub fn without_row(rows: &Value, n: usize) -> Value {
    let mut all = rows.as_array().cloned().unwrap_or_default();
    if n < all.len() {
        all.remove(n);
    }
    Value::Array(all)
}

fn fresh_row(fresh: &str) -> Value {
    serde_json::from_str(fresh).unwrap_or_else(|_| json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nodes::{Kind, Settings};

    /// Every list of every kind.
    fn lists() -> Vec<(Kind, &'static Field, &'static [Field], &'static str)> {
        let mut lists = Vec::new();
        for kind in Kind::ALL {
            for field in kind.descriptor().fields {
                if let Control::Rows { fields, fresh } = &field.control {
                    lists.push((*kind, field, *fields, *fresh));
                }
            }
        }
        lists
    }

    #[test]
    fn a_new_row_is_allowed_and_has_nothing_that_the_form_does_not_show() {
        assert!(lists().len() >= 5);
        for (kind, list, fields, fresh) in lists() {
            let rows = with_new_row(&json!([]), fresh);
            let json = json!({ list.name: rows });
            let read = Settings::from_json(kind, &json).map(|settings| settings.to_json());
            let read = read.unwrap_or_else(|why| panic!("{}: {why:?}", list.name));
            let row = read[list.name][0].as_object().unwrap();
            for (name, _) in row {
                assert!(fields.iter().any(|field| field.name == name), "{name}");
            }
            assert!(fields.iter().any(|field| field.heading.is_empty()));
            assert_eq!(without_row(&rows, 0), json!([]));
        }
    }

    #[test]
    fn each_field_of_a_row_is_one_of_the_kind() {
        for (kind, list, fields, fresh) in lists() {
            for field in fields {
                // The kind itself says so: it does not know others.
                let text = match &field.control {
                    Control::Choice(choices) => choices[0].0,
                    Control::Toggle => "yes",
                    Control::Duration | Control::OptionalDuration => "11s",
                    Control::Chance => "50 %",
                    Control::Text(_) => "items",
                    Control::Json => "{\"a\":1}",
                    _ => "2",
                };
                let rows = with_new_row(&json!([]), fresh);
                let rows = with_cell(&rows, 0, (field, fresh), text).unwrap();
                let json = json!({ list.name: rows });
                let read = Settings::from_json(kind, &json);
                assert!(read.is_ok(), "{} {}: {read:?}", list.name, field.name);
                let shown = cell_text(&rows, 0, field);
                let back = with_cell(&rows, 0, (field, fresh), &shown);
                assert_eq!(back, Ok(rows), "{} {}", list.name, field.name);
            }
        }
    }

    #[test]
    fn what_is_left_empty_is_as_usual_unless_it_is_needed() {
        let events = Kind::from_name("producer").unwrap().descriptor();
        let events = events.fields.iter().find(|it| it.name == "events").unwrap();
        let Control::Rows { fields, fresh } = &events.control else {
            panic!("it is a list");
        };
        let field = |name: &str| fields.iter().find(|it| it.name == name).unwrap();
        let rows = json!([{ "event": "A", "weight": 3, "body": { "a": 1 } }]);
        let cell = |name, text| with_cell(&rows, 0, (field(name), *fresh), text);
        assert_eq!(cell("body", ""), Ok(json!([{ "event": "A", "weight": 3 }])));
        let why = cell("event", " ").unwrap_err();
        assert!(why.contains("expected"), "{why}");
        let why = cell("weight", "many").unwrap_err();
        assert!(why.starts_with("Weight: expected"), "{why}");
    }

    #[test]
    fn numbers_stand_between_commas() {
        for (value, text) in [(json!([1, 3]), "1, 3"), (json!([]), "")] {
            assert_eq!(text_of(&Control::Numbers, &value), text);
            assert_eq!(
                value_of(&Control::Numbers, text, &Value::Null),
                Ok(value.clone())
            );
            let typed = value_of(&Control::Numbers, &value.to_string(), &Value::Null);
            assert_eq!(typed, Ok(value));
        }
        let why = value_of(&Control::Numbers, "1, two", &Value::Null).unwrap_err();
        assert!(why.contains("whole numbers"), "{why}");
    }

    #[test]
    fn what_can_be_left_to_the_list_is_yes_or_no_or_neither() {
        let log = Kind::from_name("log").unwrap().descriptor();
        let groups = log.fields.iter().find(|it| it.name == "groups").unwrap();
        let Control::Rows { fields, fresh } = &groups.control else {
            panic!("it is a list");
        };
        let mut fields = fields.iter();
        let fixed = fields.find(|it| it.name == "static_members").unwrap();
        let rows = json!([{ "name": "a" }]);
        let cell = |rows: &Value, text| with_cell(rows, 0, (fixed, *fresh), text);
        let set = cell(&rows, "false").unwrap();
        assert_eq!(set, json!([{ "name": "a", "static_members": false }]));
        assert_eq!(cell_text(&set, 0, fixed), "false");
        assert_eq!(cell(&set, ""), Ok(rows));
    }

    #[test]
    fn words_stand_between_commas() {
        for (value, text) in [
            (json!(["A", "B c"]), "A, B c"),
            (json!([]), ""),
            (json!(["a,b"]), "[\"a,b\"]"),
            (json!(["[x"]), "[\"[x\"]"),
        ] {
            assert_eq!(text_of(&Control::Words, &value), text);
            assert_eq!(value_of(&Control::Words, text, &Value::Null), Ok(value));
        }
        let typed = value_of(&Control::Words, "A,B ,", &Value::Null);
        assert_eq!(typed, Ok(json!(["A", "B"])));
    }
}
