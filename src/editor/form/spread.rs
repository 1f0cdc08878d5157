//! A length of time that varies, in a form: its mean is typed, its shape is chosen.

use serde_json::{Value, json};

use crate::units::SimDuration;

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

/// Its mean, as it is written in documents.
pub(super) fn mean_of(value: &Value) -> Option<String> {
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

pub(super) fn nanos(value: &Value) -> Option<u64> {
    let length: SimDuration = value.as_str()?.parse().ok()?;
    Some(length.nanos())
}

/// The same spread with another mean; what else it has grows with it.
pub(super) fn with_mean(before: &Value, new: SimDuration) -> Value {
    let shape = spread_shape(before).unwrap_or("constant").to_owned();
    let old = mean_of(before).and_then(|text| text.parse::<SimDuration>().ok());
    if shape == "constant" || old == Some(new) {
        return match old {
            Some(old) if old == new => before.clone(),
            _ => spread_of(&shape, new),
        };
    }
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
    let mean = mean_of(before).and_then(|text| text.parse().ok());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::form::{text_of, value_of};
    use crate::nodes::Control;
    use crate::units::Distribution;

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
}
