//! Changing a number by dragging it, or by an arrow key: in round steps that fit its size.

use serde_json::{Value, json};

use super::spread;
use crate::nodes::Control;
use crate::units::{Rate, SimDuration};

/// How far a pointer goes for one step.
pub const PIXELS_A_STEP: f64 = 4.0;

/// The longest time that scrubbing gives: a week.
const LONGEST_NANOS: f64 = 7.0 * 86_400e9;

/// The value after so many steps up, or down if negative: one of 1 for counts, of 1 % for chances,
/// to the next number of two digits for rates and times. Fine steps are a tenth. Part of a step is
/// no change, so that a drag is scrubbed from the value at its beginning.
pub fn scrubbed(control: &Control, value: &Value, steps: f64, fine: bool) -> Value {
    let unchanged = || value.clone();
    match control {
        Control::Count { min, max } | Control::OptionalCount { min, max } => {
            let whole = (if fine { steps / 10.0 } else { steps }).trunc();
            match value.as_u64() {
                Some(count) => {
                    let by = whole.abs() as u64;
                    let moved = match whole < 0.0 {
                        true => count.saturating_sub(by),
                        false => count.saturating_add(by),
                    };
                    json!(moved.clamp(*min, *max))
                }
                // From no limit to the smallest that lets something through.
                None if whole > 0.0 => json!((*min).max(1).min(*max)),
                None => unchanged(),
            }
        }
        Control::Chance => {
            let a_whole = if fine { 1_000.0 } else { 100.0 };
            let Some(share) = value.as_f64() else {
                return unchanged();
            };
            json!(onto_grid(share * a_whole, steps).clamp(0.0, a_whole) / a_whole)
        }
        Control::Rate => {
            let Some(rate) = value.as_f64() else {
                return unchanged();
            };
            let smallest = if fine { 0.001 } else { 0.1 };
            json!(by_size(rate, steps, fine, smallest).min(Rate::MAX_PER_SECOND))
        }
        Control::Duration | Control::OptionalDuration => match spread::nanos(value) {
            Some(nanos) => json!(time(nanos, steps, fine)),
            None if steps >= 1.0 => json!(SimDuration::from_secs(1)),
            None => unchanged(),
        },
        Control::Spread => {
            let mean: Option<SimDuration> =
                spread::mean_of(value).and_then(|text| text.parse().ok());
            match mean {
                Some(mean) => spread::with_mean(value, time(mean.nanos(), steps, fine)),
                None => unchanged(),
            }
        }
        Control::Choice(_)
        | Control::Toggle
        | Control::Text(_)
        | Control::Page(_)
        | Control::Words
        | Control::Numbers
        | Control::Rows { .. }
        | Control::Json => unchanged(),
    }
}

fn time(nanos: u64, steps: f64, fine: bool) -> SimDuration {
    if steps > -1.0 && (steps < 1.0 || nanos as f64 >= LONGEST_NANOS) {
        return SimDuration::from_nanos(nanos);
    }
    let smallest = if fine { 1e3 } else { 1e6 };
    let moved = by_size(nanos as f64, steps, fine, smallest);
    SimDuration::from_nanos_f64(moved.min(LONGEST_NANOS.max(nanos as f64)))
}

/// Moves along the numbers of two digits (three if fine), ten times as far apart from each power
/// of ten on. Below `smallest` there is only 0.
fn by_size(value: f64, steps: f64, fine: bool, smallest: f64) -> f64 {
    if steps.abs() < 1.0 {
        return value;
    }
    let lowest = if fine { 100.0 } else { 10.0 };
    let decade = 9.0 * lowest;
    let place_of = |value: f64| {
        let mut power = libm::floor(libm::log10(value));
        let mut digits = value / libm::pow(10.0, power) * lowest;
        // The logarithm of a power of ten may be a hair too small or too large.
        if digits >= 10.0 * lowest - 1e-6 {
            power += 1.0;
            digits = lowest;
        }
        power * decade + (digits - lowest)
    };
    let first = place_of(smallest);
    let place = if value > 0.0 {
        place_of(value)
    } else {
        first - 1.0
    };
    let moved = onto_grid(place, steps);
    if moved < first && (steps < 0.0 || value <= 0.0) {
        return 0.0;
    }
    let power = libm::floor(moved / decade);
    let digits = lowest + (moved - power * decade);
    let shift = power - libm::log10(lowest).round();
    if shift >= 0.0 {
        digits * libm::pow(10.0, shift)
    } else {
        // A division by a whole number: 25 / 10 is 2.5 to the last bit.
        digits / libm::pow(10.0, -shift)
    }
}

