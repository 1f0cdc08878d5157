//! How a length of time varies. All arithmetic gives the same bits on every platform: `+ - * /` and
//! square roots do by IEEE 754, logarithms and the like come from `libm` and never from `std`.

use serde::{Deserialize, Serialize};

use super::{Luck, SimDuration, exponential};

/// A length of time that varies from draw to draw. Never negative: what would be is zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution {
    /// Always the same.
    Constant {
        /// The length.
        value: SimDuration,
    },
    /// Every length between two limits is equally likely.
    Uniform {
        /// The shortest.
        min: SimDuration,
        /// The longest.
        max: SimDuration,
    },
    /// Memoryless: the time between independent happenings.
    Exponential {
        /// The mean.
        mean: SimDuration,
    },
    /// The bell curve, cut off at zero.
    Normal {
        /// The mean before cutting off.
        mean: SimDuration,
        /// The standard deviation before cutting off.
        deviation: SimDuration,
    },
    /// Mostly short with a long tail, as measured response times are.
    LogNormal {
        /// The mean.
        mean: SimDuration,
        /// The standard deviation.
        deviation: SimDuration,
    },
    /// The sum of several equal exponential stages.
    Erlang {
        /// How many stages, 1 to 100.
        stages: u32,
        /// The mean of the sum.
        mean: SimDuration,
    },
    /// One of the values that somebody measured, each equally likely.
    Empirical {
        /// The values, 1 to 1,000 of them.
        values: Vec<SimDuration>,
    },
}

impl Distribution {
    /// Most stages of an Erlang distribution.
    pub const STAGES_MAX: u32 = 100;
    /// Most values of an empirical distribution.
    pub const VALUES_MAX: usize = 1_000;

    /// Always `value`.
    pub const fn constant(value: SimDuration) -> Self {
        Self::Constant { value }
    }

    /// Memoryless with the given mean.
    pub const fn exponential(mean: SimDuration) -> Self {
        Self::Exponential { mean }
    }

    /// Whether every draw gives zero.
    pub fn is_zero(&self) -> bool {
        matches!(self, Self::Constant { value } if value.is_zero())
    }

    /// The length that `luck` gives.
    #[inline(always)]
    pub fn sample(&self, luck: Luck) -> SimDuration {
        match self {
            Self::Constant { value } => *value,
            Self::Exponential { mean } => {
                SimDuration::from_nanos_f64(nanos(*mean) * exponential(luck, 0))
            }
            other => other.sample_rarer(luck),
        }
    }

    #[inline(never)]
    fn sample_rarer(&self, luck: Luck) -> SimDuration {
        let sampled = match self {
            Self::Constant { value } => return *value,
            Self::Exponential { mean } => nanos(*mean) * exponential(luck, 0),
            Self::Uniform { min, max } => nanos(*min) + (nanos(*max) - nanos(*min)) * luck.unit(0),
            Self::Normal { mean, deviation } => nanos(*mean) + nanos(*deviation) * normal(luck),
            Self::LogNormal { mean, deviation } => {
                if mean.is_zero() {
                    return SimDuration::ZERO;
                }
                let ratio = nanos(*deviation) / nanos(*mean);
                let variance = libm::log1p(ratio * ratio);
                let location = libm::log(nanos(*mean)) - variance / 2.0;
                libm::exp(location + libm::sqrt(variance) * normal(luck))
            }
            Self::Erlang { stages, mean } => {
                let stages_of_it = 0..u64::from(*stages);
                let sum: f64 = stages_of_it.map(|stage| exponential(luck, stage)).sum();
                nanos(*mean) / f64::from(*stages) * sum
            }
            Self::Empirical { values } => {
                return values[luck.below(0, values.len() as u32) as usize];
            }
        };
        SimDuration::from_nanos_f64(sampled)
    }

    /// The mean length in seconds (of a normal distribution: before it is cut off at zero).
    pub fn mean_secs(&self) -> f64 {
        match self {
            Self::Constant { value } => value.as_secs(),
            Self::Uniform { min, max } => (min.as_secs() + max.as_secs()) / 2.0,
            Self::Exponential { mean }
            | Self::Normal { mean, .. }
            | Self::LogNormal { mean, .. }
            | Self::Erlang { mean, .. } => mean.as_secs(),
            Self::Empirical { values } => {
                values.iter().map(|value| value.as_secs()).sum::<f64>() / values.len().max(1) as f64
            }
        }
    }

