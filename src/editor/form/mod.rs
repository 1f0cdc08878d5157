//! Settings as people read and type them, and back.

use serde_json::{Value, json};

use super::tempo::digits;
use crate::nodes::{Control, Field};
use crate::units::SimDuration;

/// The settings of every link, in the order in which they are shown.
pub const LINK_FIELDS: &[Field] = &[
    Field {
        name: "latency",
        label: "Latency",
        unit: "",
        help: "Time from one end to the other, for messages and for answers. What is sent later \
               never overtakes, unless reordering lets it.",
        control: Control::Spread,
    },
    Field {
        name: "loss",
        label: "Loss",
        unit: "",
        help: "Chance that what the link carries is lost, answers included.",
        control: Control::Chance,
    },
    Field {
        name: "duplication",
        label: "Duplication",
        unit: "",
        help: "Chance that a message arrives a second time.",
        control: Control::Chance,
    },
    Field {
        name: "reordering",
        label: "Reordering",
        unit: "",
        help: "Chance that a message is held back for a second latency, so that later ones \
               overtake it.",
        control: Control::Chance,
    },
    Field {
        name: "cut",
        label: "Cut",
        unit: "",
        help: "Nothing gets through, in neither direction.",
        control: Control::Toggle,
    },
    Field {
        name: "types",
        label: "Only these types",
        unit: "",
        help: "The event types that take this link, as a list; all if the list is empty.",
        control: Control::Json,
    },
];

/// What a single-line input shows of a value.
pub fn text_of(control: &Control, value: &Value) -> String {
    match control {
        Control::Chance => value.as_f64().map_or_else(String::new, digits_of_percent),
        Control::Json => serde_json::to_string_pretty(value).unwrap_or_default(),
        Control::Spread => spread_mean(value).unwrap_or_default(),
        _ => match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        },
    }
}