/// Moves by whole steps; what stands between two numbers goes to the next one first.
fn onto_grid(place: f64, steps: f64) -> f64 {
    const HAIR: f64 = 1e-6;
    if steps >= 1.0 {
        (place + steps + HAIR).floor()
    } else if steps <= -1.0 {
        (place + steps - HAIR).ceil()
    } else {
        place
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nodes::Kind;

    #[test]
    fn steps_fit_the_size_of_the_number() {
        let rate = |from: f64, steps: f64| scrubbed(&Control::Rate, &json!(from), steps, false);
        assert_eq!(rate(1.0, 1.0), json!(1.1));
        assert_eq!(rate(9.9, 1.0), json!(10.0));
        assert_eq!(rate(10.0, 1.0), json!(11.0));
        assert_eq!(rate(10.0, -1.0), json!(9.9));
        assert_eq!(rate(1_000.0, 90.0), json!(10_000.0));
        assert_eq!(rate(12.34, 1.0), json!(13.0));
        assert_eq!(rate(12.34, -1.0), json!(12.0));
        assert_eq!(rate(0.0, 1.0), json!(0.1));
        assert_eq!(rate(0.1, -1.0), json!(0.0));
        assert_eq!(rate(0.05, 1.0), json!(0.051));
        assert_eq!(
            scrubbed(&Control::Rate, &json!(2.5), 1.0, true),
            json!(2.51)
        );
        let time = |from: &str, steps: f64| {
            scrubbed(&Control::OptionalDuration, &json!(from), steps, false)
        };
        assert_eq!(time("250ms", 1.0), json!("260ms"));
        assert_eq!(time("990ms", 1.0), json!("1s"));
        assert_eq!(time("60s", -5.0), json!("55s"));
        assert_eq!(time("0s", 1.0), json!("1ms"));
        assert_eq!(time("1ms", -1.0), json!("0s"));
    }

    #[test]
    fn counts_go_by_one_and_chances_by_one_percent() {
        let most = Control::OptionalCount { min: 1, max: 9 };
        assert_eq!(scrubbed(&most, &json!(3), 2.7, false), json!(5));
        assert_eq!(scrubbed(&most, &json!(3), -20.0, false), json!(1));
        assert_eq!(scrubbed(&most, &json!(3), 1e300, false), json!(9));
        assert_eq!(scrubbed(&most, &Value::Null, 1.0, false), json!(1));
        assert_eq!(scrubbed(&most, &Value::Null, -1.0, false), Value::Null);
        let chance = |from: f64, fine| scrubbed(&Control::Chance, &json!(from), 1.0, fine);
        assert_eq!(chance(0.05, false), json!(0.06));
        assert_eq!(chance(0.05, true), json!(0.051));
        assert_eq!(chance(1.0, false), json!(1.0));
    }

    #[test]
    fn a_spread_keeps_its_shape() {
        let spread = json!({ "shape": "uniform", "min": "50ms", "max": "150ms" });
        let moved = scrubbed(&Control::Spread, &spread, 10.0, false);
        assert_eq!(
            moved,
            json!({ "shape": "uniform", "min": "100ms", "max": "300ms" })
        );
    }

    proptest! {
        #[test]
        fn scrubbing_stays_within_what_is_allowed_and_goes_the_right_way(
            many in prop::collection::vec(-300.0..300.0f64, 1..6), fine: bool,
        ) {
            for kind in Kind::ALL {
                let values = kind.defaults().to_json();
                for field in kind.descriptor().fields {
                    let mut value = values[field.name].clone();
                    for steps in &many {
                        let after = scrubbed(&field.control, &value, *steps, fine);
                        prop_assert_eq!(field.control.problem(&after), None);
                        if let (Some(old), Some(new)) = (value.as_f64(), after.as_f64()) {
                            prop_assert!((new - old) * steps >= 0.0, "{old} {steps} {new}");
                        }
                        value = after;
                    }
                }
            }
        }
    }
}
