//! A probability as a whole number of millionths, so that comparing it with a draw is exact.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How likely something is, in millionths. Written as a number from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chance(u32);

impl Chance {
    /// It never happens.
    pub const NEVER: Self = Self(0);
    /// It always happens.
    pub const ALWAYS: Self = Self(1_000_000);

    /// So many millionths, at most all.
    pub const fn from_millionths(millionths: u32) -> Self {
        if millionths < Self::ALWAYS.0 {
            Self(millionths)
        } else {
            Self::ALWAYS
        }
    }

    /// The chance in millionths.
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// Whether it happens, decided by a draw of 64 even bits.
    pub const fn happens(self, draw: u64) -> bool {
        // The upper 32 bits scaled to 0..1_000_000: no division, no rounding.
        (((draw >> 32) * 1_000_000) >> 32) < self.0 as u64
    }
}

impl fmt::Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", f64::from(self.0) / 10_000.0)
    }
}

impl Serialize for Chance {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 1e6)
    }
}

impl<'de> Deserialize<'de> for Chance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let share = f64::deserialize(deserializer)?;
        if (0.0..=1.0).contains(&share) {
            Ok(Self((share * 1e6 + 0.5) as u32))
        } else {
            Err(de::Error::custom(format!(
                "expected a chance from 0 to 1, found {share}"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_and_always_hold_at_the_ends_of_the_range() {
        for draw in [0, 1, u64::MAX / 2, u64::MAX] {
            assert!(!Chance::NEVER.happens(draw));
            assert!(Chance::ALWAYS.happens(draw));
        }
    }

    #[test]
    fn every_millionth_survives_the_round_trip() {
        for millionths in (0..=1_000_000).step_by(37).chain([999_999, 1_000_000]) {
            let text = serde_json::to_string(&Chance(millionths)).unwrap();
            assert_eq!(
                serde_json::from_str::<Chance>(&text).unwrap(),
                Chance(millionths)
            );
        }
    }

    #[test]
    fn a_chance_outside_of_zero_to_one_is_refused() {
        for text in ["-0.1", "1.01", "1e300"] {
            let error = serde_json::from_str::<Chance>(text)
                .unwrap_err()
                .to_string();
            assert!(error.contains("from 0 to 1"), "{text} gave {error}");
        }
    }
}