    /// No draw is shorter than this, in seconds.
    pub fn least_secs(&self) -> f64 {
        let least = match self {
            Self::Constant { value } => *value,
            Self::Uniform { min, .. } => *min,
            Self::Empirical { values } => values.iter().copied().min().unwrap_or_default(),
            _ => SimDuration::ZERO,
        };
        least.as_secs()
    }

    /// What is wrong with the parameters, as a sentence that says what was expected.
    pub fn problem(&self) -> Option<String> {
        match self {
            Self::Uniform { min, max } if min > max => Some(format!(
                "expected min to be at most max, found {min} and {max}"
            )),
            Self::Erlang { stages, .. } if !(1..=Self::STAGES_MAX).contains(stages) => Some(
                format!("expected 1 to {} stages, found {stages}", Self::STAGES_MAX),
            ),
            Self::Empirical { values } if !(1..=Self::VALUES_MAX).contains(&values.len()) => {
                Some(format!(
                    "expected 1 to {} values, found {}",
                    Self::VALUES_MAX,
                    values.len()
                ))
            }
            _ => None,
        }
    }
}

fn nanos(duration: SimDuration) -> f64 {
    duration.nanos() as f64
}

/// A standard normal variate (Box and Muller 1958).
fn normal(luck: Luck) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(luck.unit(0)));
    radius * libm::cos(std::f64::consts::TAU * luck.unit(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: SimDuration = SimDuration::from_secs(1);

    /// Mean and standard deviation of 40,000 draws, in seconds.
    fn moments(distribution: &Distribution) -> (f64, f64) {
        let luck = Luck::of(3, "moments");
        let draws: Vec<f64> = (0..40_000)
            .map(|n| distribution.sample(luck.at(n)).as_secs())
            .collect();
        let mean = draws.iter().sum::<f64>() / draws.len() as f64;
        let variance =
            draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / draws.len() as f64;
        (mean, libm::sqrt(variance))
    }

    #[test]
    fn draws_have_the_moments_they_should() {
        let tenth = SimDuration::from_millis(100);
        for (distribution, mean, deviation) in [
            (Distribution::constant(SECOND), 1.0, 0.0),
            (
                Distribution::Uniform {
                    min: SimDuration::ZERO,
                    max: SECOND,
                },
                0.5,
                0.288_675,
            ),
            (Distribution::exponential(SECOND), 1.0, 1.0),
            (
                Distribution::Normal {
                    mean: SECOND,
                    deviation: tenth,
                },
                1.0,
                0.1,
            ),
            (
                Distribution::LogNormal {
                    mean: SECOND,
                    deviation: SECOND,
                },
                1.0,
                1.0,
            ),
            (
                Distribution::Erlang {
                    stages: 4,
                    mean: SECOND,
                },
                1.0,
                0.5,
            ),
            (
                Distribution::Empirical {
                    values: vec![SimDuration::ZERO, SECOND],
                },
                0.5,
                0.5,
            ),
        ] {
            let (found_mean, found_deviation) = moments(&distribution);
            assert!(
                (found_mean - mean).abs() < 0.02,
                "{distribution:?}: mean {found_mean}"
            );
            assert!(
                (found_deviation - deviation).abs() < 0.06,
                "{distribution:?}: deviation {found_deviation}"
            );
            assert!((distribution.mean_secs() - mean).abs() < 1e-9);
        }
    }

    #[test]
    fn a_normal_draw_is_never_below_zero() {
        let wide = Distribution::Normal {
            mean: SimDuration::ZERO,
            deviation: SECOND,
        };
        let zeros = (0..1_000)
            .filter(|n| wide.sample(Luck::of(1, "x").at(*n)).is_zero())
            .count();
        assert!((400..600).contains(&zeros), "{zeros}");
    }

    #[test]
    fn bad_parameters_are_named() {
        for bad in [
            Distribution::Uniform {
                min: SECOND,
                max: SimDuration::ZERO,
            },
            Distribution::Erlang {
                stages: 0,
                mean: SECOND,
            },
            Distribution::Empirical { values: Vec::new() },
        ] {
            assert!(
                bad.problem()
                    .is_some_and(|text| text.starts_with("expected")),
                "{bad:?}"
            );
        }
    }
}
