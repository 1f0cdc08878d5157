//! Simulated time: a count of nanoseconds, and its written form.
//!
//! A duration is written as a decimal number with a unit (`1.5s`, `250ms`, `40us`, `7ns`, `2m`,
//! `1h`). Reading and writing use integers only, so that every duration survives the round trip.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment of a run: nanoseconds since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(u64);

/// A length of simulated time in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimDuration(u64);

impl SimTime {
    /// The start of every run.
    pub const ZERO: Self = Self(0);
    /// The last moment there is; nothing is ever due then.
    pub const MAX: Self = Self(u64::MAX);

    /// The moment `nanos` nanoseconds after the start.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the start.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the start, for display only.
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The time that went by since `earlier`, zero if that is not earlier.
    pub const fn since(self, earlier: Self) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }

    /// This moment and `delay` later, the last moment if there is no such.
    pub const fn after(self, delay: SimDuration) -> Self {
        Self(self.0.saturating_add(delay.0))
    }
}

impl SimDuration {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest length there is, about 584 years.
    pub const MAX: Self = Self(u64::MAX);

    /// A length of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// A length of `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// A length of `secs` seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000_000))
    }

    /// The nearest whole nanosecond to a real number of nanoseconds; zero for what is negative or
    /// no number.
    #[inline]
    pub fn from_nanos_f64(nanos: f64) -> Self {
        // Adding 2^52 leaves no digit for a fraction: the last bits are then the whole number.
        const SHIFT: f64 = 4_503_599_627_370_496.0;
        if (0.0..SHIFT).contains(&nanos) {
            Self((nanos + SHIFT).to_bits() - SHIFT.to_bits())
        } else {
            Self(nanos as u64)
        }
    }

    /// Length in nanoseconds.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Length in seconds, for display and rates.
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Whether the length is zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, the longest length if there is no such.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseDurationError {
    /// The text does not start with a decimal number.
    #[error("expected a number with a unit such as \"250ms\" or \"1.5s\", found {0:?}")]
    Number(String),
    /// The unit is missing or not one of ours.
    #[error("expected one of the units ns, us, ms, s, m, h, found {0:?}")]
    Unit(String),
    /// Finer than a nanosecond, or longer than can be counted.
    #[error("expected a whole number of nanoseconds below 584 years, found {0:?}")]
    Range(String),
}

const UNITS: [(&str, u64); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("sec", 1_000_000_000),
    ("m", 60_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

impl FromStr for SimDuration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let split = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, unit) = (&text[..split], text[split..].trim());
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
            return Err(ParseDurationError::Number(text.chars().take(40).collect()));
        }
        let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            return Err(ParseDurationError::Unit(unit.chars().take(40).collect()));
        };
        scaled(whole, fraction, *scale)
            .map(Self)
            .ok_or_else(|| ParseDurationError::Range(text.chars().take(40).collect()))
    }
}

/// `whole.fraction` times `scale`, if that is a whole number that fits.
fn scaled(whole: &str, fraction: &str, scale: u64) -> Option<u64> {
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > 13 {
        return None;
    }
    let whole: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let mut total = whole.checked_mul(scale)?;
    if !fraction.is_empty() {
        let parts = fraction.parse::<u128>().ok()? * u128::from(scale);
        let denominator = 10u128.pow(fraction.len() as u32);
        if parts % denominator != 0 {
            return None;
        }
        total = total.checked_add((parts / denominator) as u64)?;
    }
    Some(total)
}

impl fmt::Display for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, scale, places) = match self.0 {
            0 => return f.write_str("0s"),
            1..1_000 => ("ns", 1, 0),
            1_000..1_000_000 => ("us", 1_000, 3),
            1_000_000..1_000_000_000 => ("ms", 1_000_000, 6),
            _ => ("s", 1_000_000_000, 9),
        };
        let (whole, rest) = (self.0 / scale, self.0 % scale);
        if rest == 0 {
            return write!(f, "{whole}{unit}");
        }
        let fraction = format!("{rest:0places$}");
        write!(f, "{whole}.{}{unit}", fraction.trim_end_matches('0'))
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SimDuration(self.0).fmt(f)
    }
}

impl Serialize for SimDuration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SimDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = SimDuration;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration as text such as \"250ms\" or \"1.5s\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<SimDuration, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

impl Serialize for SimTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SimTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SimDuration::deserialize(deserializer).map(|duration| Self(duration.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_exactly() {
        let check = |text: &str, nanos: u64| {
            assert_eq!(
                text.parse::<SimDuration>().map(SimDuration::nanos),
                Ok(nanos),
                "{text}"
            );
        };
        check("250ms", 250_000_000);
        check("1.5s", 1_500_000_000);
        check("40 us", 40_000);
        check("0.000000001s", 1);
        check(".5ms", 500_000);
        check("2m", 120_000_000_000);
        check("1h", 3_600_000_000_000);
        check("0s", 0);
    }

    #[test]
    fn what_is_no_duration_says_why() {
        for (text, part) in [
            ("", "number"),
            ("-1s", "number"),
            ("1.2.3s", "number"),
            ("NaN", "number"),
            ("5", "units"),
            ("5 parsecs", "units"),
            ("0.5ns", "whole number"),
            ("99999999999999h", "whole number"),
        ] {
            let error = text.parse::<SimDuration>().unwrap_err().to_string();
            assert!(error.contains(part), "{text:?} gave {error}");
        }
    }

    #[test]
    fn writing_and_reading_give_the_same_duration() {
        for nanos in [
            0,
            1,
            999,
            1_000,
            1_234_567,
            1_000_000_000,
            61_000_000_001,
            u64::MAX,
        ] {
            let text = SimDuration(nanos).to_string();
            assert_eq!(text.parse(), Ok(SimDuration(nanos)), "{text}");
        }
    }
}