fn digits_of_percent(chance: f64) -> String {
    let text = format!("{:.4}", chance * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The value that a text stands for.
///
/// # Errors
/// A sentence that says what was expected.
pub fn value_of(control: &Control, text: &str, before: &Value) -> Result<Value, String> {
    let text = text.trim();
    let value = match control {
        Control::Count { .. } => number(text)?,
        Control::OptionalCount { .. } | Control::OptionalDuration if text.is_empty() => Value::Null,
        Control::OptionalCount { .. } | Control::Rate => number(text)?,
        Control::Chance => {
            let percent: f64 = text
                .trim_end_matches('%')
                .trim()
                .parse()
                .map_err(|_| format!("expected a percentage from 0 to 100, found {text:?}"))?;
            json!(percent / 100.0)
        }
        Control::Duration | Control::OptionalDuration => json!(duration(text)?),
        Control::Spread => with_spread_mean(before, &duration(text)?),
        Control::Json => {
            serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?
        }
        Control::Toggle => json!(text == "true"),
        Control::Choice(_) | Control::Text(_) => json!(text),
    };
    match control.problem(&value) {
        None => Ok(value),
        Some(problem) => Err(problem),
    }
}

fn number(text: &str) -> Result<Value, String> {
    if let Ok(whole) = text.parse::<u64>() {
        return Ok(json!(whole));
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(json!(number)),
        _ => Err(format!("expected a number, found {text:?}")),
    }
}

/// A length as it is written in documents. A number without a unit counts milliseconds.
fn duration(text: &str) -> Result<String, String> {
    let compact: String = text.split_whitespace().collect();
    let compact = compact.replace('µ', "u").replace("min", "m");
    let written = match compact.parse::<f64>() {
        Ok(_) => format!("{compact}ms"),
        Err(_) => compact,
    };
    match written.parse::<SimDuration>() {
        Ok(length) => Ok(length.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// The shapes of a spread that a form offers, each with its label.
pub const SPREADS: &[(&str, &str)] = &[
    ("constant", "constant"),
    ("exponential", "exponential"),
    ("uniform", "uniform"),
    ("normal", "normal"),
    ("log_normal", "log-normal"),
    ("erlang", "Erlang"),
    ("empirical", "measured values"),
];

/// The shape of a spread.
pub fn spread_shape(value: &Value) -> Option<&str> {
    value.get("shape")?.as_str()
}

fn spread_mean(value: &Value) -> Option<String> {
    match spread_shape(value)? {
        "constant" => value["value"].as_str().map(str::to_owned),
        "uniform" => {
            let middle = (nanos(&value["min"])? + nanos(&value["max"])?) / 2;
            Some(SimDuration::from_nanos(middle).to_string())
        }
        "empirical" => {
            let values = value["values"].as_array()?;
            let sum: u64 = values.iter().filter_map(nanos).sum();
            let mean = sum.checked_div(values.len() as u64)?;
            Some(SimDuration::from_nanos(mean).to_string())
        }
        _ => value["mean"].as_str().map(str::to_owned),
    }
}

fn nanos(value: &Value) -> Option<u64> {
    let length: SimDuration = value.as_str()?.parse().ok()?;
    Some(length.nanos())
}

/// The same spread with another mean; what else it has grows with it.
fn with_spread_mean(before: &Value, mean: &str) -> Value {
    let shape = spread_shape(before).unwrap_or("constant").to_owned();
    let old = spread_mean(before).and_then(|text| text.parse::<SimDuration>().ok());
    let new = mean.parse::<SimDuration>().unwrap_or_default();
    let factor = match old {
        Some(old) if !old.is_zero() => new.nanos() as f64 / old.nanos() as f64,
        _ => return spread_of(&shape, new),
    };
    let mut value = before.clone();
    scale(&mut value, factor);
    value
}

fn scale(value: &mut Value, factor: f64) {
    match value {
        Value::String(text) => {
            if let Ok(length) = text.parse::<SimDuration>() {
                let nanos = length.nanos() as f64 * factor;
                *text = SimDuration::from_nanos_f64(nanos).to_string();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| scale(value, factor)),
        Value::Object(fields) => fields.values_mut().for_each(|value| scale(value, factor)),
        _ => {}
    }
}

/// The same mean in another shape.
pub fn with_spread_shape(before: &Value, shape: &str) -> Value {
    let mean = spread_mean(before).and_then(|text| text.parse().ok());
    spread_of(shape, mean.unwrap_or(SimDuration::from_millis(100)))
}

fn spread_of(shape: &str, mean: SimDuration) -> Value {
    let times = |factor: f64| SimDuration::from_nanos_f64(mean.nanos() as f64 * factor);
    match shape {
        "uniform" => json!({ "shape": shape, "min": times(0.5), "max": times(1.5) }),
        "normal" => json!({ "shape": shape, "mean": mean, "deviation": times(0.25) }),
        "log_normal" => json!({ "shape": shape, "mean": mean, "deviation": times(0.5) }),
        "erlang" => json!({ "shape": shape, "stages": 4, "mean": mean }),
        "empirical" => json!({ "shape": shape, "values": [times(0.5), mean, times(1.5)] }),
        "exponential" => json!({ "shape": shape, "mean": mean }),
        _ => json!({ "shape": "constant", "value": mean }),
    }
}

/// What besides the mean decides a spread, in words.
pub fn spread_details(value: &Value) -> String {
    let Some(fields) = value.as_object() else {
        return String::new();
    };
    let words: Vec<String> = fields
        .iter()
        .filter(|(name, _)| !["shape", "mean", "value"].contains(&name.as_str()))
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name} {text}"),
            Value::Array(values) => format!("{} values", values.len()),
            other => format!("{name} {other}"),
        })
        .collect();
    words.join(", ")
}

/// Where a slider stands for a value, from 0 to 1; `None` if the control has no slider.
pub fn slider_of(control: &Control, value: &Value) -> Option<f64> {
    let part = match control {
        Control::Chance => value.as_f64()?,
        Control::Rate => log_part(value.as_f64()?, 0.1, 1_000.0),
        Control::Count { min, max } if *max > *min => {
            let (low, high) = (*min as f64, slider_top(*max));
            ((value.as_f64()? - low) / (high - low)).min(1.0)
        }
        Control::Duration => log_part(nanos(value)? as f64 / 1e6, 1.0, 60_000.0),
        Control::Spread => {
            let mean: SimDuration = spread_mean(value)?.parse().ok()?;
            log_part(mean.nanos() as f64 / 1e6, 1.0, 60_000.0)
        }
        _ => return None,
    };
    Some(part.clamp(0.0, 1.0))
}

/// The text that a slider at `part` puts into the input.
pub fn text_of_slider(control: &Control, part: f64) -> String {
    match control {
        Control::Chance => digits((part * 100.0).round()),
        Control::Rate if part <= 0.0 => "0".to_owned(),
        Control::Rate => two_digits(log_value(part, 0.1, 1_000.0)),
        Control::Count { min, max } => {
            let (low, high) = (*min as f64, slider_top(*max));
            format!("{:.0}", low + part * (high - low))
        }
        Control::Duration | Control::Spread => {
            let millis = two_digits(log_value(part, 1.0, 60_000.0));
            let millis: f64 = millis.parse().unwrap_or(1.0);
            SimDuration::from_nanos_f64(millis * 1e6).to_string()
        }
        _ => String::new(),
    }
}

/// Counts may be large, but few people want a thousand workers.
fn slider_top(max: u64) -> f64 {
    max.min(20) as f64
}

fn log_part(value: f64, low: f64, high: f64) -> f64 {
    if value <= low {
        0.0
    } else {
        libm::log(value / low) / libm::log(high / low)
    }
}

fn log_value(part: f64, low: f64, high: f64) -> f64 {
    low * libm::exp(part * libm::log(high / low))
}

fn two_digits(value: f64) -> String {
    let scale = libm::pow(10.0, libm::floor(libm::log10(value)) - 1.0);
    digits((value / scale).round() * scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Distribution;

    #[test]
    fn what_is_shown_is_read_back() {
        let spread = json!(Distribution::exponential(SimDuration::from_millis(250)));
        for (control, value) in [
            (Control::Chance, json!(0.05)),
            (Control::Rate, json!(12.5)),
            (Control::Count { min: 1, max: 9 }, json!(3)),
            (Control::OptionalDuration, Value::Null),
            (Control::Duration, json!("250ms")),
            (Control::Spread, spread),
            (Control::Json, json!(["A", "B"])),
        ] {
            let text = text_of(&control, &value);
            assert_eq!(value_of(&control, &text, &value), Ok(value), "{control:?}");
        }
    }

    #[test]
    fn every_shape_of_a_spread_is_a_distribution() {
        let mut value = json!(Distribution::constant(SimDuration::from_millis(80)));
        for (shape, _) in SPREADS {
            value = with_spread_shape(&value, shape);
            assert_eq!(Control::Spread.problem(&value), None, "{value}");
            assert_eq!(spread_shape(&value), Some(*shape));
            let doubled = value_of(&Control::Spread, "160 ms", &value);
            let mean = doubled.map(|value| text_of(&Control::Spread, &value));
            assert_eq!(mean.as_deref(), Ok("160ms"), "{value}");
        }
    }

    #[test]
    fn numbers_without_a_unit_are_milliseconds_and_nonsense_is_told() {
        let control = Control::Duration;
        assert_eq!(value_of(&control, "40", &Value::Null), Ok(json!("40ms")));
        assert!(value_of(&control, "soon", &Value::Null).is_err());
        assert!(value_of(&Control::Chance, "120", &Value::Null).is_err());
        assert!(value_of(&Control::Rate, "-3", &Value::Null).is_err());
    }

    #[test]
    fn sliders_give_round_numbers() {
        for part in [0.1, 0.33, 0.5, 0.77, 1.0] {
            let text = text_of_slider(&Control::Rate, part);
            let value = value_of(&Control::Rate, &text, &Value::Null).unwrap();
            let back = slider_of(&Control::Rate, &value).unwrap();
            assert!(
                (back - part).abs() < 0.02,
                "{part} gave {text}, then {back}"
            );
        }
    }
}
