//! How often something happens.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::SimDuration;

/// Happenings a second: finite and not negative. Only `+ - * /` are ever applied to it, which give
/// the same bits on every platform.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Rate(f64);

impl Rate {
    /// It never happens.
    pub const ZERO: Self = Self(0.0);
    /// The highest rate there is: once in a nanosecond.
    pub const MAX_PER_SECOND: f64 = 1e9;

    /// A rate in happenings a second, if it is a number from 0 to [`Self::MAX_PER_SECOND`].
    pub fn per_second(per_second: f64) -> Option<Self> {
        (0.0..=Self::MAX_PER_SECOND)
            .contains(&per_second)
            .then_some(Self(per_second))
    }

    /// The mean time between two happenings in nanoseconds; infinite at rate zero.
    pub fn interval_nanos(self) -> f64 {
        1e9 / self.0
    }

    /// The time between two happenings, `None` at rate zero.
    pub fn interval(self) -> Option<SimDuration> {
        (self.0 > 0.0).then(|| SimDuration::from_nanos_f64(self.interval_nanos()))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", self.0)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Self::per_second(value).ok_or_else(|| {
            de::Error::custom(format!(
                "expected a rate from 0 to 1e9 a second, found {value}"
            ))
        })
    }
}
