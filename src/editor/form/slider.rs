//! The slider beside a number: where it stands, and what it puts in.

use serde_json::Value;

use super::spread;
use crate::editor::tempo::digits;
use crate::nodes::Control;
use crate::units::SimDuration;

/// Where a slider stands for a value, from 0 to 1; `None` if the control has no slider.
pub fn slider_of(control: &Control, value: &Value) -> Option<f64> {
    let part = match control {
        Control::Chance => value.as_f64()?,
        Control::Rate => log_part(value.as_f64()?, 0.1, 1_000.0),
        Control::Count { min, max } if *max > *min => {
            let (low, high) = (*min as f64, slider_top(*max));
            ((value.as_f64()? - low) / (high - low)).min(1.0)
        }
        Control::Duration => log_part(spread::nanos(value)? as f64 / 1e6, 1.0, 60_000.0),
        Control::Spread => {
            let mean: SimDuration = spread::mean_of(value)?.parse().ok()?;
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
    use crate::editor::form::value_of;

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
