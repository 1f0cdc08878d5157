//! The value of a setting in a few words, for a sentence or a list.

use serde_json::Value;

use super::text_of;
use crate::nodes::Control;
use crate::units::SimDuration;

/// A value in words: "30 s", "4 days", "none", "Drop head".
pub fn said(control: &Control, value: &Value) -> String {
    match (control, value) {
        (_, Value::Null) => "none".to_owned(),
        (_, Value::Bool(on)) => (if *on { "on" } else { "off" }).to_owned(),
        (Control::Choice(choices), Value::String(name)) => {
            let known = choices.iter().find(|(word, _)| word == name);
            known.map_or_else(|| name.clone(), |(_, label)| (*label).to_owned())
        }
        (Control::Duration | Control::OptionalDuration, Value::String(text)) => {
            let length = text.parse::<SimDuration>().ok();
            length.map_or_else(|| text.clone(), length_in_words)
        }
        _ => match text_of(control, value) {
            text if text.is_empty() => "none".to_owned(),
            text => text,
        },
    }
}

/// A length of whole minutes in words.
pub(super) fn long_length(text: &str) -> Option<String> {
    const MINUTE: u64 = 60_000_000_000;
    let length = text.parse::<SimDuration>().ok()?;
    let is_long = length.nanos() >= MINUTE && length.nanos().is_multiple_of(MINUTE);
    is_long.then(|| length_in_words(length))
}

/// The length in the largest unit of which there is a whole number.
fn length_in_words(length: SimDuration) -> String {
    const SECOND: u64 = 1_000_000_000;
    const UNITS: [(u64, &str); 5] = [
        (86_400 * SECOND, "days"),
        (3_600 * SECOND, "h"),
        (60 * SECOND, "min"),
        (SECOND, "s"),
        (1_000_000, "ms"),
    ];
    let nanos = length.nanos();
    let whole = |scale: u64| nanos > 0 && nanos.is_multiple_of(scale);
    match UNITS.into_iter().find(|(scale, _)| whole(*scale)) {
        Some((scale, "days")) if nanos == scale => "1 day".to_owned(),
        Some((scale, unit)) => format!("{} {unit}", nanos / scale),
        None => length.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_said_as_people_say_them() {
        let time = |text: &str| said(&Control::OptionalDuration, &json!(text));
        assert_eq!(time("345600s"), "4 days");
        assert_eq!(time("86400s"), "1 day");
        assert_eq!(time("1800s"), "30 min");
        assert_eq!(time("90s"), "90 s");
        assert_eq!(time("1500ms"), "1500 ms");
        assert_eq!(time("0s"), "0s");
        assert_eq!(said(&Control::OptionalDuration, &Value::Null), "none");
        assert_eq!(said(&Control::Toggle, &json!(true)), "on");
        assert_eq!(
            said(&Control::Choice(&[("a", "Label")]), &json!("a")),
            "Label"
        );
        assert_eq!(said(&Control::Text(9), &json!("")), "none");
    }
}
